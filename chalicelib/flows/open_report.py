"""Opening a report: which data files it has, by a look at its manifest now.

In comes a report; out come the keys of its files as they lie, read from the destination, where the manifest
is still the one that was found.
"""

from collections.abc import Sequence

from chalicelib.core.manifest import MAX_BYTES, BadManifest, parse_manifest
from chalicelib.core.opening import Opening
from chalicelib.errors import WrongState
from chalicelib.ports import ReportSource

_GONE = "The manifest of this report is not there any more, or is that of another by now."


class OpenReport:
    """The flow, with its port."""

    def __init__(self, source: ReportSource) -> None:
        self._source = source

    def keys(self, opening: Opening) -> Sequence[str]:
        """The keys of its data files. Raises `WrongState` where the manifest is another, `PlatformAway` and
        `PlatformRefused`.
        """
        found = self._source.read(opening.bucket, opening.key, limit=MAX_BYTES)
        if found is None or found[0].etag != opening.etag:
            raise WrongState(_GONE)
        try:
            manifest = parse_manifest(found[1])
        except BadManifest:
            raise WrongState(_GONE) from None
        written = [each.key for each in manifest.files]
        if opening.lies is None or not written:
            return written
        before, after = opening.lies
        other = [after + each.removeprefix(before) for each in written]
        # All lie in one way: the first tells which.
        return written if self._source.find(opening.bucket, written[:1]) else other
