"""What makes a report whole: its manifest, the checksum beside it, and every file that it names."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.manifest import DataFile, Manifest
from chalicelib.core.report import MAX_PROBLEMS, ObjectSeen, Place, bounded, judge
from tests.unit.wanted import NOW, SOURCE

MD5 = "0123456789abcdef0123456789abcdef"
OTHER_MD5 = "f" * 32
DATED = Place("dated", "inventory/documents/daily/")
KEY = "inventory/documents/daily/data/1.csv.gz"
FILE = DataFile(KEY, 10, MD5)


def manifest(*files: DataFile, **changes: Any) -> Manifest:
    """A manifest that names these files."""
    made = Manifest(SOURCE, "reports", NOW, "CSV", "Bucket, Key", files, tells_contents=True)
    return replace(made, **changes)


def there(key: str = KEY, size: int = 10, etag: str = MD5) -> dict[str, ObjectSeen]:
    """One object at the destination, by its key."""
    return {key: ObjectSeen(key, size, etag, NOW)}


def verdict(
    *files: DataFile, found: dict[str, ObjectSeen] | None = None, checksum: str | None = None, **changes: Any
) -> Any:
    """The judgement on a manifest of these files."""
    objects = there() if found is None else found
    return judge(manifest(*files, **changes), DATED, objects, manifest_md5=MD5, checksum=checksum)


@pytest.mark.parametrize("checksum", [None, MD5, f"{MD5}\n", f"  {MD5.upper()} "])
def test_a_report_with_all_its_files_is_complete_with_and_without_a_checksum_file(
    checksum: str | None,
) -> None:
    assert (verdict(FILE, checksum=checksum).outcome, verdict(FILE).problems) == ("complete", ())


@pytest.mark.parametrize("checksum", [OTHER_MD5, "", "no"])
def test_a_checksum_that_says_otherwise_is_corrupt(checksum: str) -> None:
    found = verdict(FILE, checksum=checksum)
    assert found.outcome == "corrupt"
    assert "manifest.checksum" in found.problems[0]


def test_a_missing_file_makes_it_incomplete_and_is_named() -> None:
    found = verdict(FILE, found={})
    assert (found.outcome, found.problems) == ("incomplete", (f"{KEY}: not there",))


@pytest.mark.parametrize("size", [0, 9, 11])
def test_a_file_of_another_size_makes_it_incomplete(size: int) -> None:
    found = verdict(FILE, found=there(size=size))
    assert (found.outcome, found.problems) == (
        "incomplete",
        (f"{KEY}: {size} bytes there, 10 in the manifest",),
    )


def test_a_file_with_another_md5_makes_it_corrupt() -> None:
    found = verdict(FILE, found=there(etag=OTHER_MD5))
    assert found.outcome == "corrupt"
    assert KEY in found.problems[0]


@pytest.mark.parametrize(
    ("etag", "md5"),
    [
        (MD5, MD5.upper()),
        (f"{OTHER_MD5}-2", MD5),
        ("not-an-md5", MD5),
        (OTHER_MD5, None),
        (OTHER_MD5, "ASNFZ4mrze8BI0VniavN7w=="),
        (OTHER_MD5, "short"),
    ],
)
def test_only_two_md5s_in_hex_are_compared(etag: str, md5: str | None) -> None:
    assert verdict(DataFile(KEY, 10, md5), found=there(etag=etag)).outcome == "complete"


def test_a_file_without_a_size_only_has_to_be_there() -> None:
    assert verdict(DataFile(KEY, None, None), found=there(size=77)).outcome == "complete"


def test_a_file_under_the_other_slashes_is_found() -> None:
    place = Place("dated", "inventory//documents/daily/")
    found = there(KEY.replace("inventory/", "inventory//"))
    assert judge(manifest(FILE), place, found, manifest_md5=MD5, checksum=None).outcome == "complete"


def test_what_contradicts_weighs_more_than_what_lacks_and_both_are_told() -> None:
    lacking = DataFile(f"{KEY}.2", 1, None)
    found = verdict(FILE, lacking, found=there(etag=OTHER_MD5))
    assert found.outcome == "corrupt"
    assert len(found.problems) == 2


def test_a_manifest_of_no_files_is_a_report_of_nothing() -> None:
    assert verdict().outcome == "complete"


def test_a_manifest_that_tells_nothing_is_not_complete() -> None:
    assert verdict(tells_contents=False).outcome == "incomplete"


@pytest.mark.parametrize("number", [MAX_PROBLEMS - 1, MAX_PROBLEMS, MAX_PROBLEMS + 1, 1000])
def test_problems_are_bounded_and_the_rest_is_counted(number: int) -> None:
    kept = bounded([str(each) for each in range(number)])
    assert len(kept) == min(number, MAX_PROBLEMS + 1)
    assert (kept[-1] == f"and {number - MAX_PROBLEMS} more") is (number > MAX_PROBLEMS)


def test_a_very_long_key_is_cut_in_words() -> None:
    assert all(len(each) < 400 for each in verdict(DataFile("k" * 100_000, 1, None)).problems)
