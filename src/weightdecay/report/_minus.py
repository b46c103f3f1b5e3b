"""Numbers with a minus sign, not a hyphen."""

MINUS = "\N{MINUS SIGN}"


class Number(float):
    """A number that is put into words with a minus sign."""

    def __format__(self, form: str) -> str:
        said = super().__format__(form)
        return MINUS + said[1:] if said.startswith("-") else said
