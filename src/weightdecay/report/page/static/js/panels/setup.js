// How to make the study again, and what the page leaves out.
function setupBlock(view) {
  const { say, read } = view.speech;
  const { setup, command, versions, thinned } = view.page;
  const code = h("code", {}, command);
  const button = h(
    "button",
    { type: "button", "data-control": "copy", click: () => copy(code, button, say) },
    say("copy"),
  );
  return h(
    "section",
    { class: "setup" },
    h("h2", {}, say("part.setup")),
    h(
      "dl",
      {},
      setup.map(({ name, value }) =>
        h("div", {}, h("dt", {}, read(name)), h("dd", {}, read(value))),
      ),
    ),
    h("h3", {}, say("part.command")),
    h(
      "div",
      { class: "command" },
      h("pre", { tabindex: 0, role: "group", "aria-label": say("part.command") }, code),
      button,
    ),
    h("h3", {}, say("part.versions")),
    h(
      "p",
      { class: "versions" },
      Object.entries(versions).map(([name, version]) => h("span", {}, `${name} ${version}`)),
    ),
    thinned.length
      ? [
          h("h3", {}, say("part.thinned")),
          h(
            "ul",
            {},
            thinned.map((text) => h("li", {}, read(text))),
          ),
        ]
      : null,
  );
}

// Where the clipboard is closed to us, the command is selected, to be copied by hand.
async function copy(code, button, say) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = say("copied");
  } catch {
    const range = document.createRange();
    range.selectNodeContents(code);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    button.textContent = say("selected");
  }
}
