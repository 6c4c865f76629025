"""How a run can go wrong on purpose: a pure function from an honest report to what is written, and when.

What goes in: the report and the kind of misbehaviour. What comes out: batches of files, each with the seconds
that go by before it is written (`NOW`: at once; 0: at the service's next look; None: never).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import md5

from .report import File, Report

NOW = -1.0
Batch = tuple[float | None, tuple[File, ...]]


@dataclass
class Misbehaviour:
    """`kind` is one of `KINDS`; it holds for the next `times` runs (None: for good) of the bucket and id
    named, or of any; `seconds` is for the kinds that write something late."""

    kind: str
    times: int | None = 1
    seconds: float = 0.0
    bucket: str | None = None
    id: str | None = None

    def concerns(self, bucket: str, name: str) -> bool:
        return self.bucket in (None, bucket) and self.id in (None, name)


def batches(report: Report, kind: str | None, seconds: float) -> list[Batch]:
    """What is written of this report, and when. No kind: all of it, now. KeyError for an unknown kind."""
    if kind is None:
        return [(NOW, report.files)]
    return KINDS[kind](report, seconds)


def _without_data(report: Report) -> tuple[File, ...]:
    return replace(report, data=()).files


def _with_manifest(report: Report, body: bytes) -> tuple[File, ...]:
    """The report with another manifest, whose checksum file agrees."""
    checksum = report.checksum
    if checksum is not None:
        checksum = replace(checksum, body=md5(body, usedforsecurity=False).hexdigest().encode())
    return replace(report, manifest=replace(report.manifest, body=body), checksum=checksum).files


def _wrong_checksum(report: Report, _seconds: float) -> list[Batch]:
    """`manifest.checksum` disagrees. The fixed layout has no such file: nothing goes wrong."""
    if report.checksum is None:
        return [(NOW, report.files)]
    return [(NOW, replace(report, checksum=replace(report.checksum, body=b"0" * 32)).files)]


def _wrong_md5(report: Report, _seconds: float) -> list[Batch]:
    """The manifest's digest of the first data file is not that file's."""
    digest = md5(report.data[0].body, usedforsecurity=False).hexdigest()
    return [(NOW, _with_manifest(report, report.manifest.body.replace(digest.encode(), b"0" * 32)))]


def _truncated(report: Report, _seconds: float) -> list[Batch]:
    """The last data file ends in the middle."""
    last = report.data[-1]
    cut = replace(last, body=last.body[: len(last.body) // 2])
    return [(NOW, replace(report, data=(*report.data[:-1], cut)).files)]


KINDS: Mapping[str, Callable[[Report, float], list[Batch]]] = {
    "manifest_before_data": lambda report, seconds: [(NOW, _without_data(report)), (seconds, report.data)],
    "data_never": lambda report, _: [(NOW, _without_data(report)), (None, report.data)],
    "wrong_checksum": _wrong_checksum,
    "wrong_md5": _wrong_md5,
    "missing_file": lambda report, _: [(NOW, replace(report, data=report.data[:-1]).files)],
    "truncated_file": _truncated,
    "garbage_manifest": lambda report, _: [(NOW, _with_manifest(report, b'{"sourceBucket": \x00'))],
    "late": lambda report, seconds: [(seconds, report.files)],
    "never": lambda report, _: [(None, report.files)],
}
"""Every kind of misbehaviour by name."""
