// Title, and what the reader may choose about the page itself.
const LANGUAGES = { en: "English", zh: "中文" };

function header(view) {
  const { say, read, language } = view.speech;
  const next = language === "en" ? "zh" : "en";
  const dark = view.isDark();
  const other = h("button", {
    type: "button",
    "data-control": "language",
    lang: next,
    click: () => view.speak(next),
  });
  // Its script may need another font, which the first frame is not to wait for.
  view.later(other, () => other.append(LANGUAGES[next]));
  return h(
    "header",
    {},
    h(
      "div",
      { class: "choices" },
      other,
      h(
        "button",
        {
          type: "button",
          "data-control": "theme",
          click: () => view.paint(dark ? "light" : "dark"),
        },
        say(dark ? "theme.light" : "theme.dark"),
      ),
    ),
    h("h1", {}, read(view.page.title)),
    h("p", { class: "subtitle" }, read(view.page.subtitle)),
  );
}
