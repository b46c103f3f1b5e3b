// What tells series apart: a colour, and always a shape as well.
const SHAPES = {
  circle: "m-3.2,0a3.2,3.2 0 1,0 6.4,0a3.2,3.2 0 1,0 -6.4,0z",
  triangle: "m0,-4.2l4,7h-8z",
  square: "m-3,-3h6v6h-6z",
  diamond: "m0,-4.4l4.4,4.4l-4.4,4.4l-4.4,-4.4z",
  cross: "m-3,-3l6,6m0,-6l-6,6",
  plus: "m-4,0h8m-4,-4v8",
};
const NAMES = Object.keys(SHAPES);

function look(place) {
  return { colour: `c${place % 7}`, shape: NAMES[place % NAMES.length] };
}

// To a tenth of a pixel; several times as fast as toFixed.
function tenth(v) {
  return Math.round(v * 10) / 10;
}

function xy(x, y) {
  return `${tenth(x)},${tenth(y)}`;
}

// One path with a mark at each of the points that exist.
function marked(points, shape) {
  return points
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
    .map(([x, y]) => `M${xy(x, y)}${SHAPES[shape]}`)
    .join("");
}

// A line through points, interrupted where one is missing.
function line(points) {
  let path = "";
  let open = false;
  for (const [x, y] of points) {
    const there = Number.isFinite(y) && Number.isFinite(x);
    if (there) path += `${open ? "L" : "M"}${xy(x, y)}`;
    open = there;
  }
  return path;
}

// The surface between two lines over the same x, in as many pieces as there are gaps.
function between(xs, lows, highs) {
  let path = "";
  let piece = [];
  const close = () => {
    if (piece.length > 1) {
      const back = [...piece].reverse();
      path += `${line(piece.map(([x, low]) => [x, low]))}${line(back.map(([x, , high]) => [x, high])).replace("M", "L")}Z`;
    }
    piece = [];
  };
  xs.forEach((x, k) => {
    if (Number.isFinite(lows[k]) && Number.isFinite(highs[k])) piece.push([x, lows[k], highs[k]]);
    else close();
  });
  close();
  return path;
}

// Bars from low to high, a cap at each end.
function bars(xs, lows, highs, cap = 2.5) {
  return xs
    .map((x, k) => {
      if (!Number.isFinite(lows[k]) || !Number.isFinite(highs[k])) return "";
      return `M${xy(x - cap, lows[k])}h${2 * cap}M${xy(x, lows[k])}V${highs[k].toFixed(1)}m${-cap},0h${2 * cap}`;
    })
    .join("");
}
