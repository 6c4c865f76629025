"""Manifests are hostile input: every text becomes a `Manifest` or a `BadManifest`, and nothing else."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.manifest import MAX_BYTES, MAX_FILES, BadManifest, DataFile, Manifest, parse_manifest

AS_AWS_WRITES_IT = {
    "sourceBucket": "documents",
    "destinationBucket": "arn:aws:s3:::reports",
    "version": "2016-11-30",
    "creationTimestamp": "1772402400000",
    "fileFormat": "CSV",
    "fileSchema": "Bucket, Key, Size",
    "files": [
        {
            "key": "inventory/data/1.csv.gz",
            "size": 2147483647,
            "MD5checksum": "f11166069f1990abeb9c97ace9cdfabc",
        }
    ],
}


def parse(document: Any) -> Manifest:
    """The manifest of this document."""
    return parse_manifest(json.dumps(document).encode())


def with_file(**changes: Any) -> dict[str, Any]:
    """A manifest of one file."""
    return {"files": [{"key": "k", "size": 1, "MD5checksum": "m", **changes}]}


def test_a_manifest_as_aws_writes_it() -> None:
    assert parse(AS_AWS_WRITES_IT) == Manifest(
        source="documents",
        destination="reports",
        created_at=datetime(2026, 3, 1, 22, 0, tzinfo=UTC),
        format="CSV",
        schema="Bucket, Key, Size",
        files=(DataFile("inventory/data/1.csv.gz", 2147483647, "f11166069f1990abeb9c97ace9cdfabc"),),
        tells_contents=True,
    )


def test_the_one_key_that_is_confirmed_is_enough() -> None:
    found = parse({"fileSchema": "Bucket, Key"})
    assert (found.schema, found.files, found.tells_contents) == ("Bucket, Key", (), True)
    assert (found.source, found.destination, found.created_at, found.format) == (None, None, None, None)


@pytest.mark.parametrize(
    ("document", "tells"),
    [
        ({}, False),
        ({"files": None}, False),
        ({"fileSchema": ""}, False),
        ({"files": []}, True),
        ({"fileSchema": "x"}, True),
    ],
)
def test_whether_a_manifest_tells_anything(document: Any, tells: bool) -> None:
    assert parse(document).tells_contents is tells


@pytest.mark.parametrize(
    "extra", [{"novelty": [{}]}, {"version": 7}, {"files": [{"key": "k", "etag": None}]}]
)
def test_keys_that_nobody_knows_are_no_fault(extra: dict[str, Any]) -> None:
    parse({**AS_AWS_WRITES_IT, **extra})


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_any_unicode_coding_of_json_is_read(coding: str) -> None:
    assert parse_manifest(json.dumps({"fileFormat": "CSV"}).encode(coding)).format == "CSV"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        (1772402400000, datetime(2026, 3, 1, 22, 0, tzinfo=UTC)),
        ("1772402400500", datetime(2026, 3, 1, 22, 0, 0, 500_000, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("yesterday", None),
        ("9" * 30, None),
        ("9" * 5_000, None),
        (10**300, None),
        ([], None),
        ({}, None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_time_that_is_none_is_no_reason_to_refuse(value: Any, moment: datetime | None) -> None:
    assert parse({"creationTimestamp": value}).created_at == moment


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "files",
        5,
        {"files": {}},
        {"files": "k"},
        {"files": [None]},
        {"files": ["k"]},
        {"files": [{}]},
        with_file(key=""),
        with_file(key=5),
        with_file(key=None),
        with_file(key=["k"]),
        with_file(key="\ud800"),
        with_file(size="1"),
        with_file(size=-1),
        with_file(size=1.5),
        with_file(size=True),
        with_file(size=[]),
        with_file(size=2**63),
        {"files": [{"key": each, "size": 2**62} for each in "ab"]},
        with_file(MD5checksum=5),
        with_file(MD5checksum={}),
        {"sourceBucket": 5},
        {"sourceBucket": False},
        {"destinationBucket": ["reports"]},
        {"fileFormat": {}},
        {"fileSchema": []},
        {"fileSchema": "\udfff"},
    ],
    ids=lambda document: json.dumps(document)[:50],
)
def test_a_wrong_type_is_refused_with_words(document: Any) -> None:
    with pytest.raises(BadManifest, match="manifest"):
        parse(document)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"\xff\xfe\xfa",
        b"{",
        b"{}x",
        b"<manifest/>",
        b'{"files": ' + b"[" * 100_000,
        b"9" * 10_000,
    ],
    ids=lambda body: repr(body[:15]),
)
def test_what_is_no_json_is_refused_with_a_short_reason(body: bytes) -> None:
    with pytest.raises(BadManifest) as raised:
        parse_manifest(body)
    assert len(str(raised.value)) <= 300


def test_a_manifest_that_is_too_large_is_not_read() -> None:
    with pytest.raises(BadManifest, match="bytes"):
        parse_manifest(b" " * (MAX_BYTES + 1))


def test_a_manifest_of_too_many_files_is_refused_unread() -> None:
    body = b'{"files": [' + b"1," * MAX_FILES + b"1]}"
    with pytest.raises(BadManifest, match=str(MAX_FILES)):
        parse_manifest(body)


def test_the_texts_that_are_kept_are_cut() -> None:
    found = parse({"fileSchema": "x" * 100_000, "fileFormat": "y" * 100_000})
    assert (len(found.schema or ""), len(found.format or "")) == (20_000, 40)


def test_the_bytes_of_a_report_are_the_sum_of_the_sizes_that_are_named() -> None:
    found = parse({"files": [{"key": "a", "size": 5}, {"key": "b"}, {"key": "c", "size": 0}]})
    assert (found.bytes, [each.size for each in found.files]) == (5, [5, None, 0])


def test_a_file_that_is_named_twice_is_one() -> None:
    one, other = {"key": "a", "size": 3}, {"key": "b", "size": 4}
    found = parse({"files": [one, other, one]})
    assert [each.key for each in found.files] == ["a", "b"]
    assert found.bytes == 7


def test_a_file_that_is_named_twice_with_two_sizes_is_two_of_which_one_will_be_missing() -> None:
    assert len(parse({"files": [{"key": "a", "size": 3}, {"key": "a", "size": 4}]}).files) == 2


def test_a_checksum_that_is_too_long_for_one_is_cut() -> None:
    assert parse(with_file(MD5checksum="0" * 5_000)).files[0].md5 == "0" * 100


def test_an_md5_that_is_empty_is_none() -> None:
    assert parse(with_file(MD5checksum="")).files[0].md5 is None


def _becomes_one_or_the_other(body: bytes) -> None:
    try:
        found = parse_manifest(body)
    except BadManifest as exc:
        words = str(exc)
    else:
        words = "a manifest"
        assert 0 <= found.bytes < 2**63
        repr(found).encode()
    assert 0 < len(words) <= 300


_any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.text(max_size=5), deeper, max_size=3),
    max_leaves=8,
)
_any_file = st.fixed_dictionaries(
    {}, optional={"key": _any_json | st.just("k"), "size": _any_json | st.just(1), "MD5checksum": _any_json}
)
_nearly = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(
            ("sourceBucket", "destinationBucket", "fileFormat", "fileSchema"), _any_json | st.text()
        ),
        "creationTimestamp": _any_json,
        "files": _any_json | st.lists(_any_file, max_size=3),
    },
)


@given(st.binary(max_size=200))
def test_any_bytes_become_a_manifest_or_a_bad_one(body: bytes) -> None:
    _becomes_one_or_the_other(body)


@given(_any_json | _nearly)
def test_any_json_becomes_a_manifest_or_a_bad_one(document: Any) -> None:
    _becomes_one_or_the_other(json.dumps(document).encode())


@given(st.integers(0, 400), st.binary(max_size=3))
def test_a_manifest_that_is_cut_or_spoilt_is_one_or_the_other(place: int, spoilt: bytes) -> None:
    body = json.dumps(AS_AWS_WRITES_IT).encode()
    _becomes_one_or_the_other(body[:place] + spoilt + body[place + len(spoilt) :])
    _becomes_one_or_the_other(body[:place])
