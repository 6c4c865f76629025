"""Where the files of a report go.

CoreWeave's documentation puts the manifest in "the root of the subdirectory specified in the inventory
configuration". That can be read in two ways, and both are here:

- `dated`, as on AWS: `<prefix>/<source>/<id>/<YYYY-MM-DDTHH-MMZ>/manifest.json`, with `manifest.checksum`
  beside it and data files under `<prefix>/<source>/<id>/data/`;
- `fixed`: `<prefix>manifest.json`, the same key at each run, and data files of unique names under
  `<prefix>data/`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .configuration import Configuration
from .options import Options

FOLDER = "%Y-%m-%dT%H-%MZ"
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

    A dated folder is named to the minute. Where it is `taken` already, because the days of a demonstration
    are shorter than that, the run moves on to the next minute that is free.
    """
    prefix = found.prefix or ""
    if options.layout == "fixed":
        return Layout(f"{prefix}manifest.json", None, f"{prefix}data/")
    base = f"{_joined(prefix, options)}{source}/{found.id}/"
    while taken(f"{base}{at.strftime(FOLDER)}/manifest.json"):
        at += timedelta(minutes=1)
    folder = f"{base}{at.strftime(FOLDER)}/"
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
