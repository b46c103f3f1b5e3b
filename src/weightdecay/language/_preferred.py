"""The language that the user's system speaks."""

import locale
import os


def preferred() -> str:
    """The language of this user's locale: Chinese if it says so, English otherwise."""
    said = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)),
        locale.getlocale()[0] or "",
    )
    return "zh" if said.lower().startswith(("zh", "chinese")) else "en"
