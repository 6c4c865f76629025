"""What happened, one JSON object a line, so that a start after `kill -9` finds what was there.

An event is written after it took effect and before the client hears of it. Each line goes to the operating
system at once: the end of the process loses nothing, only a power cut could. A last line that was cut off is
dropped: its client never had an answer.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

Event = dict[str, Any]


class Journal:
    """An append-only file of events. `path` None keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def read(self) -> Iterator[Event]:
        """The events so far, oldest first; read them all before the first `append`.

        Raises ValueError where a line before the last is damaged.
        """
        if self._path is None:
            return
        self._file = self._path.open("ab")
        whole = 0
        with self._path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                yield json.loads(line)
                whole += len(line)
        self._file.truncate(whole)

    def append(self, event: Event) -> None:
        if self._file is not None:
            self._file.write(json.dumps(event, separators=(",", ":")).encode() + b"\n")
            self._file.flush()

    def clear(self) -> None:
        """Forget everything."""
        if self._file is not None:
            self._file.truncate(0)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
