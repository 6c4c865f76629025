"""Data files are read in groups that are neither too large for a worker nor too small for a message."""

import json
from dataclasses import asdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.file_groups import MOST_FILES, MOST_TEXT, file_groups
from chalicelib.core.manifest import MAX_FILES, DataFile

MIB = 1024**2


def sizes(*files: int | None, task_bytes: int = 100) -> list[list[int | None]]:
    """The sizes in the groups of files of these sizes."""
    named = [DataFile(f"data/{place}", size, None) for place, size in enumerate(files)]
    return [[each.size for each in group] for group in file_groups(named, task_bytes)]


@pytest.mark.parametrize(
    ("files", "groups"),
    [
        ((), []),
        ((0,), [[0]]),
        ((100,), [[100]]),
        ((40, 60), [[40, 60]]),
        ((40, 60, 0), [[40, 60, 0]]),
        ((40, 61), [[40], [61]]),
        ((40, 61, 39, 1), [[40], [61, 39], [1]]),
        ((1, 100, 1), [[1], [100], [1]]),
        ((1, 500, 1, 2), [[1], [500], [1, 2]]),
        ((1, None, 1), [[1], [None], [1]]),
        ((None, None), [[None], [None]]),
    ],
)
def test_small_files_go_together_and_large_and_unknown_ones_alone(
    files: tuple[int | None, ...], groups: list[list[int | None]]
) -> None:
    assert sizes(*files) == groups


def test_a_report_that_is_not_large_is_one_group() -> None:
    files = [DataFile(f"inventory/data/{number:04}.csv.gz", 2 * MIB, "0" * 32) for number in range(100)]

    assert list(file_groups(files, 256 * MIB)) == [tuple(files)]


_keys = st.text('aé\U0001f4a1\x00"\\', min_size=1, max_size=1_024)
_files = st.builds(DataFile, _keys, st.none() | st.integers(0, 120), st.none() | st.text(max_size=32))


@settings(max_examples=50)
@given(st.lists(_files, max_size=40), st.integers(1, 100), st.integers(1, 60))
def test_every_file_is_in_one_group_in_its_order_and_no_group_is_too_large(
    files: list[DataFile], task_bytes: int, times: int
) -> None:
    files = files * times
    groups = list(file_groups(files, task_bytes))

    assert [each for group in groups for each in group] == files
    for group in groups:
        assert 1 <= len(group) <= MOST_FILES
        assert len(group) == 1 or sum(each.size or 0 for each in group) <= task_bytes
        assert len(group) == 1 or None not in [each.size for each in group]
        assert len(json.dumps([asdict(each) for each in group])) <= MOST_TEXT
    for one, other in pairwise(groups):
        assert _could_not_be_one((*one, *other[:1]), task_bytes)


def _could_not_be_one(group: tuple[DataFile, ...], task_bytes: int) -> bool:
    known = [each.size for each in group if each.size is not None]
    return (
        len(known) < len(group)
        or sum(known) > task_bytes
        or any(size >= task_bytes for size in known)
        or len(group) > MOST_FILES
        or len(json.dumps([asdict(each) for each in group])) > MOST_TEXT - 40 * len(group)
    )


def test_a_report_of_very_many_files_is_cut_one_group_at_a_time() -> None:
    files = (DataFile(f"{number:0200}", 1, None) for number in range(MAX_FILES))

    groups = file_groups(files, 256 * MIB)

    assert len(next(groups)) == MOST_FILES
    assert next(files).key == f"{MOST_FILES + 1:0200}"  # nothing further was looked at so far
