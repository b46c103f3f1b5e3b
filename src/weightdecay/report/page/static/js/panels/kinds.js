// Kinds of decay side by side, each at its own λ, and pair by pair.
function kindsFigures(view) {
  const { say, read } = view.speech;
  const { kinds } = view.page;
  const title = say(kinds.title ? "figure.each" : "figure.kinds");
  const each = kinds.each ? read(kinds.each) : say("kind");
  const rows = kinds.kinds.map((kind) => ({
    label: read(kind.name),
    detail: `${number(kind.error)} (λ = ${number(kind.choice)})`,
    value: kind.error,
    low: kind.low,
    high: kind.high,
    note: kind.note ? read(kind.note) : "",
  }));
  const pairs = kinds.pairs.map((pair) => ({
    label: say("pair", { first: read(pair.first), second: read(pair.second) }),
    detail: read(pair.verdict),
    value: pair.change,
    low: pair.low,
    high: pair.high,
  }));
  const first = dotRows(view, {
    name: "kinds",
    title,
    above: read(kinds.measure),
    rows,
    form: number,
    notes: [read(kinds.over)],
    table: () => ({
      caption: title,
      columns: [each, "λ", read(kinds.measure), say("low"), say("high"), say("remark")],
      rows: kinds.kinds.map((kind, k) => [
        rows[k].label,
        exact(kind.choice),
        exact(kind.error),
        exact(kind.low),
        exact(kind.high),
        rows[k].note,
      ]),
    }),
  });
  if (!pairs.length) return [first];
  const second = dotRows(view, {
    name: "pairs",
    title: say("figure.pairs"),
    above: kinds.pairs_measure
      ? say("axis.change_of", { measure: read(kinds.pairs_measure) })
      : say("axis.change"),
    rows: pairs,
    form: percent,
    zero: true,
    notes: kinds.pairs_about ? [read(kinds.pairs_about)] : [],
    table: () => ({
      caption: say("figure.pairs"),
      columns: [say("pairs"), say("change"), say("low"), say("high"), say("verdict")],
      rows: kinds.pairs.map((pair, k) => [
        pairs[k].label,
        exact(pair.change),
        exact(pair.low),
        exact(pair.high),
        pairs[k].detail,
      ]),
    }),
  });
  return [first, second];
}

// Rows of an estimate with its interval; a name over each, so that names of any length have room.
function dotRows(view, { name, title, above, rows, form, zero = false, notes, table: tabled }) {
  const { say } = view.speech;
  const [low, high] = extent([
    ...rows.flatMap((row) => [row.value, row.low, row.high]),
    ...(zero ? [0] : []),
  ]);
  const scale = linear(...padded([low, high], 0.06), zero ? (v) => percent(v) : undefined);
  const step = 44;

  function drawn(width, height) {
    const y = { place: (k) => 1 - (k + 0.5) / rows.length, ticks: () => [{ value: 0, label: "" }] };
    const { svg, inside, over, frame, px, py } = plot({ width, height, x: scale, y, top: 4 });
    rows.forEach((row, k) => {
      const at = py(k) + 10;
      draw(
        over,
        "text",
        { x: frame.left, y: (at - 16).toFixed(1), class: "tick strong" },
        fitted(row.label, (frame.right - frame.left) * 0.6),
      );
      draw(
        over,
        "text",
        { x: frame.right, y: (at - 16).toFixed(1), class: "tick end" },
        fitted(row.detail, (frame.right - frame.left) * 0.4),
      );
      draw(inside, "path", { d: `M${frame.left},${at.toFixed(1)}H${frame.right}`, class: "grid" });
      if (zero)
        draw(inside, "path", {
          d: `M${px(0).toFixed(1)},${(at - 9).toFixed(1)}v18`,
          class: "line ink",
        });
      draw(inside, "path", {
        d: sideways(px(row.low ?? NaN), px(row.high ?? NaN), at),
        class: "bar c0 thick",
      });
      if (row.value !== null)
        draw(inside, "path", { d: marked([[px(row.value), at]], "circle"), class: "mark c0" });
    });
    return { svg };
  }

  return figure(view, {
    name,
    title,
    above,
    notes: [...notes, ...rows.filter((row) => row.note).map((row) => `${row.label}: ${row.note}`)],
    shape: () => rows.length * step + 34,
    draw: drawn,
    alternative: () =>
      `${title}. ${rows.map((row) => `${row.label}: ${form(row.value)} ${interval(row.low, row.high, form)} ${row.detail}`).join("; ")}`,
    table: tabled,
    still: true,
  });
}
