"""Which data files of a report are read together: the groups that tasks are made of.

In come a manifest's files, in its order; out come groups of them, in the same order, always the same for the
same files. A group is small enough for one worker's time and for one message of a queue, and large enough
that many small files do not cost a message each.
"""

import json
from collections.abc import Iterable, Iterator

from chalicelib.core.manifest import DataFile

MOST_FILES = 100
"""In one group."""

MOST_TEXT = 200_000
"""Bytes of the files of one group as JSON; a message of SQS has 256 KiB at most, and there is more in it."""


def file_groups(files: Iterable[DataFile], task_bytes: int) -> Iterator[tuple[DataFile, ...]]:
    """The groups. One has no more than `task_bytes` bytes of files as they are stored, `MOST_FILES` files and
    `MOST_TEXT` bytes of JSON. A file that has so many bytes by itself is a group of its own, and so is one
    whose size the manifest does not tell.
    """
    group: list[DataFile] = []
    left, room = task_bytes, MOST_TEXT
    for each in files:
        size, text = each.size, _text(each)
        alone = size is None or size >= task_bytes
        if group and (alone or (size or 0) > left or text > room or len(group) == MOST_FILES):
            yield tuple(group)
            group, left, room = [], task_bytes, MOST_TEXT
        if alone:
            yield (each,)
            continue
        group.append(each)
        left, room = left - (size or 0), room - text
    if group:
        yield tuple(group)


def _text(file: DataFile) -> int:
    """Bytes of its JSON with the names of its members; whatever is not ASCII at its longest."""
    return _quoted(file.key) + _quoted(file.md5 or "") + 60


def _quoted(text: str) -> int:
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return len(text) + 2
    return len(json.dumps(text))
