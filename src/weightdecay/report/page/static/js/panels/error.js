// Error against λ: where the rules stop, and what to hold it against.
const ROLES = { held_out: look(0), train: look(1), other: look(2) };

function errorFigure(view) {
  const { say, read } = view.speech;
  const { error } = view.page;
  let others = 0;
  return againstLambda(view, {
    name: "error",
    title: say("figure.error"),
    above: read(error.measure),
    curves: error.curves.map(({ name, role, band }) => ({
      label: read(name),
      band,
      look: role === "other" ? look(2 + others++) : ROLES[role],
      hollow: role !== "held_out",
    })),
    references: error.references,
    log: error.scale === "log",
    flags: true,
    notes: [read(error.over)],
  });
}
