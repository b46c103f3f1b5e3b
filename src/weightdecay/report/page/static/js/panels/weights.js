// The distribution of the decayed weights; without decay it stays behind as an outline.
function weightsFigure(view) {
  const { say } = view.speech;
  const { edges, linear: inner, share } = view.page.norms.weights;
  const [, most] = extent(share);
  const x = asinhScale(edges[0], edges[edges.length - 1], inner);
  const y = squareRoot(Math.min(1, most * 1.05), (v) => percent(v));

  function drawn(width, height) {
    const area = plot({ width, height, x, y });
    const { inside, px, py, frame } = area;
    const xs = edges.map(px);
    const steps = (shares) =>
      `M${xy(xs[0], frame.bottom)}${shares.map((v, k) => `V${(v === null ? frame.bottom : py(v)).toFixed(1)}H${xs[k + 1].toFixed(1)}`).join("")}V${frame.bottom}`;
    const filled = draw(inside, "path", { class: "histogram c0", "data-line": "weights" });
    draw(inside, "path", { d: steps(share[0]), class: "line outline ink" });
    return { svg: area.svg, update: (index) => filled.setAttribute("d", steps(share[index])) };
  }

  const largest = (index) => {
    const k = share[index].indexOf(Math.max(...share[index]));
    return { share: percent(share[index][k]), low: number(edges[k]), high: number(edges[k + 1]) };
  };
  return figure(view, {
    name: "weights",
    title: say("figure.weights"),
    legend: [
      { label: say("legend.weights"), band: true, colour: "c0" },
      {
        label: say("legend.weights_zero", { at: atLambda(view, 0) }),
        line: "outline",
        colour: "ink",
      },
    ],
    above: say("axis.share"),
    below: say("axis.weight"),
    notes: [say("note.weights", { linear: number(inner) })],
    shape: wide,
    draw: drawn,
    alternative: (index) =>
      say("alternative.weights", { at: atLambda(view, index), ...largest(index) }),
    table: (index) => ({
      caption: say("table.weights", { at: atLambda(view, index) }),
      columns: [say("from"), say("to"), say("share")],
      rows: share[index].map((v, k) => [exact(edges[k]), exact(edges[k + 1]), exact(v)]),
    }),
  });
}
