// A legend in HTML, so that it wraps. An item: `label`, and of line, band, bar, shape what it shows.
function sample({ line: stroke, band, bar, shape, hollow, colour = "c0" }) {
  const parts = [];
  if (band) parts.push(s("rect", { x: 1, y: 2, width: 26, height: 10, class: `area ${colour}` }));
  if (bar) parts.push(s("path", { d: bars([14], [13], [1]), class: `bar ${colour}` }));
  if (stroke) parts.push(s("path", { d: "M1,7H27", class: `line ${stroke} ${colour}` }));
  if (shape)
    parts.push(
      s("path", { d: marked([[14, 7]], shape), class: `mark ${hollow ? "hollow" : ""} ${colour}` }),
    );
  return s("svg", { width: 28, height: 14, viewBox: "0 0 28 14", "aria-hidden": "true" }, parts);
}

function legend(items) {
  return h(
    "ul",
    { class: "legend" },
    items.map((item) => h("li", {}, sample(item), h("span", {}, item.label))),
  );
}
