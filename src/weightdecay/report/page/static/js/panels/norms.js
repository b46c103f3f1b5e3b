// The norm of each tensor against λ: those that decay, and those that do not, in frames of their own.
function normsFigures(view) {
  const { say, read } = view.speech;
  const { norms } = view.page;
  const made = (name, decayed) => {
    const layers = norms.layers.filter((layer) => layer.decayed === decayed);
    if (!layers.length) return [];
    return againstLambda(view, {
      name,
      title: say(`figure.${name}`),
      above: say("axis.norm"),
      curves: layers.map((layer, k) => ({
        label: layer.name,
        band: layer.norm,
        look: look(k),
        hollow: !decayed,
      })),
      zero: true,
      notes: [read(norms.over)],
    });
  };
  return [made("norms", true), made("free_norms", false)].flat();
}
