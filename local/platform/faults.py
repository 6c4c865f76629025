"""Faults on request: the next calls of an operation fail, wait, or lose their connection."""

import threading
from dataclasses import dataclass
from typing import Literal

Cut = Literal["before", "after"]


@dataclass
class Fault:
    """`operation` is boto3's name or `*`; `times` is how often it still happens, None for ever.

    `error` is an S3 code (`SlowDown`) or an HTTP status; `delay` seconds go by before the call is handled;
    `cut` drops the connection without an answer, `before` the call has taken effect or `after`. `retry_after`
    (seconds) adds that header to the error.
    """

    operation: str
    error: str | int | None = None
    delay: float | None = None
    cut: Cut | None = None
    times: int | None = 1
    bucket: str | None = None
    retry_after: int | None = None


class Faults:
    """The faults that are set, oldest first. Thread-safe."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        if fault.error is None and fault.delay is None and fault.cut is None:
            raise ValueError("a fault needs an error, a delay or a cut")
        if fault.cut not in (None, "before", "after"):
            raise ValueError("cut is before or after")
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, operation: str, bucket: str | None) -> Fault | None:
        """The first fault that this call meets, counted down; None where it meets none."""
        with self._lock:
            for fault in self._faults:
                if fault.operation in ("*", operation) and fault.bucket in (None, bucket):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._faults.remove(fault)
                    return fault
            return None
