// Numbers as a journal sets them: a true minus, powers of ten, no more digits than asked for.
const MINUS = "−";
const NOTHING = "–";
const EXACT = 8;

function superscript(exponent) {
  const digits = [...String(Math.abs(exponent))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
  return (exponent < 0 ? "⁻" : "") + digits.join("");
}

function signed(text) {
  return text.replace("-", MINUS);
}

// `digits` significant ones; those before the point are never rounded away.
function number(value, digits = 3) {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) {
    const [factor, exponent] = value.toExponential(digits - 1).split("e");
    const power = `10${superscript(Number(exponent))}`;
    const short = String(Number(factor));
    return short === "1" ? power : `${signed(short)}×${power}`;
  }
  const whole = size < 1 ? 1 : Math.floor(Math.log10(size)) + 1;
  return signed(String(Number(value.toPrecision(Math.max(digits, whole)))));
}

function exact(value) {
  return number(value, EXACT);
}

function percent(value, digits = 3) {
  return value === null ? NOTHING : `${number(100 * value, digits)}\u00a0%`;
}

// With a plus where it rises: for changes.
function change(value, form = number) {
  return value > 0 ? `+${form(value)}` : form(value);
}

function interval(low, high, form = number) {
  return low === null || high === null ? NOTHING : `[${form(low)},\u00a0${form(high)}]`;
}

function power(exponent) {
  return exponent === 0 ? "1" : `10${superscript(exponent)}`;
}
