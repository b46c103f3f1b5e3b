"""Text of the user's, made safe to show."""

LONGEST = 60


def shown(text: object, longest: int = LONGEST) -> str:
    """Return `text` on one line: control characters as escapes, the middle left out if long."""
    line = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text)[:10_000]
    )
    if len(line) <= longest:
        return line
    return f"{line[: longest - 15]} … {line[-12:]}"


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says, or its type if it says nothing."""
    return (str(error) or type(error).__name__).splitlines()[0]
