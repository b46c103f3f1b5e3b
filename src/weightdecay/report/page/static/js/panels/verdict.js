// The verdict: a sentence, its interval as a drawing, and how it was obtained.
const SIGNS = { helps: "✓", hurts: "✗", no_difference: "≈", cannot_tell: "?" };

function verdictBlock(view) {
  const { say, read } = view.speech;
  const { label, sentence, how, notes, effect, low, high } = view.page.verdict;
  return h(
    "section",
    { class: `verdict ${label}`, "aria-label": say("part.verdict") },
    h(
      "div",
      {},
      h(
        "p",
        { class: "sentence" },
        h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[label]),
        h("strong", {}, read(sentence)),
      ),
      effect === null || low === null || high === null ? null : effectBar(say, effect, low, high),
    ),
    h(
      "div",
      { class: "how" },
      [how, ...notes].map((text) => h("p", {}, read(text))),
    ),
  );
}

function effectBar(say, effect, low, high) {
  const width = 460;
  const [start, end] = padded(extent([0, low, high]), 0.12);
  const x = (v) => 8 + ((v - start) / (end - start)) * (width - 16);
  const label = say("alternative.effect", {
    effect: change(effect, percent),
    interval: interval(low, high, percent),
  });
  return h(
    "div",
    { class: "effect" },
    s(
      "svg",
      { viewBox: `0 0 ${width} 30`, role: "img", "aria-label": label },
      s("path", { d: `M4,15H${width - 4}`, class: "grid" }),
      s("path", { d: `M${x(0)},3V27`, class: "line ink" }),
      s("path", { d: `${sideways(x(low), x(high), 15)}`, class: "bar c0 thick" }),
      s("path", { d: marked([[x(effect), 15]], "diamond"), class: "mark c0" }),
    ),
    h(
      "p",
      { class: "note" },
      say("note.effect", {
        effect: change(effect, percent),
        interval: interval(low, high, percent),
      }),
    ),
  );
}
