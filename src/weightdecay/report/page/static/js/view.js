// One page in its element: the state, and everything that follows when it changes.
function createView(root, page, catalogues, { language, whole }) {
  const host = root.host;
  const state = {
    index: page.path?.chosen ?? page.path?.minimum ?? 0,
    language,
    theme: null,
    ...(whole ? readAddress(page) : {}),
  };
  const write = whole ? addressWriter() : () => {};
  const widths = new ResizeObserver(() => figures.forEach((made) => made.resize()));
  let figures = [];
  let controls = null;
  let later = null;
  const view = {
    page,
    get index() {
      return state.index;
    },
    isDark: () =>
      state.theme ? state.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches,
    choose(index) {
      if (index === state.index) return;
      state.index = index;
      controls?.update();
      figures.forEach((made) => made.update());
      write(state);
    },
    later: (element, work) => later.add(element, work),
    speak: (chosen) => change({ language: chosen }),
    paint: (theme) => change({ theme }),
  };

  // In another language every word is another: built anew, where it was scrolled to.
  function change(wanted) {
    const focused = root.activeElement?.dataset.control;
    const scrolled = window.scrollY;
    Object.assign(state, wanted);
    render();
    later.all();
    window.scrollTo(0, scrolled);
    if (focused) root.querySelector(`[data-control="${focused}"]`)?.focus({ preventScroll: true });
    write(state);
  }

  // Where figures will stand there is a slot until they are made.
  function attach(slot, made) {
    slot.replaceWith(...made.map(({ element }) => element));
    made.forEach((one) => one.resize());
    figures.push(...made);
  }

  function render() {
    later?.stop();
    figures = [];
    later = lazily();
    view.speech = speech(catalogues, state.language);
    host.lang = view.speech.language === "zh" ? "zh-Hans" : "en";
    if (state.theme) host.setAttribute("theme", state.theme);
    else host.removeAttribute("theme");
    if (whole) {
      document.documentElement.lang = host.lang;
      document.title = view.speech.read(page.title);
    }
    controls = page.path ? slider(view) : null;
    const main = h("main", { class: "page" });
    main.append(header(view));
    if (page.verdict) main.append(verdictBlock(view));
    if (controls) main.append(controls.element);
    const slots = parts(view).flatMap(({ title, makers }, place) => {
      const made = makers.map((make) => ({ slot: h("div", { class: "slot" }), make }));
      const letter = h("span", { class: "letter", "aria-hidden": "true" }, "abcdefghijklm"[place]);
      main.append(
        h(
          "section",
          {},
          h("h2", {}, letter, title),
          h(
            "div",
            { class: "figures" },
            made.map(({ slot }) => slot),
          ),
        ),
      );
      return made;
    });
    const end = h("div", { class: "end" });
    main.append(end);
    root.replaceChildren(main);
    slots.slice(0, 1).forEach(({ slot, make }) => attach(slot, make()));
    slots.slice(1).forEach(({ slot, make }) => later.add(slot, () => attach(slot, make())));
    later.add(end, () =>
      end.append(...page.sections.map((told) => sectionBlock(view, told)), setupBlock(view)),
    );
    performance.mark("weightdecay-first-fit");
    later.start();
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    later.all();
    opened = figures.filter((made) => made.open && !made.opened());
    opened.forEach((made) => made.open(true));
  });
  addEventListener("afterprint", () => opened.forEach((made) => made.open(false)));
  if (whole) {
    addEventListener("hashchange", () => {
      const { index = state.index, ...rest } = readAddress(page);
      if (Object.entries(rest).some(([name, value]) => state[name] !== value)) change(rest);
      view.choose(index);
    });
  }
  render();
  widths.observe(host);
  return view;
}
