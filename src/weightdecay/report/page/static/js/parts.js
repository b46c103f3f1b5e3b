// The parts of the page in their order. A part makes figures; the first ones are made at once.
function parts(view) {
  const { page } = view;
  const { say, read } = view.speech;
  const made = [];
  const add = (title, ...makers) => made.push({ title, makers });
  if (page.fit || page.error) {
    add(
      say(page.fit && page.error ? "part.effect" : page.fit ? "part.fit" : "part.error"),
      ...[page.fit && (() => [fitFigure(view)]), page.error && (() => [errorFigure(view)])].filter(
        Boolean,
      ),
    );
  }
  if (page.fit?.dependence.length) add(say("part.dependence"), () => [dependence(view, page.fit)]);
  if (page.norms)
    add(
      say("part.norms"),
      ...[() => normsFigures(view), page.norms.weights && (() => [weightsFigure(view)])].filter(
        Boolean,
      ),
    );
  if (page.training) add(say("part.training"), () => trainingFigures(view));
  if (page.seeds)
    add(say("part.seeds"), () => [seedsFigure(view), fatesFigure(view)].filter(Boolean));
  if (page.kinds)
    add(page.kinds.title ? read(page.kinds.title) : say("part.kinds"), () => kindsFigures(view));
  return made;
}

function fitFigure(view) {
  const { shown } = view.page.fit;
  return { curve: fitCurve, scatter: fitScatter, confusion: fitConfusion }[shown.kind](view, shown);
}
