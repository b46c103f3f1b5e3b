// A function of one variable: data, truth, the mean with its band, and single networks.
function fitCurve(view, shown) {
  const { say, read } = view.speech;
  const y = curveRange(shown);
  const seeds = shown.seeds.join(say("comma"));
  const items = [
    { label: say("legend.data"), shape: "circle", hollow: true, colour: "ink" },
    shown.truth
      ? {
          label: shown.truth_name ? read(shown.truth_name) : say("legend.truth"),
          line: "truth",
          colour: "ink",
        }
      : null,
    { label: read(shown.mean_name), line: "solid", colour: "c0" },
    { label: read(shown.band), band: true, colour: "c0" },
    shown.lines.length
      ? { label: say("legend.seeds", { seeds }), line: "single", colour: "c1" }
      : null,
  ].filter(Boolean);

  function drawn(width, height) {
    const x = linear(...padded(extent(shown.x), 0.02));
    const area = plot({ width, height, x, y });
    const { inside, px, py } = area;
    const xs = shown.x.map(px);
    const over = (values) => values.map((v, k) => [xs[k], py(v)]);
    const band = draw(inside, "path", { class: "area c0" });
    const singles = shown.lines.map(() => draw(inside, "path", { class: "line single c1" }));
    if (shown.truth) draw(inside, "path", { d: line(over(shown.truth)), class: "line truth ink" });
    const mean = draw(inside, "path", { class: "line c0", "data-line": "mean" });
    draw(inside, "path", {
      d: marked(
        shown.data_x.map((v, k) => [px(v), py(shown.data_y[k])]),
        "circle",
      ),
      class: "mark hollow data ink",
    });
    const update = (index) => {
      band.setAttribute("d", between(xs, shown.low[index].map(py), shown.high[index].map(py)));
      mean.setAttribute("d", line(over(shown.mean[index])));
      singles.forEach((single, k) => single.setAttribute("d", line(over(shown.lines[k][index]))));
    };
    return { svg: area.svg, update };
  }

  return figure(view, {
    name: "fit",
    title: say("figure.fit"),
    legend: items,
    above: read(shown.y_name),
    below: read(shown.x_name),
    notes: [say("note.cut_fit")],
    shape: (width) => Math.round(Math.min(Math.max(width * 0.66, 240), 400)),
    draw: drawn,
    alternative: (index) => {
      const [low, high] = extent(shown.mean[index]);
      return say("alternative.curve", {
        mean: read(shown.mean_name),
        x: read(shown.x_name),
        y: read(shown.y_name),
        at: atLambda(view, index),
        low: number(low),
        high: number(high),
      });
    },
    table: (index) => [
      {
        caption: say("table.fit", { at: atLambda(view, index) }),
        columns: [
          read(shown.x_name),
          ...(shown.truth ? [shown.truth_name ? read(shown.truth_name) : say("legend.truth")] : []),
          read(shown.mean_name),
          say("low"),
          say("high"),
        ],
        rows: shown.x.map((x, k) =>
          [
            x,
            ...(shown.truth ? [shown.truth[k]] : []),
            shown.mean[index][k],
            shown.low[index][k],
            shown.high[index][k],
          ].map(exact),
        ),
      },
      ...(shown.lines.length
        ? [
            {
              caption: say("table.seeds", { at: atLambda(view, index) }),
              columns: [read(shown.x_name), ...shown.seeds.map((seed) => say("seed", { seed }))],
              rows: shown.x.map((x, k) =>
                [x, ...shown.lines.map((lines) => lines[index][k])].map(exact),
              ),
            },
          ]
        : []),
      {
        caption: say("legend.data"),
        columns: [read(shown.x_name), read(shown.y_name)],
        rows: shown.data_x.map((x, k) => [exact(x), exact(shown.data_y[k])]),
      },
    ],
  });
}

// The same frame at every λ, so that what moves is the fit; networks far outside are cut off.
function curveRange(shown) {
  const [low, high] = extent([...shown.data_y, ...(shown.truth ?? [])]);
  const [least, most] = extent([shown.mean, shown.low, shown.high]);
  const room = 0.5 * (high - low || 1);
  const bottom = Math.max(Math.min(least, low), low - room);
  const top = Math.min(Math.max(most, high), high + room);
  return linear(...padded([bottom, top]));
}
