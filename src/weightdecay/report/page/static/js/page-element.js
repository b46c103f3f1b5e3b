// <weightdecay-page>: a page in a document of its own (`whole`), or one of several in a notebook.
class WeightdecayPage extends HTMLElement {
  connectedCallback() {
    this.start();
  }

  // While a document is being read, the element is there before its data: then the script that
  // stands behind the data starts it.
  start() {
    const data = this.querySelector(":scope > script[type='application/json']");
    if (this.shadowRoot || !data) return;
    const { page, words } = JSON.parse(data.textContent);
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    createView(root, page, words, {
      language: this.getAttribute("language"),
      whole: this.hasAttribute("whole"),
    });
  }
}

if (customElements.get("weightdecay-page")) {
  for (const element of document.querySelectorAll("weightdecay-page")) element.start();
} else {
  customElements.define("weightdecay-page", WeightdecayPage);
}
