// A figure: title, legend, drawing, and a table of its numbers that is built when it is opened.
//
// A specification has `name`, `title`, `legend`, `above` and `below` (what the axes show), `notes`,
// `shape(width)` (its height), `draw(width, height)` → { svg, update(index) }, `alternative(index)`
// for those who do not see it, and `table(index)`; `still` if it is the same at every λ.
function figure(view, spec) {
  const { say } = view.speech;
  const canvas = h("div", { class: "canvas" });
  const numbers = h(
    "details",
    { class: "numbers", toggle: () => refresh() },
    h("summary", {}, say("numbers", { figure: spec.title })),
  );
  const element = h(
    "figure",
    { "data-figure": spec.name },
    h("figcaption", {}, spec.title),
    spec.legend ? legend(spec.legend) : null,
    spec.above ? h("div", { class: "above" }, spec.above) : null,
    canvas,
    spec.below ? h("div", { class: "below" }, spec.below) : null,
    (spec.notes ?? []).map((note) => h("p", { class: "note" }, note)),
    numbers,
  );
  let drawn = null;
  let width = 0;
  let tabled = null;

  function refresh() {
    const index = spec.still ? 0 : view.index;
    if (!numbers.open || tabled === index) return;
    tabled = index;
    const scrolled = numbers.querySelector(".scroll")?.scrollTop;
    numbers.replaceChildren(numbers.firstChild, ...[spec.table(index)].flat().map(table));
    if (scrolled) numbers.querySelector(".scroll").scrollTop = scrolled;
  }

  function update() {
    if (!drawn) return;
    drawn.update?.(view.index);
    drawn.svg.setAttribute("aria-label", spec.alternative(view.index));
    refresh();
  }

  // Again at each width: text keeps its size, and only the room for lines changes.
  function resize() {
    const room = Math.floor(canvas.clientWidth);
    if (room === width || room < 40) return;
    width = room;
    drawn = spec.draw(width, spec.shape(width));
    drawn.svg.setAttribute("role", "img");
    canvas.replaceChildren(drawn.svg);
    update();
  }

  return {
    element,
    update,
    resize,
    open: (wanted) => ((numbers.open = wanted), refresh()),
    opened: () => numbers.open,
  };
}

function wide(width) {
  return Math.round(Math.min(Math.max(width * 0.62, 220), 360));
}
