// A frame with axes. `px` and `py` take values to pixels; `inside` is clipped to the frame.
const LETTER = 6.6; // width of a digit of a tick label, in pixels
let clips = 0;

// Ticks whose labels would touch give way to those that come first.
function withoutCollisions(ticks, position, width, gap) {
  const kept = [];
  for (const tick of [...ticks].sort((a, b) => Number(b.first ?? 0) - Number(a.first ?? 0))) {
    const at = position(tick.value);
    const half = width(tick) / 2;
    if (kept.every((other) => Math.abs(at - other.at) >= half + other.half + gap))
      kept.push({ ...tick, at, half });
  }
  return kept;
}

function plot({ width, height, x, y, top = 10, right = 14 }) {
  const yTicks = y.ticks(Math.max(2, Math.floor(height / 48)));
  const left = 14 + LETTER * Math.max(...yTicks.map((tick) => [...tick.label].length), 1);
  const frame = { left, right: width - right, top, bottom: height - 26 };
  const px = (v) => frame.left + x.place(v) * (frame.right - frame.left);
  const py = (v) => (v === null ? NaN : frame.bottom - y.place(v) * (frame.bottom - frame.top));
  const xTicks = withoutCollisions(
    x.ticks(Math.max(2, Math.floor((frame.right - frame.left) / 70))),
    px,
    (tick) => LETTER * [...tick.label].length,
    8,
  );
  const yKept = withoutCollisions(yTicks, py, () => 12, 1);
  const grid = s("path", {
    class: "grid",
    d: yKept.map((tick) => `M${frame.left},${tick.at.toFixed(1)}H${frame.right}`).join(""),
  });
  const axis = s("path", {
    class: "axis",
    d: `M${frame.left},${frame.bottom}H${frame.right}${xTicks.map((tick) => `M${tick.at.toFixed(1)},${frame.bottom}v5`).join("")}`,
  });
  const labels = [
    ...xTicks.map((tick) =>
      s("text", { x: tick.at.toFixed(1), y: frame.bottom + 19, class: "tick middle" }, tick.label),
    ),
    ...yKept.map((tick) =>
      s("text", { x: frame.left - 8, y: (tick.at + 4).toFixed(1), class: "tick end" }, tick.label),
    ),
  ];
  const id = `clip${++clips}`;
  const box = s("rect", {
    x: frame.left,
    y: frame.top - 4,
    width: Math.max(frame.right - frame.left, 0),
    height: Math.max(frame.bottom - frame.top + 8, 0),
  });
  const inside = s("g", { "clip-path": `url(#${id})` });
  const over = s("g");
  const svg = s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height },
    s("clipPath", { id }, box),
    grid,
    inside,
    axis,
    labels,
    over,
  );
  if (x.broken !== null && x.broken !== undefined) {
    const at = frame.left + x.broken * (frame.right - frame.left);
    axis.after(
      s("path", { class: "gap", d: `M${at - 4},${frame.bottom}h8` }),
      s("path", { class: "axis", d: `M${at - 6},${frame.bottom + 5}l4,-10m4,10l4,-10` }),
    );
  }
  return { svg, inside, over, frame, px, py };
}

// An element added to a plot and returned, to be moved later.
function draw(group, tag, attributes, ...children) {
  const element = s(tag, attributes, ...children);
  group.append(element);
  return element;
}
