// The state of a whole document in its address, so that a link shows what its sender saw.
const WRITE_AFTER = 200; // ms; browsers refuse an address that changes with every move of a drag

function readAddress(page) {
  const said = new URLSearchParams(location.hash.slice(1));
  const state = {};
  const index = Number(said.get("lambda"));
  if (
    said.has("lambda") &&
    Number.isInteger(index) &&
    index >= 0 &&
    index < (page.path?.values.length ?? 0)
  )
    state.index = index;
  if (said.get("lang") in LANGUAGES) state.language = said.get("lang");
  if (["light", "dark"].includes(said.get("theme"))) state.theme = said.get("theme");
  return state;
}

function addressWriter() {
  let waiting = 0;
  return ({ index, language, theme }) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const said = new URLSearchParams({
        lambda: index,
        lang: language,
        ...(theme ? { theme } : {}),
      });
      history.replaceState(null, "", `#${said}`);
    }, WRITE_AFTER);
  };
}
