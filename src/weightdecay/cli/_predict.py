"""``weightdecay predict``."""

import sys
from pathlib import Path

from weightdecay.cli._printing import strict_json, terminal
from weightdecay.errors import InputError
from weightdecay.language import Words, shown

#: What a file of predictions may end in.
ENDINGS = (".csv", ".parquet", ".pq")


def run_predict(run: str, data: str, out: Path | None, as_json: bool, words: Words) -> None:
    """Predict the rows of `data` with the run folder `run`."""
    if out is not None and out.suffix.lower() not in ENDINGS:
        raise InputError(words("table.error.out_kind", file=shown(out, 200)))
    from weightdecay.tables import as_csv, load, predict, read, write_frame

    model = load(Path(run))
    found = predict(model, read(data, model.readings))
    summary = {**found.summary, "run": run, "out": None if out is None else str(out)}
    if out is not None:
        try:
            write_frame(found.frame, out)
        except OSError as error:
            reason = error.strerror or error
            said = words("table.error.out_file", file=shown(out, 200), reason=reason)
            raise InputError(said) from None
    if as_json:
        if out is None:
            summary["predictions"] = found.frame.to_dict("list")
        print(strict_json(summary))
        return
    from weightdecay.report.tables import predict_text

    # Where the predictions themselves are on stdout, what is said of them is not.
    console = terminal(stderr=out is None)
    for line in predict_text(summary, words):
        console.print(line, markup=False, highlight=False)
    if out is None:
        sys.stdout.write(as_csv(found.frame))
