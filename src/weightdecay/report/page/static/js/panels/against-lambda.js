// Curves over λ with their intervals: of errors, of norms, of counts.
//
// Networks were trained at the marks only, so the lines between them are dashed; across the break
// between 0 and the smallest λ there is none. A curve: `label`, `band`, `look`, `hollow`.
const DODGE = 3; // pixels between curves at the same λ, so that their bars do not cover each other

function againstLambda(
  view,
  {
    name,
    title,
    above,
    curves,
    references = [],
    log = false,
    zero = false,
    flags = false,
    notes = [],
  },
) {
  const { say, read } = view.speech;
  const { values, name: lambda } = view.page.path;
  const named = flags ? places(view) : new Map();
  const domain = rangeOf(curves, references, log, zero);
  const between = curves.length && values.length > 2;

  const items = [
    ...curves.map(({ label, look: { colour, shape }, hollow, band }) => ({
      label,
      colour,
      shape,
      hollow,
      bar: band.low.some((low) => low !== null),
    })),
    ...references.map(({ name: label }, k) => ({
      label: read(label),
      line: `reference r${k % 3}`,
      colour: "ink",
    })),
  ];
  if (between)
    items.push({ label: say("legend.interpolated"), line: "interpolated", colour: "ink" });

  function shown(width, height) {
    const x = lambdaScale(values);
    const area = plot({ width, height, x, y: domain.scale, top: named.size ? 44 : 14 });
    const { px, py, frame, inside, over } = area;
    const xs = values.map(px);
    const beside = (k) => DODGE * (k - (curves.length - 1) / 2);
    references.forEach(({ value }, k) =>
      draw(inside, "path", {
        d: `M${frame.left},${py(value)}H${frame.right}`,
        class: `line reference r${k % 3} ink`,
      }),
    );
    if (named.size) flagged(say, over, frame, xs, named, values.length);
    const rings = curves.map(({ band, look: { colour, shape }, hollow }, place) => {
      const aside = xs.map((at) => at + beside(place));
      const points = aside.map((at, k) => [at, py(band.estimate[k])]);
      draw(inside, "path", {
        d: bars(aside, band.low.map(py), band.high.map(py)),
        class: `bar ${colour}`,
      });
      draw(inside, "path", { d: line(points.slice(1)), class: `line interpolated ${colour}` });
      draw(inside, "path", {
        d: marked(points, shape),
        class: `mark ${hollow ? "hollow" : ""} ${colour}`,
      });
      return [draw(over, "circle", { r: 7, class: `ring ${colour}` }), points];
    });
    const { elements, move } = marker(view, frame, px);
    over.append(...elements);
    const update = (index) => {
      move(index);
      for (const [ring, points] of rings) {
        const [at, y] = points[index];
        const seen = Number.isFinite(y) && y >= frame.top - 4 && y <= frame.bottom + 4;
        ring.setAttribute("visibility", seen ? "visible" : "hidden");
        if (seen) ring.setAttribute("transform", `translate(${xy(at, y).replace(",", " ")})`);
      }
    };
    return { svg: area.svg, update };
  }

  const reading = ({ label, band }, index) =>
    `${label}: ${number(band.estimate[index])} ${band.low[index] === null ? "" : interval(band.low[index], band.high[index])}`.trim();
  return figure(view, {
    name,
    title,
    above,
    below: read(lambda),
    legend: items,
    notes: [...(domain.cut ? [say("note.cut")] : []), ...notes],
    shape: wide,
    draw: shown,
    alternative: (index) =>
      `${title}. ${lambdaWords(view, index)}. ${curves.map((curve) => reading(curve, index)).join("; ")}`,
    table: () => ({
      caption: title,
      columns: [
        read(lambda),
        ...curves.flatMap(({ label, band }) =>
          band.low.some((low) => low !== null) ? [label, say("low"), say("high")] : [label],
        ),
        ...references.map(({ name: label }) => read(label)),
        ...(named.size ? [say("lambda.marked")] : []),
      ],
      rows: values.map((value, k) => [
        exact(value),
        ...curves.flatMap(({ band }) =>
          (band.low.some((low) => low !== null)
            ? [band.estimate[k], band.low[k], band.high[k]]
            : [band.estimate[k]]
          ).map(exact),
        ),
        ...references.map((reference) => exact(reference.value)),
        ...(named.size
          ? [(named.get(k) ?? []).map((place) => say(`place.${place}`)).join(say("comma"))]
          : []),
      ]),
    }),
    still: true,
  });
}

// What the frame spans: all estimates, and of the intervals what does not dwarf them.
function rangeOf(curves, references, log, zero) {
  const estimates = [
    ...curves.flatMap(({ band }) => band.estimate),
    ...references.map(({ value }) => value),
  ];
  const ends = curves.flatMap(({ band }) => [...band.low, ...band.high]);
  if (log && estimates.some((v) => v > 0))
    return { scale: positive([...estimates, ...ends]), cut: false };
  const [low, high] = extent(estimates);
  const [least, most] = extent([...estimates, ...ends]);
  const room = 0.6 * (high - low || Math.abs(high) || 1);
  const bottom = Math.max(least, low - room);
  const top = Math.min(most, high + room);
  const [start, end] = padded([bottom, top]);
  return {
    scale: linear(zero || (low >= 0 && start < 0.25 * end) ? Math.min(0, bottom) : start, end),
    cut: least < bottom || most > top,
  };
}

// Names of the λs that matter over the frame, in rows where they would touch.
function flagged(say, over, frame, xs, named, count) {
  const rows = [];
  for (const [index, names] of [...named].sort(([a], [b]) => a - b)) {
    const label = names.map((name) => say(`flag.${name}`)).join(" = ");
    const half = [...label].reduce((sum, letter) => sum + (letter > "\u2e80" ? 12 : 6.4), 0) / 2;
    const at = Math.min(Math.max(xs[index], frame.left + half), frame.right - half);
    let row = rows.findIndex((end) => at - half > end + 8);
    if (row < 0) row = rows.push(0) - 1;
    rows[row] = at + half;
    const y = 12 + 15 * Math.min(row, 1);
    draw(over, "path", {
      d: `M${xs[index].toFixed(1)},${y + 4}V${frame.bottom}`,
      class: `flag ${names.includes("chosen") ? "chosen" : ""}`,
    });
    draw(over, "text", { x: at.toFixed(1), y, class: "tick middle" }, label);
  }
}
