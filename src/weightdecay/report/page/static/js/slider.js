// The λ in force: its value in both conventions, a slider with a stop for each trained λ, and
// buttons for the λs that matter.
function slider(view) {
  const { say, read } = view.speech;
  const { path } = view.page;
  const last = path.values.length - 1;
  const value = h("output", { class: "value", "aria-live": "off" });
  const other = h("span", { class: "other" });
  const names = h("span", { class: "names" });
  const input = h("input", {
    type: "range",
    min: 0,
    max: last,
    step: 1,
    value: view.index,
    "aria-label": say("slider"),
    "data-control": "slider",
    input: () => view.choose(Number(input.value)),
  });
  const jumps = jumpsTo(view).map(({ index, label }) => ({
    index,
    button: h(
      "button",
      { type: "button", "data-control": `jump-${index}`, click: () => view.choose(index) },
      label,
    ),
  }));
  const element = h(
    "div",
    { class: "lambda", role: "group", "aria-label": say("part.lambda") },
    h("div", { class: "reading" }, value, other, names),
    last > 0 ? h("div", { class: "track" }, input, stops(path.values)) : null,
    last > 0
      ? h(
          "div",
          { class: "jumps" },
          jumps.map(({ button }) => button),
        )
      : null,
  );
  const named = places(view);

  function update() {
    const at = path.values[view.index];
    value.textContent = `λ = ${number(at)}`;
    other.textContent = path.other
      ? say("lambda.other", { name: read(path.other.name), value: number(at * path.other.factor) })
      : read(path.name);
    names.textContent = (named.get(view.index) ?? [])
      .map((name) => say(`place.${name}`))
      .join(say("comma"));
    input.value = String(view.index);
    input.setAttribute("aria-valuetext", lambdaWords(view, view.index));
    for (const { index, button } of jumps)
      button.setAttribute("aria-pressed", String(index === view.index));
  }
  update();
  return { element, update };
}

function jumpsTo(view) {
  const { say } = view.speech;
  const named = new Map(
    [...places(view)].map(([index, names]) => [index, say(`jump.${names[names.length - 1]}`)]),
  );
  named.set(0, say("jump.zero"));
  return [...named].sort(([a], [b]) => a - b).map(([index, label]) => ({ index, label }));
}

// A tick for each stop; as many values as there is room for on a narrow screen.
function stops(values) {
  const last = values.length - 1;
  const stride = Math.max(1, Math.ceil(last / 6));
  const ticks = values.map((value, k) => {
    const labelled = k === 0 || (k % stride === 0 && last - k >= stride / 2) || k === last;
    const tick = h(
      "span",
      { class: labelled ? "stop labelled" : "stop" },
      labelled ? h("span", {}, number(value, 2)) : null,
    );
    tick.style.left = `${(100 * k) / last}%`;
    return tick;
  });
  return h("div", { class: "stops", "aria-hidden": "true" }, ticks);
}
