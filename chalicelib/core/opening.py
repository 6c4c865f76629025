"""A report as others open it: where its manifest lies, in which format its files are, and their columns.

In comes what is known of a report; out comes an `Opening`, of which templates make code for an engine. The
names of columns are those of the manifest's `fileSchema`, in its spelling. They go into programs, so that
names which could not be those of columns are refused rather than quoted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from chalicelib.core.inventory import Format, Inventory
from chalicelib.core.report import MANIFEST, Report, folder_time
from chalicelib.core.report_columns import Read, known, schema_names
from chalicelib.errors import WrongState

Engine = Literal["duckdb", "polars", "spark", "trino"]
Kind = Literal["text", "whole", "truth", "time"]

TEXT_FORMATS: tuple[Format, ...] = ("CSV", "TSV", "JSON")
"""Whose files do not say themselves what their columns are, or of which type."""

_KINDS: Mapping[Read | None, Kind] = {
    "Size": "whole",
    "IsLatest": "truth",
    "IsDeleteMarker": "truth",
    "IsMultipartUploaded": "truth",
    "LastModifiedDate": "time",
    "LastAccessedDate": "time",
}
_MOST_COLUMNS = 100
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Named:
    """A column, and what its values are."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Opening:
    """What a program needs to open a report.

    `lies` are two beginnings of keys: what the manifest writes as the first may lie under the second (see
    `spellings` in `report`); None where all lie as they are written. `columns` are empty where the files
    themselves have them, and the manifest does not tell.
    """

    name: str
    report_id: str
    created_at: datetime
    bucket: str
    key: str
    etag: str
    files: int
    bytes: int
    format: Format
    columns: tuple[Named, ...]
    lies: tuple[str, str] | None = None

    @property
    def key_column(self) -> str | None:
        """The name of the column that has the keys, None where there is none."""
        return next((each.name for each in self.columns if known(each.name) == "Key"), None)

    @property
    def is_text(self) -> bool:
        """Whether the columns have to be known to read the files."""
        return self.format in TEXT_FORMATS


def opening(inventory: Inventory, report: Report, engine: Engine) -> Opening:
    """How this engine opens this report. Raises `WrongState` where nobody can say."""
    if report.outcome != "complete":
        raise WrongState(f"This report is {report.outcome}; only a complete one can be opened.")
    if not report.files:
        raise WrongState("This report names no data files, so that there is nothing to open.")
    told = report.format or inventory.configuration.format
    form = next((each for each in get_args(Format) if each.lower() == told.lower()), None)
    if form is None:
        raise WrongState(f"This report is in the format {told[:40]!r}, which is none of those known.")
    columns = _columns(report.schema or "")
    if (form in TEXT_FORMATS or engine == "trino") and not columns:
        raise WrongState("The manifest of this report does not tell its columns (`fileSchema`), or not well.")
    return Opening(
        name=inventory.name,
        report_id=report.id,
        created_at=report.created_at,
        bucket=report.manifest.bucket,
        key=report.manifest.key,
        etag=report.manifest.etag,
        files=report.files,
        bytes=report.bytes,
        format=form,
        columns=columns,
        lies=_lies(report.manifest.key),
    )


def _columns(schema: str) -> tuple[Named, ...]:
    """The columns, none where the schema does not tell names that columns can have."""
    names = schema_names(schema)
    once = {each.lower() for each in names}
    good = len(once) == len(names) <= _MOST_COLUMNS and all(_NAME.fullmatch(each) for each in names)
    return tuple(Named(each, _KINDS.get(known(each), "text")) for each in names) if good else ()


def _lies(key: str) -> tuple[str, str] | None:
    """Where files lie otherwise than they are written, by the place that this manifest was found at."""
    place = key.removesuffix(MANIFEST)
    above, _, folder = place.removesuffix("/").rpartition("/")
    if folder_time(folder) is not None:
        place = f"{above}/" if above else ""
    if place.startswith("/"):
        return "", "/"
    head, double, rest = place.partition("//")
    return (f"{head}/", f"{head}//") if double and not rest.startswith("/") else None
