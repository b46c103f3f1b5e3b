// Predicted against observed, with the line on which they are equal.
function fitScatter(view, shown) {
  const { say, read } = view.speech;
  const [low, high] = padded(extent(shown.observed));
  const [least, most] = extent(shown.predicted);
  const y = linear(
    Math.min(low, Math.max(least, low - (high - low) / 2)),
    Math.max(high, Math.min(most, high + (high - low) / 2)),
  );

  function drawn(width, height) {
    const area = plot({ width, height, x: linear(low, high), y });
    const { inside, px, py } = area;
    const xs = shown.observed.map(px);
    draw(inside, "path", {
      d: line([
        [px(low), py(low)],
        [px(high), py(high)],
      ]),
      class: "line truth ink",
    });
    const dots = draw(inside, "path", { class: "dots c0", "data-line": "predicted" });
    const update = (index) =>
      dots.setAttribute(
        "d",
        shown.predicted[index].map((v, k) => (v === null ? "" : `M${xy(xs[k], py(v))}h0`)).join(""),
      );
    return { svg: area.svg, update };
  }

  return figure(view, {
    name: "fit",
    title: say("figure.scatter", { target: shown.target }),
    legend: [
      { label: say("legend.row"), shape: "circle", colour: "c0" },
      { label: say("legend.identity"), line: "truth", colour: "ink" },
    ],
    above: say("axis.predicted", { target: shown.target }),
    below: say("axis.observed", { target: shown.target }),
    notes: [read(shown.about)],
    shape: (width) => Math.round(Math.min(Math.max(width * 0.66, 240), 400)),
    draw: drawn,
    alternative: (index) =>
      say("alternative.scatter", {
        target: shown.target,
        at: atLambda(view, index),
        count: shown.observed.length,
      }),
    table: (index) => ({
      caption: say("table.fit", { at: atLambda(view, index) }),
      columns: [
        say("axis.observed", { target: shown.target }),
        say("axis.predicted", { target: shown.target }),
      ],
      rows: shown.observed.map((v, k) => [exact(v), exact(shown.predicted[index][k])]),
    }),
  });
}
