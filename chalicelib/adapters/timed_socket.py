"""A socket for `http.client` and `smtplib` whose uses end together: none of them goes on after one moment.

A socket's own time-out begins anew with each byte, so that a server that sends one now and then holds its
client for as long as it likes. In come a connected socket and the moment; after it everything raises
`TimeoutError`.
"""

import io
import socket
import time
from collections.abc import Callable
from typing import Any


class Deadline:
    """A moment, `seconds` from now on; `step` is the most that is waited for one thing."""

    def __init__(self, seconds: float, step: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._end = clock() + seconds
        self._step = step
        self._clock = clock

    def left(self) -> float:
        """Seconds for the next thing. Raises `TimeoutError` where none are left."""
        left = self._end - self._clock()
        if left <= 0:
            raise TimeoutError("the time for the whole request is over")
        return min(left, self._step)


class TimedSocket:
    """What they use of a socket."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline
        self._read = False

    def sendall(self, data: bytes) -> None:
        """Send it, or raise."""
        self._socket.settimeout(self._deadline.left())
        self._socket.sendall(data)

    def makefile(self, *_: Any) -> io.BufferedReader:
        """What comes, for reading. From now on the connection ends when that is closed."""
        self._read = True
        return io.BufferedReader(_Incoming(self._socket, self._deadline))

    def plain(self, seconds: float) -> socket.socket:
        """The socket itself, with a time-out of so many seconds for what is done next."""
        self._socket.settimeout(seconds)
        return self._socket

    def close(self) -> None:
        """Close the connection, unless somebody reads what comes."""
        if not self._read:
            self._socket.close()


class _Incoming(io.RawIOBase):
    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(self._deadline.left())
        return self._socket.recv_into(buffer)

    def close(self) -> None:
        self._socket.close()
        super().close()
