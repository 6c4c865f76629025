"""Whatever lies in the place of a report is judged in words; what is kept is small, nothing else is touched.

Through the real flow and store. Beside the hostile record there is one with a good report, which must land.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.manifest import MAX_BYTES
from chalicelib.templates.mail import message
from chalicelib.templates.slack import payload
from tests.fake_objects import Run
from tests.flow_world import World
from tests.proofs import count
from tests.samples import NOON, configuration, inventory, record

MINUTE = timedelta(minutes=1)
LATER = timedelta(hours=3)
LARGEST = 400 * 1024
"""Bytes of an item in DynamoDB; record, report and notice have to fit, each into one of its own."""

DATA = Run(NOON).data_key
OUTSIDE = [
    "private/salaries.csv",
    "/inventory/data/daily/x",
    "/etc/passwd",
    "inventory/../private/salaries.csv",
    "inventory/data/../../private/salaries.csv",
    "..",
    "../reports/x",
    "inventory-of-others/x",
    "inventory",
    "Inventory/x",
    "\x00inventory/x",
    "https://elsewhere.example/x",
    "s3://private/salaries.csv",
    "arn:aws:s3:::private/salaries.csv",
]
LITERAL = [
    "inventory/..%2fprivate/salaries.csv",
    "inventory/%2e%2e/private/salaries.csv",
    "inventory/..\\private\\salaries.csv",
    "inventory/.../x",
    "inventory/x?versionId=1&delete",
    "inventory/x#fragment",
    "inventory/\u202excod.gnp",
    "inventory/\x1b[31mred",
    "inventory/a\r\nX-Injected: 1",
    "inventory/<script>alert(1)</script>",
    "inventory/<!channel> *bold* <https://evil.example|click>",
    "inventory/" + "é" * 500,
    "inventory/" + "x" * 1_000,
]
"""Keys that are under the prefix as they stand: no object has them, and as they stand they are asked for."""


def files(*entries: Any) -> dict[str, Any]:
    return {"files": [*entries]}


def file(**changes: Any) -> dict[str, Any]:
    return files({"key": DATA, "size": 13, "MD5checksum": "0" * 32} | changes)


WRONG_TYPES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    [],
    ["x"],
    {},
    {"a": 1},
    10**400,
    "\x00",
    "\u202e",
    "9" * 400,
)
FIELDS = (
    "sourceBucket",
    "destinationBucket",
    "version",
    "creationTimestamp",
    "fileFormat",
    "fileSchema",
    "files",
)
DOCUMENTS: list[dict[str, Any]] = [
    *({field: value} for field in FIELDS for value in WRONG_TYPES),
    *(file(**{field: value}) for field in ("key", "size", "MD5checksum") for value in WRONG_TYPES),
    *(files(value) for value in WRONG_TYPES),
    *(file(key=key) for key in OUTSIDE + LITERAL),
    *({"destinationBucket": name} for name in ("private", "arn:aws:s3:::private", "reports/../private", "")),
    {"sourceBucket": "x" * 100_000, "destinationBucket": "<!channel>" * 10_000},
    {"fileSchema": "Bucket, Key" + ", Size" * 100_000, "fileFormat": "<b>CSV</b>" * 1_000},
    *(
        {"creationTimestamp": each}
        for each in ("-62135596800000", "253402300799999", "1e3", "NaN", "-1", "0x10")
    ),
    files(*[{"key": f"{DATA}{each}", "size": each} for each in range(2_000)]),
    files(*[{"key": DATA}] * 2_000),
]
GOOD = Run(NOON).body()
BODIES: list[bytes] = [
    b"",
    b"\x00",
    b"{",
    b"[]",
    b"null",
    b"NaN",
    b'{"files": NaN}',
    b'{"files": [{"key": "inventory/x", "size": NaN}]}',
    b'{"files": [{"key": "inventory/x", "size": 1e400}]}',
    b'{"files": [{"key": "inventory/x", "size": -Infinity}]}',
    b'{"files": [{"key": "inventory/x", "size": %b}]}' % (b"9" * 4_000),
    b'{"files": [{"key": "inventory/x", "size": %b}]}' % (b"9" * 5_000),
    b'{"files": [], "files": [{"key": "private/x"}], "fileSchema": "a", "fileSchema": 5}',
    b'{"files": [{"key": "inventory/x", "key": "private/x"}]}',
    b'{"files": [{"key": "inventory/\\ud800"}]}',
    b'{"fileSchema": "\\udfff"}',
    b'{"fileSchema": "\xed\xa0\x80"}',
    b'{"fileSchema": "\xff"}',
    b"[" * 200_000,
    b'{"a":' * 200_000,
    b'{"files": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    b"\xef\xbb\xbf" + GOOD,
    b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD,
    GOOD.decode().encode("utf-16"),
    GOOD.decode().encode("utf-32"),
    GOOD.decode().encode("utf-16-le"),
    GOOD[:-1],
    GOOD[: len(GOOD) // 2],
    GOOD + GOOD,
    GOOD + b"\x00",
    b"\x1f\x8b\x08\x00" + GOOD,
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
    b"PK\x03\x04" + bytes(1_000),
    b" " * 1_000_000,
    b" " * (MAX_BYTES + 1),
]
CHECKSUMS = [
    b"",
    b"\x00" * 2_000,
    b"\xff\xfe" * 500,
    b"0" * 100_000,
    b"<!channel>",
    b"MD5 (manifest.json) = x",
]


@contextmanager
def a_world() -> Iterator[World]:
    """With the record `data/daily`, and beside it `data/beside`, of which a good report has landed."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "stocktake.db")
        world.store.save(record())
        world.store.save(
            record(inventory(id="beside", configuration=configuration(id="beside", report_prefix="beside/")))
        )
        world.clock.move(MINUTE)
        world.land(id="beside", prefix="beside/")
        yield world
        world.close()


def look_at(body: bytes, *, fixed: bool = False, checksum: bytes | None = None) -> None:
    """Sweep with this in the place of a manifest, now and when its time is over, and hold what came of it."""
    count("hostile manifests looked at")
    with a_world() as world:
        run = world.runs(fixed=fixed)
        world.objects.write(run.manifest_key, body)
        if checksum is not None:
            world.objects.write(run.folder + "manifest.checksum", checksum)
        for _ in range(2):
            world.sweeper.tick(world.turn())
            world.clock.move(LATER)
            world.change(next_sweep=world.clock.now)
        world.sweeper.tick(world.turn())
        expect_words(world)
        expect_nothing_outside(world)
        expect_little(world)
        assert [each.outcome for each in world.reports("beside")] == ["complete"]


def expect_words(world: World) -> None:
    """Each report that is not whole says why, and is told."""
    for report in world.reports():
        assert report.outcome in ("complete", "incomplete", "corrupt")
        assert bool(report.problems) == (report.outcome != "complete")
    broken = [each for each in world.reports() if each.outcome != "complete"]
    told = world.waiting("report.incomplete", "report.corrupt")
    assert [each.facts["report"] for each in told] == [each.id for each in broken]


def expect_nothing_outside(world: World) -> None:
    """The destination alone was asked, for what is under the report prefix alone."""
    for method, bucket, key in world.objects.calls:
        assert bucket == "reports"
        named = key.startswith(("inventory/", "beside/"))
        assert named or (method, key) in (
            ("list", f"{each}manifest.json") for each in ("inventory", "beside")
        )
        assert ".." not in key.split("/")


def expect_little(world: World) -> None:
    kept: list[Any] = [world.record(), *world.reports(), *world.waiting()]
    for each in kept:
        assert len(json.dumps(asdict(each), default=str)) < LARGEST
    for notice in world.waiting():
        assert len(json.dumps(payload([notice]))) < 20_000
        assert len(message([notice], "stocktake@example.com", ("team@example.com",)).as_bytes()) < 60_000


@pytest.mark.parametrize("fixed", [False, True], ids=["dated", "fixed"])
@pytest.mark.parametrize("number", range(len(DOCUMENTS)))
def test_a_manifest_with_something_wrong_in_it(number: int, fixed: bool) -> None:
    run = Run(NOON + MINUTE, fixed=fixed, manifest=DOCUMENTS[number])
    look_at(run.body(), fixed=fixed)


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_what_is_no_manifest_at_all(number: int) -> None:
    look_at(BODIES[number])


@pytest.mark.parametrize("number", range(len(CHECKSUMS)))
def test_a_checksum_file_that_is_none(number: int) -> None:
    look_at(GOOD, checksum=CHECKSUMS[number])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.text(max_size=8), deeper, max_size=3),
    max_leaves=6,
)
PARTS = st.sampled_from(
    ["inventory", "data", "daily", "..", ".", "", "private", "%2e%2e", "\x00", "é", "<!here>"]
)
KEYS = st.lists(PARTS, max_size=6).map("/".join)
ENTRIES = st.fixed_dictionaries(
    {"key": KEYS | KEYS.map("inventory/".__add__)},
    optional={"size": ANYTHING | st.integers(0, 20), "MD5checksum": ANYTHING | st.just("0" * 32)},
)
MANIFESTS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(FIELDS, ANYTHING) | {"files": st.lists(ENTRIES, max_size=4) | ANYTHING},
)


@settings(max_examples=120, deadline=None)
@given(MANIFESTS, st.booleans())
def test_any_manifest(manifest: dict[str, Any], fixed: bool) -> None:
    look_at(Run(NOON + MINUTE, fixed=fixed, manifest=manifest).body(), fixed=fixed)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD)), st.binary(max_size=4), st.booleans())
def test_any_manifest_that_is_cut_or_spoilt(place: int, spoilt: bytes, cut: bool) -> None:
    look_at(GOOD[:place] + spoilt + (b"" if cut else GOOD[place + len(spoilt) :]))
