// What became of each seed: its error at this λ and the two beside it, in the order of the seeds,
// so that one seed stands at one place in each column.
const FATES = {
  alive: { shape: "circle", colour: "c0" },
  flat: { shape: "square", colour: "c4", hollow: true },
  dead: { shape: "cross", colour: "c1" },
  diverged: { shape: "triangle", colour: "c3", hollow: true },
};

function seedsFigure(view) {
  const { say, read } = view.speech;
  const { seeds: part, path } = view.page;
  const present = Object.keys(FATES).filter((fate) =>
    part.status.some((row) => row.includes(fate)),
  );
  const all = part.error.flat().filter((v) => v !== null);
  const [low, high] = extent(all);
  const log = low > 0 && high / low > 20;
  const y = log ? positive(all) : linear(...padded([low, high]));
  const missing = part.error.some((row) => row.includes(null));
  const count = (index, fate) => part.status[index].filter((status) => status === fate).length;
  const counts = (index) =>
    present
      .filter((fate) => count(index, fate))
      .map((fate) => say(`fate.${fate}`, { count: count(index, fate) }))
      .join(say("comma"));
  const beside = (index) =>
    [index - 1, index, index + 1].filter((k) => k >= 0 && k < path.values.length);
  const columns = { low: 0, high: 3, place: (v) => v / 3, ticks: () => [] };

  function drawn(width, height) {
    const { svg, over, frame, px, py } = plot({
      width,
      height,
      x: columns,
      y,
      top: missing ? 34 : 22,
    });
    const group = draw(over, "g");
    const heads = draw(over, "g");
    draw(over, "path", {
      class: "grid",
      d: [1, 2].map((k) => `M${px(k).toFixed(1)},6V${frame.bottom}`).join(""),
    });
    const room = (frame.right - frame.left) / 3 - 24;
    const place = (column, k) => px(column) + 12 + (room * (k + 0.5)) / part.seeds.length;
    const update = (index) => {
      group.replaceChildren();
      heads.replaceChildren();
      for (const at of beside(index)) {
        const column = at - index + 1;
        for (const fate of present) {
          const points = part.error[at].flatMap((error, k) =>
            part.status[at][k] === fate
              ? [[place(column, k), error === null ? frame.top - 8 : py(error)]]
              : [],
          );
          const { shape, colour, hollow } = FATES[fate];
          draw(group, "path", {
            d: marked(points, shape),
            class: `mark seed ${hollow ? "hollow" : ""} ${colour} ${column === 1 ? "" : "faint"}`,
          });
        }
        draw(
          heads,
          "text",
          {
            x: px(column + 0.5).toFixed(1),
            y: 12,
            class: `tick middle ${column === 1 ? "strong" : ""}`,
          },
          `λ = ${number(path.values[at])}`,
        );
        draw(
          heads,
          "text",
          { x: px(column + 0.5).toFixed(1), y: frame.bottom + 19, class: "tick middle" },
          present.length > 1 ? `${count(at, "alive")} / ${part.seeds.length}` : "",
        );
      }
    };
    return { svg, update };
  }

  return figure(view, {
    name: "seeds",
    title: say("figure.seeds"),
    legend: present.map((fate) => ({ label: say(`legend.${fate}`), ...FATES[fate] })),
    above: log ? say("axis.log", { name: read(part.measure) }) : read(part.measure),
    below: say(present.length > 1 ? "axis.seeds_alive" : "axis.seeds"),
    notes: [read(part.about), ...(missing ? [say("note.no_error")] : [])],
    shape: wide,
    draw: drawn,
    alternative: (index) =>
      say("alternative.seeds", { at: atLambda(view, index), counts: counts(index) }),
    table: (index) => ({
      caption: say("table.seeds", { at: atLambda(view, index) }),
      columns: [
        say("seed_name"),
        ...beside(index).flatMap((k) => [
          say("table.error_at", { value: number(path.values[k]) }),
          say("table.status_at", { value: number(path.values[k]) }),
        ]),
      ],
      rows: part.seeds.map((seed, k) => [
        String(seed),
        ...beside(index).flatMap((at) => [
          exact(part.error[at][k]),
          say(`status.${part.status[at][k]}`),
        ]),
      ]),
    }),
  });
}

// How many of them came to nothing, over λ; null where all live at every λ.
function fatesFigure(view) {
  const { say } = view.speech;
  const { seeds: part, path } = view.page;
  const lost = Object.keys(FATES).filter(
    (fate) => fate !== "alive" && part.status.some((row) => row.includes(fate)),
  );
  if (!lost.length) return null;
  const none = path.values.map(() => null);
  return againstLambda(view, {
    name: "fates",
    title: say("figure.fates"),
    above: say("axis.fates", { count: part.seeds.length }),
    curves: lost.map((fate) => ({
      label: say(`legend.${fate}`),
      band: {
        estimate: part.status.map((row) => row.filter((status) => status === fate).length),
        low: none,
        high: none,
      },
      look: FATES[fate],
      hollow: FATES[fate].hollow,
    })),
    zero: true,
  });
}
