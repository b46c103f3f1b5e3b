// Scales: `place` takes a value to 0 … 1, `ticks(count)` gives values, labels and their priority.

// The least and the largest of the numbers in lists of any depth.
function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  const look = (list) => {
    for (const value of list) {
      if (Array.isArray(value)) look(value);
      else if (Number.isFinite(value)) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  };
  look(values);
  return low > high ? [0, 1] : [low, high];
}

// Room around the values, so that nothing is drawn on the frame.
function padded([low, high], share = 0.05) {
  const room = (high - low || Math.abs(high) || 1) * share;
  return [low - room, high + room];
}

function niceStep(range, count) {
  const rough = range / Math.max(count, 1);
  const base = 10 ** Math.floor(Math.log10(rough));
  return base * [1, 2, 5, 10].find((factor) => factor * base >= rough * 0.999);
}

function linear(low, high, form) {
  const ticks = (count) => {
    const step = niceStep(high - low, count);
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const far = Math.max(Math.abs(low), Math.abs(high));
    const label =
      form ?? ((v) => (far >= 1e6 || decimals > 4 ? number(v) : signed(v.toFixed(decimals))));
    const made = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
      made.push({ value: k * step, label: k === 0 ? label(0) : label(k * step) });
    }
    return made;
  };
  return { low, high, place: (v) => (v - low) / (high - low), ticks };
}

// Decades; where fewer than two are inside, also 2 and 5 of each.
function logTicks(low, high, count) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const plain = first >= -3 && last <= 3;
  const label = (k, factor) => (plain || factor !== 1 ? number(factor * 10 ** k) : power(k));
  const made = [];
  const stride = Math.max(1, Math.ceil((last - first + 1) / Math.max(count, 1)));
  for (let k = first; k <= last; k += stride)
    made.push({ value: 10 ** k, label: label(k, 1), first: true });
  if (last - first < 1) {
    for (let k = first - 1; k <= last; k++) {
      for (const factor of [2, 5]) {
        const value = factor * 10 ** k;
        if (value >= low && value <= high) made.push({ value, label: label(k, factor) });
      }
    }
  }
  return made;
}

function logarithmic(low, high) {
  const start = Math.log10(low);
  const range = Math.log10(high) - start;
  const place = (v) => (v > 0 ? (Math.log10(v) - start) / range : NaN);
  return { low, high, place, ticks: (count) => logTicks(low, high, count) };
}

function positive(values) {
  const [low, high] = extent(values.filter((v) => v > 0));
  return high > low ? logarithmic(low / 1.15, high * 1.15) : logarithmic(low / 2, low * 2);
}

// Small shares stay visible beside large ones.
function squareRoot(high, form) {
  const marks = [0, 0.002, 0.01, 0.05, 0.1, 0.2, 0.5, 1];
  const ticks = () =>
    marks.filter((v) => v <= high * 1.001).map((v) => ({ value: v, label: form(v) }));
  return { low: 0, high, place: (v) => Math.sqrt(Math.max(v, 0) / high), ticks };
}

// About linear inside ± `inner`, logarithmic outside.
function asinhScale(low, high, inner) {
  const start = Math.asinh(low / inner);
  const range = Math.asinh(high / inner) - start;
  const ticks = () => {
    const made = [{ value: 0, label: "0", first: true }];
    const furthest = Math.max(Math.abs(low), Math.abs(high));
    for (let size = inner; size <= furthest * 1.001; size *= 10) {
      for (const value of [size, -size]) {
        if (value >= low && value <= high) made.push({ value, label: number(value) });
      }
    }
    return made;
  };
  return { low, high, place: (v) => (Math.asinh(v / inner) - start) / range, ticks };
}
