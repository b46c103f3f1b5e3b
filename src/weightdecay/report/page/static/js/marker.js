// The λ in force, in a plot over λ: a line that can be dragged, or put down with a click.
function marker(view, frame, px) {
  const handle = s(
    "g",
    { class: "handle" },
    s("path", { d: `M0,${frame.top}V${frame.bottom}` }),
    s("path", { class: "grip", d: `M0,${frame.bottom}m-5,8l5,-8l5,8z` }),
  );
  const surface = s("rect", {
    class: "surface",
    x: frame.left,
    y: frame.top,
    width: Math.max(frame.right - frame.left, 0),
    height: frame.bottom - frame.top + 26,
  });
  const places = view.page.path.values.map(px);
  const nearest = (event) => {
    const box = surface.ownerSVGElement.getBoundingClientRect();
    const scale = surface.ownerSVGElement.viewBox.baseVal.width / box.width;
    const at = (event.clientX - box.left) * scale;
    return places.reduce(
      (best, place, k) => (Math.abs(place - at) < Math.abs(places[best] - at) ? k : best),
      0,
    );
  };
  surface.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    surface.setPointerCapture(event.pointerId);
    view.choose(nearest(event));
  });
  surface.addEventListener("pointermove", (event) => {
    if (surface.hasPointerCapture(event.pointerId)) view.choose(nearest(event));
  });
  return {
    elements: [handle, surface],
    move: (index) => handle.setAttribute("transform", `translate(${places[index].toFixed(1)} 0)`),
  };
}
