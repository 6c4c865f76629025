"""Code that was packaged before: the same source is not packaged twice.

In: a folder for the template and the zip, what makes them, and where finished ones are kept under a name made
of all that goes into them. Only what was checked is kept, so that what is taken again is whole.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.chalice_package import SOURCES, TEMPLATE, ZIP, copied, region

_MOST_KEPT = 3
"""So many finished ones, some ten megabytes each, stay for whoever goes back and forth."""

_MAKERS = ("deploy/*.py", "requirements-dev.txt")
"""What decides how a package is made; the requirements say which Chalice."""


def made_or_taken(folder: Path, kept: Path, root: Path, make: Callable[[Path], None]) -> None:
    """Have the template and the zip of the project at `root` in the folder, by `make` where none is kept."""
    name = _name(root)
    pairs = [(folder / TEMPLATE, kept / f"{name}.json"), (folder / ZIP, kept / f"{name}.zip")]
    if all(there.is_file() for _, there in pairs):
        for wanted, there in pairs:
            shutil.copyfile(there, wanted)
        return
    make(folder)
    if _name(root) != name:
        return  # somebody changed the source meanwhile, and nobody knows which of the two was packaged
    kept.mkdir(parents=True, exist_ok=True)
    for made, there in pairs:
        beside = there.with_suffix(f".{os.getpid()}")
        shutil.copyfile(made, beside)
        beside.replace(there)  # whole or not at all, whoever else makes it
    _forget_the_oldest(kept)


def _forget_the_oldest(kept: Path) -> None:
    found = sorted(kept.glob("code-*.zip"), key=lambda each: each.stat().st_mtime, reverse=True)
    for each in found[_MOST_KEPT:]:
        each.unlink(missing_ok=True)
        each.with_suffix(".json").unlink(missing_ok=True)


def _name(root: Path) -> str:
    """Another name for each source, each way of making it, each Python and each region."""
    parts = [repr((sys.version_info[:3], region())).encode()]
    for each in _inputs(root):
        parts += [each.relative_to(root).as_posix().encode(), each.read_bytes()]
    lengths = ",".join(str(len(each)) for each in parts)  # so that nothing moves from one to the next unseen
    return "code-" + hashlib.sha256(b"\0".join([lengths.encode(), *parts])).hexdigest()[:20]


def _inputs(root: Path) -> Iterator[Path]:
    """The files that a package is made of or by, in order."""
    for name in SOURCES:
        yield from copied(root / name)
    for pattern in _MAKERS:
        yield from sorted(root.glob(pattern))
