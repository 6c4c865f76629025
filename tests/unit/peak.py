"""How much memory a manifest takes that was made to take much: `python -m tests.unit.peak CASE`.

Prints, as JSON, the outcome of the run, its first problem, and by how many bytes the process grew,
the manifest itself included.
"""

import json
import resource
import sys
from collections.abc import Callable

from chalicelib.core.manifest import MAX_BYTES, MAX_FILES
from chalicelib.flows.look import look
from tests.fake_objects import FakeObjects, Run
from tests.fakes import FakeClock, FakeTurn
from tests.samples import NOON, record

TEN_MILLION = 10_000_000
_HEAD, _TAIL = b'{"fileSchema": "Key", "files": [', b"0]}"


def _listing(entry: bytes, most: int = TEN_MILLION) -> bytes:
    room = MAX_BYTES - len(_HEAD) - len(_TAIL)
    return _HEAD + entry * min(most, room // len(entry)) + _TAIL


CASES: dict[str, Callable[[], bytes]] = {
    "ten million files": lambda: _HEAD + b'{"key":"a"},' * TEN_MILLION + _TAIL,
    "empty objects": lambda: _listing(b"{},"),
    "empty lists": lambda: _listing(b"[],"),
    "different texts": lambda: _listing(b'"aa",'),
    "numbers": lambda: _listing(b"1,"),
    "objects in UTF-16": lambda: _listing(b"{},", 8_000_000).decode().encode("utf-16"),
    "as many files as are looked at": lambda: (
        _listing(b'{"key":"a"},', MAX_FILES - 1)[:-3] + b'{"key":"b"}]}'
    ),
    "a key of slashes": lambda: _HEAD + b'{"key": "%b"}]}' % (b"/" * (MAX_BYTES - 60)),
    "a text that is wide": lambda: b'{"fileSchema": "\xf0\x9f\x93\xa6%b"}' % (b"x" * (MAX_BYTES - 30)),
    "deep": lambda: b"[" * MAX_BYTES,
}


def main(case: str) -> None:
    """Look at a destination with this manifest, and print what came of it."""
    before = _largest()
    clock = FakeClock()
    objects = FakeObjects(clock)
    objects.write(Run(NOON).manifest_key, CASES[case]())
    (run,) = look(objects, record(), FakeTurn(clock)).runs
    grown = _largest() - before
    said = {"outcome": run.finding.outcome, "problems": run.finding.problems, "grown": grown}
    print(json.dumps(said))


def _largest() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    main(sys.argv[1])
