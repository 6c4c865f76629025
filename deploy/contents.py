"""Whether a package has everything that was asked for.

`chalice package` can leave a dependency out, for want of a wheel that fits Lambda, and still exit with 0;
so the contents are looked at, never the exit code. In come the text of requirements.txt and the names and
texts in the package; out come sentences, one for each thing that is not as it should be.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

_PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;#]+)")
_DIST_INFO = re.compile(r"([^/]+)-([^/-]+)\.dist-info/METADATA")
_EXTENSION = re.compile(r"\.(?:cpython-(?P<version>\d+)-(?P<machine>\w+)-linux-gnu|abi3)\.so$")
_OURS = ("app.py", "chalicelib/__init__.py", "chalice/app.py")


def pins(requirements: str) -> dict[str, str]:
    """The distributions that are asked for, by normalised name, each with its version."""
    lines = [line.split("#")[0].strip() for line in requirements.splitlines()]
    found = [_PIN.fullmatch(line) for line in lines if line]
    return {normal(each[1]): each[2] for each in found if each}


def problems(
    requirements: str,
    folder: Path,
    python: tuple[int, int],
    machine: str = "x86_64",
    ours: Iterable[str] = _OURS,
) -> list[str]:
    """What is wrong with the unpacked package in the folder; `ours` are files that it has from no wheel."""
    names = {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}
    there = {normal(match[1]): match for name in names if (match := _DIST_INFO.fullmatch(name))}
    wanted = pins(requirements)
    return [
        *(f"{name} is missing" for name in ours if name not in names),
        *_versions(wanted, {name: match[2] for name, match in there.items()}),
        *_incomplete(there, names, folder),
        *_strangers(names, python, machine),
    ]


def normal(name: str) -> str:
    """A distribution's name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _versions(wanted: Mapping[str, str], there: Mapping[str, str]) -> Iterable[str]:
    for name, version in sorted(wanted.items()):
        if name not in there:
            yield f"{name} {version} is missing"
        elif there[name] != version:
            yield f"{name} is {there[name]} where requirements.txt says {version}"
    for name in sorted(there.keys() - wanted.keys()):
        yield f"{name} {there[name]} is there and not in requirements.txt"


def _incomplete(there: Mapping[str, re.Match[str]], names: set[str], folder: Path) -> Iterable[str]:
    """Distributions of which files are missing that their own list names."""
    for name, match in sorted(there.items()):
        record = folder / match[0].replace("METADATA", "RECORD")
        listed = [row[0] for row in csv.reader(record.read_text("utf-8").splitlines()) if row]
        # scripts are installed elsewhere, bytecode is made on installing
        missing = [
            each for each in listed if each not in names and not re.search(r"\.\./|\.pyc$|\.data/", each)
        ]
        if missing:
            yield f"{name} lacks {len(missing)} of its files, {missing[0]} among them"


def _strangers(names: set[str], python: tuple[int, int], machine: str) -> Iterable[str]:
    """Compiled modules that another Python or another machine runs."""
    for name in sorted(each for each in names if each.endswith(".so")):
        built = _EXTENSION.search(name)
        version = "{}{}".format(*python)
        if built and built["version"] and (built["version"], built["machine"]) != (version, machine):
            yield f"{name} is for another Python or machine"
