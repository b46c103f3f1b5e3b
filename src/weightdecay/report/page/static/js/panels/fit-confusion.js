// How many rows of each class were taken for which: a table already, shaded by the share of its row.
function fitConfusion(view, shown) {
  const { say, read } = view.speech;
  const { classes, target } = shown;
  const cells = classes.map(() => classes.map(() => h("td")));
  const rate = h("p", { class: "reading" });
  const grid = h(
    "div",
    {
      class: "scroll",
      tabindex: 0,
      role: "group",
      "aria-label": say("figure.confusion", { target }),
    },
    h(
      "table",
      { class: "confusion" },
      h("caption", { class: "hidden" }, say("table.confusion")),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("td", { class: "corner" }, say("axis.corner")),
          classes.map((name) => h("th", { scope: "col" }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        classes.map((name, row) => h("tr", {}, h("th", { scope: "row" }, name), cells[row])),
      ),
    ),
  );
  const element = h(
    "figure",
    { "data-figure": "fit" },
    h("figcaption", {}, say("figure.confusion", { target })),
    rate,
    grid,
    h("p", { class: "note" }, say("note.confusion")),
    h("p", { class: "note" }, read(shown.about)),
  );

  function update() {
    const counts = shown.counts[view.index];
    let right = 0;
    let all = 0;
    counts.forEach((row, i) => {
      const sum = row.reduce((a, b) => a + b, 0);
      all += sum;
      right += row[i];
      row.forEach((count, j) => {
        cells[i][j].textContent = String(count);
        cells[i][j].className = i === j ? "right" : "";
        cells[i][j].style.setProperty("--share", `${sum ? Math.round((40 * count) / sum) : 0}%`);
      });
    });
    rate.textContent = say("reading.right", {
      right,
      all,
      share: percent(all ? right / all : null),
    });
  }
  update();
  return { element, update, resize: () => {} };
}
