"""The messages kept: in memory for readers, and in a file so that a killed process finds them again.

The file is JSON lines, one message a line. A line is written out before anybody is told that the message was
taken. A process killed while writing leaves a last line cut short; that message was never confirmed, so the
line is dropped.
"""

import json
from pathlib import Path
from threading import Lock

from local.inbox.received import Received, from_json, to_json


class Journal:
    """Messages, oldest first, safe to use from any thread. Without a path they live in memory only."""

    def __init__(self, path: Path | None) -> None:
        """Read back what `path` holds. Raises ValueError when a line other than the last cannot be read."""
        self._path = path
        self._lock = Lock()
        self._messages: list[Received] = []
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                self._messages = _read_back(path)

    def messages(self) -> tuple[Received, ...]:
        """A snapshot: later messages do not appear in it."""
        with self._lock:
            return tuple(self._messages)

    def add(self, message: Received) -> None:
        """Keep the message. When this returns, a kill of the process does not lose it."""
        line = json.dumps(to_json(message)).encode() + b"\n"
        with self._lock:
            if self._path is not None:
                # Closing hands the line to the operating system, which outlives the process. No fsync: a
                # power cut is not what this inbox is there to survive.
                with self._path.open("ab") as file:
                    file.write(line)
            self._messages.append(message)

    def clear(self) -> None:
        """Forget all messages, in the file too."""
        with self._lock:
            self._messages.clear()
            if self._path is not None:
                self._path.write_bytes(b"")


def _read_back(path: Path) -> list[Received]:
    """The file's messages; a torn last line is cut off the file, or the next message would be glued to it."""
    lines = path.read_bytes().splitlines(keepends=True)
    messages: list[Received] = []
    whole = 0
    for number, line in enumerate(lines, start=1):
        try:
            if not line.endswith(b"\n"):
                raise ValueError("no end of line")
            messages.append(from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            if number < len(lines):
                raise ValueError(f"{path}: line {number} is not a message: {error}") from error
            with path.open("r+b") as file:
                file.truncate(whole)
            break
        whole += len(line)
    return messages
