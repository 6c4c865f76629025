"""Zip files: unpacking one, and packing a folder so that the same files give the same bytes.

CloudFormation takes a package for a new one when its hash is new. Times and the order of names are
therefore fixed, and do not tell when or where the package was made.
"""

import zipfile
from pathlib import Path

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that the format knows."""

_READABLE = 0o644 << 16
"""Lambda runs functions as another user than the one who packed them."""


def unpack(archive: Path, folder: Path) -> None:
    """Unpack into a folder."""
    with zipfile.ZipFile(archive) as source:
        source.extractall(folder)


def pack(folder: Path, archive: Path) -> None:
    """Pack all files of a folder."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(
            each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()
        ):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.external_attr = _READABLE
            entry.create_system = 3  # Unix, wherever it was packed
            target.writestr(entry, (folder / name).read_bytes(), zipfile.ZIP_DEFLATED)
