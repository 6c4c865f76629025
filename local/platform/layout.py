"""Where the files of a report go.

CoreWeave's documentation puts the manifest in "the root of the subdirectory specified in the inventory
configuration". That can be read in two ways, and both are here:

- `dated`, as on AWS: `<prefix>/<source>/<id>/<YYYY-MM-DDTHH-MMZ>/manifest.json`, with `manifest.checksum`
  beside it and data files under `<prefix>/<source>/<id>/data/`; where days are so short that two runs would
  share a minute, the folder is named to the second;
- `fixed`: `<prefix>manifest.json`, the same key at each run, and data files of unique names under
  `<prefix>data/`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .configuration import Configuration
from .options import Options

_TO_THE_MINUTE = "%Y-%m-%dT%H-%MZ"
_TO_THE_SECOND = "%Y-%m-%dT%H-%M-%SZ"
_SHORT_DAY = 600.0
"""Seconds; a demonstration's days are shorter."""
ENDINGS = {"CSV": "csv.gz", "TSV": "tsv.gz", "JSON": "json.gz", "ORC": "orc", "Parquet": "parquet"}


@dataclass(frozen=True)
class Layout:
    """Keys in the destination bucket. `checksum` is None where the layout has no such file."""

    manifest: str
    checksum: str | None
    data: str

    def data_file(self, name: str, file_format: str) -> str:
        return f"{self.data}{name}.{ENDINGS[file_format]}"


def lay_out(
    source: str,
    found: Configuration,
    at: datetime,
    options: Options,
    taken: Callable[[str], bool] = lambda _key: False,
) -> Layout:
    """The layout of a run that starts at `at`.

    A dated folder is named to the minute, as on AWS, or to the second where days are shorter than ten
    minutes. Where it is `taken` already, the run moves on to the next that is free.
    """
    prefix = found.prefix or ""
    if options.layout == "fixed":
        return Layout(f"{prefix}manifest.json", None, f"{prefix}data/")
    base = f"{_joined(prefix, options)}{source}/{found.id}/"
    short = options.day_seconds < _SHORT_DAY
    name = _TO_THE_SECOND if short else _TO_THE_MINUTE
    while taken(f"{base}{at.strftime(name)}/manifest.json"):
        at += timedelta(seconds=1) if short else timedelta(minutes=1)
    folder = f"{base}{at.strftime(name)}/"
    return Layout(f"{folder}manifest.json", f"{folder}manifest.checksum", f"{base}data/")


def _joined(prefix: str, options: Options) -> str:
    if not prefix:
        return ""
    if prefix.endswith("/") and not options.double_slash:
        return prefix
    return f"{prefix}/"


def probe_key(source: str, found: Configuration, at: datetime, options: Options) -> str:
    """The key that the check at PUT tries to write to."""
    if options.probe == "root":
        return "inventory-check"
    return lay_out(source, found, at, options).manifest
