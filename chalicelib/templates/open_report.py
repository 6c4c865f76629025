"""Code that opens a report as it lies, for an engine that somebody has.

In come an `Opening` and where the platform is; out comes a program, or SQL for Trino. Keys and ETags were
written by others: they stand in it as literals of plain ASCII, and in comments as their escapes. No key of
an account is in it: the programs take those from their environment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.core.opening import Engine, Kind, Opening
from chalicelib.templates.amounts import size
from chalicelib.templates.hostile import comment

MOST_LISTED = 200
"""Files of a report that are listed in SQL; each is a path of up to a thousand characters."""

_TEMPLATES: dict[Engine, str] = {
    "duckdb": "open_report_duckdb.py.j2",
    "polars": "open_report_polars.py.j2",
    "spark": "open_report_spark.py.j2",
    "trino": "open_report_trino.sql.j2",
}
_TYPES: dict[Engine, dict[Kind, str]] = {
    "duckdb": {"text": "VARCHAR", "whole": "BIGINT", "truth": "BOOLEAN", "time": "TIMESTAMP"},
    "polars": {"text": "text", "whole": "whole", "truth": "truth", "time": "time"},
    "spark": {"text": "string", "whole": "bigint", "truth": "boolean", "time": "timestamp"},
    "trino": {"text": "varchar", "whole": "bigint", "truth": "boolean", "time": "timestamp(3)"},
}
_ENDINGS = {"CSV": "csv.gz", "TSV": "tsv.gz", "JSON": "json.gz", "ORC": "orc", "Parquet": "parquet"}


@dataclass(frozen=True, slots=True)
class Platform:
    """Where the objects are, and how buckets are addressed: `virtual` or `path`."""

    endpoint_url: str
    addressing: str


def open_report(opening: Opening, engine: Engine, platform: Platform, keys: Sequence[str] = ()) -> str:
    """The code. `keys` are those of the data files, for the engine that has to be told them: Trino."""
    text: str = (
        _environment()
        .get_template(_TEMPLATES[engine])
        .render(
            opening=opening,
            platform=platform,
            types=_TYPES[engine],
            ending=_ENDINGS[opening.format],
            size=size(opening.bytes),
            folder=_folder(keys),
            keys=sorted(keys) if len(keys) <= MOST_LISTED else (),
        )
    )
    return text


@cache
def _environment() -> Environment:
    # It makes no markup: what goes into code is made a literal, and what goes into a comment made fit.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"literal": _literal, "sql": _sql, "comment": comment}
    return environment


def _folder(keys: Sequence[str]) -> str:
    """The deepest folder that all of these are in, with its slash."""
    first, last = (each.split("/")[:-1] for each in (min(keys, default=""), max(keys, default="")))
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(f"{each}/" for each, _ in same)


def _literal(text: str) -> str:
    """A literal of Python that stands for just this text, in plain ASCII."""
    found = ascii(text)
    return f'"{found[1:-1]}"' if found[0] == "'" and '"' not in text and "'" not in text else found


def _sql(text: str) -> str:
    """A literal of SQL that stands for just this text: what is not plain ASCII as its escape."""
    if all(" " <= each <= "~" for each in text):
        return "'" + text.replace("'", "''") + "'"
    return "U&'" + "".join(_sign(each) for each in text) + "'"


def _sign(sign: str) -> str:
    if sign in "'\\":
        return sign * 2
    if " " <= sign <= "~":
        return sign
    return f"\\{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\+{ord(sign):06x}"
