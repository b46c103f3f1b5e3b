"""Check the links inside a site: every file and every anchor that a page names must be there.

    python tools/links.py build/docs

Prints those that lead nowhere, and exits with 1 if there are any. A page that takes a script,
style, font or picture from the network is at fault too; links of the text to other sites are let
be.
"""

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class _Page(HTMLParser):
    """The anchors of a page, its links, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = {"", "top"}
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel") not in (
            "index",
            "search",
            "next",
            "prev",
            "canonical",
        ):
            self.loads.append(given.get("href", ""))
        elif "src" in given:
            self.loads.append(given["src"])


def faults(site: Path) -> Iterator[str]:
    """Say of each link that leads nowhere where it stands."""
    pages = {
        file.resolve(): _Page(file.read_text(encoding="utf-8")) for file in site.rglob("*.html")
    }
    for file, page in pages.items():
        for target in page.loads:
            if urlsplit(target).scheme in ("http", "https") or target.startswith("//"):
                yield f"{file}: takes {target} from the network"
        for target in [*page.links, *page.loads]:
            parts = urlsplit(target)
            if parts.scheme or target.startswith("//"):
                continue
            path = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            if not path.is_file():
                yield f"{file}: there is no {target}"
            elif path in pages and unquote(parts.fragment) not in pages[path].anchors:
                yield f"{file}: {target} has no such anchor"


def main() -> None:
    found = sorted(faults(Path(sys.argv[1])))
    print("\n".join(found) or "every link leads somewhere")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
