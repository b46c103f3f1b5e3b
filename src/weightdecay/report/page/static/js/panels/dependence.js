// What the prediction depends on, column by column, all to one scale.
function dependence(view, fit) {
  const { say, read } = view.speech;
  const columns = fit.dependence;
  const groups = new Map(); // the same scale for the same class
  for (const part of columns) groups.set(part.of, [...(groups.get(part.of) ?? []), part]);
  const scales = new Map([...groups].map(([of, parts]) => [of, dependenceScale(parts)]));
  const body = h("div", { class: "canvas small-multiples" });
  let width = 0;
  let drawn = [];

  const titled = ({ column, of }) => (of ? say("figure.dependence_of", { column, of }) : column);
  const rows = (index) =>
    columns.flatMap((part) =>
      (part.at ?? part.levels).map((at, k) => [
        titled(part),
        typeof at === "number" ? exact(at) : at,
        exact(part.mean[index][k]),
        exact(part.low[index][k]),
        exact(part.high[index][k]),
      ]),
    );
  const numbers = h(
    "details",
    { class: "numbers", toggle: refresh },
    h("summary", {}, say("numbers", { figure: say("figure.dependence") })),
  );
  let tabled = null;

  function refresh() {
    if (!numbers.open || tabled === view.index) return;
    tabled = view.index;
    numbers.replaceChildren(
      numbers.firstChild,
      table({
        caption: say("table.dependence", { at: atLambda(view, view.index) }),
        columns: [say("column"), say("value"), say("mean"), say("low"), say("high")],
        rows: rows(view.index),
      }),
    );
  }

  const cells = columns.map((part) => {
    const canvas = h("div");
    body.append(
      h(
        "div",
        { class: "cell" },
        h("div", { class: "cell-title", title: titled(part) }, titled(part)),
        canvas,
      ),
    );
    return canvas;
  });

  function update() {
    drawn.forEach(({ svg, update: change }, k) => {
      change(view.index);
      const [low, high] = extent(columns[k].mean[view.index]);
      svg.setAttribute(
        "aria-label",
        say("alternative.dependence", {
          column: titled(columns[k]),
          at: atLambda(view, view.index),
          low: number(low),
          high: number(high),
        }),
      );
    });
    refresh();
  }

  function resize() {
    const room = Math.floor(cells[0].clientWidth);
    if (room === width || room < 40) return;
    width = room;
    drawn = columns.map((part, k) => {
      const made = part.at
        ? dependenceLine(part, scales.get(part.of), width)
        : dependenceLevels(part, scales.get(part.of), width);
      made.svg.setAttribute("role", "img");
      cells[k].replaceChildren(made.svg);
      return made;
    });
    update();
  }

  const element = h(
    "figure",
    { "data-figure": "dependence" },
    h("figcaption", {}, say("figure.dependence")),
    legend([
      { label: say("legend.dependence"), line: "solid", colour: "c0" },
      { label: say("legend.dependence_band"), band: true, colour: "c0" },
    ]),
    body,
    fit.dependence_about ? h("p", { class: "note" }, read(fit.dependence_about)) : null,
    numbers,
  );
  return {
    element,
    update,
    resize,
    open: (wanted) => ((numbers.open = wanted), refresh()),
    opened: () => numbers.open,
  };
}

function dependenceScale(parts) {
  const [low, high] = extent(parts.map(({ mean }) => mean));
  const [least, most] = extent(parts.map(({ low: lows, high: highs }) => [lows, highs]));
  const room = 0.3 * (high - low || 1);
  return padded([
    Math.max(Math.min(least, low), low - room),
    Math.min(Math.max(most, high), high + room),
  ]);
}

function dependenceLine(part, range, width) {
  const x = linear(...padded(extent(part.at), 0.02));
  const { svg, inside, px, py } = plot({ width, height: 150, x, y: linear(...range) });
  const xs = part.at.map(px);
  const band = draw(inside, "path", { class: "area c0" });
  const mean = draw(inside, "path", { class: "line c0" });
  return {
    svg,
    update(index) {
      band.setAttribute("d", between(xs, part.low[index].map(py), part.high[index].map(py)));
      mean.setAttribute("d", line(part.mean[index].map((v, k) => [xs[k], py(v)])));
    },
  };
}

// Categories have no order: names down the side, the prediction along x.
function dependenceLevels(part, range, width) {
  const room = Math.min(Math.max(...part.levels.map((name) => textWidth(name))) + 12, width * 0.42);
  const step = 19;
  const height = Math.max(150, part.levels.length * step + 40);
  const y = {
    place: (k) => 1 - (k + 0.5) / part.levels.length,
    ticks: () => [{ value: 0, label: "" }],
  };
  const { svg, inside, over, frame, px, py } = plot({
    width: width - room,
    height,
    x: linear(...range),
    y,
    right: 10,
  });
  svg.setAttribute("viewBox", `${-room} 0 ${width} ${height}`);
  svg.setAttribute("width", width);
  part.levels.forEach((name, k) => {
    draw(
      over,
      "text",
      { x: 6, y: (py(k) + 4).toFixed(1), class: "tick end" },
      fitted(name, room - 8),
    );
    draw(inside, "path", { d: `M${frame.left},${py(k).toFixed(1)}H${frame.right}`, class: "grid" });
  });
  const spans = draw(inside, "path", { class: "bar c0" });
  const marks = draw(inside, "path", { class: "mark c0" });
  return {
    svg,
    update(index) {
      spans.setAttribute(
        "d",
        part.levels
          .map((_, k) =>
            sideways(px(part.low[index][k] ?? NaN), px(part.high[index][k] ?? NaN), py(k)),
          )
          .join(""),
      );
      marks.setAttribute(
        "d",
        marked(
          part.levels.map((_, k) => [
            part.mean[index][k] === null ? NaN : px(part.mean[index][k]),
            py(k),
          ]),
          "circle",
        ),
      );
    },
  };
}

function sideways(low, high, y) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "";
  return `M${xy(low, y - 3)}v6M${xy(low, y)}H${high.toFixed(1)}m0,-3v6`;
}
