// Training at this λ: data loss and penalty are two numbers, and have two figures.
function trainingFigures(view) {
  const { say, read } = view.speech;
  const { training } = view.page;
  const { epoch } = training;
  const sets = [
    { label: say("legend.train"), values: training.train, line: "solid", colour: "c1" },
    training.test
      ? {
          label: training.test_name ? read(training.test_name) : say("legend.test"),
          values: training.test,
          line: "second",
          colour: "c0",
        }
      : null,
  ].filter(Boolean);
  const penalty = [
    { label: say("legend.penalty"), values: training.penalty, line: "solid", colour: "c3" },
  ];
  return [
    overEpochs(view, {
      name: "training",
      title: say("figure.training"),
      above: read(training.measure),
      epoch,
      curves: sets,
      over: read(training.over),
    }),
    overEpochs(view, {
      name: "penalty",
      title: say("figure.penalty"),
      above: say("axis.penalty"),
      epoch,
      curves: penalty,
      over: read(training.over),
    }),
  ];
}

function overEpochs(view, { name, title, above, epoch, curves, over }) {
  const { say } = view.speech;
  const all = curves.flatMap(({ values }) => values.flat()).filter((v) => v !== null);
  const seen = all.filter((v) => v > 0);
  const [low, high] = extent(seen);
  const log = seen.length > 0 && high / low > 20;
  const y = log ? positive(seen) : linear(0, (extent(all)[1] || 1) * 1.05);
  const nothing = (index) =>
    curves.every(({ values }) => values[index].every((v) => v === 0 || v === null));

  function drawn(width, height) {
    const area = plot({
      width,
      height,
      x: linear(Math.min(epoch[0], 0), epoch[epoch.length - 1] || 1),
      y,
    });
    const { inside, over: top, px, py, frame } = area;
    const xs = epoch.map(px);
    const lines = curves.map(({ line: stroke, colour }) =>
      draw(inside, "path", { class: `line ${stroke} ${colour}`, "data-line": name }),
    );
    const empty = draw(
      top,
      "text",
      {
        x: (frame.left + frame.right) / 2,
        y: (frame.top + frame.bottom) / 2,
        class: "tick middle",
      },
      say("note.zero_everywhere"),
    );
    const update = (index) => {
      lines.forEach((path, k) =>
        path.setAttribute("d", line(curves[k].values[index].map((v, e) => [xs[e], py(v)]))),
      );
      empty.setAttribute("visibility", nothing(index) ? "visible" : "hidden");
    };
    return { svg: area.svg, update };
  }

  const last = ({ label, values }, index) =>
    `${label}: ${number(values[index][values[index].length - 1])}`;
  return figure(view, {
    name,
    title,
    legend: curves,
    above: log ? say("axis.log", { name: above }) : above,
    below: say("axis.epoch"),
    notes: [over],
    shape: wide,
    draw: drawn,
    alternative: (index) =>
      say("alternative.training", {
        title,
        at: atLambda(view, index),
        ends: curves.map((curve) => last(curve, index)).join("; "),
      }),
    table: (index) => ({
      caption: `${title} ${atLambda(view, index)}`,
      columns: [say("axis.epoch"), ...curves.map(({ label }) => label)],
      rows: epoch.map((e, k) => [exact(e), ...curves.map(({ values }) => exact(values[index][k]))]),
    }),
  });
}
