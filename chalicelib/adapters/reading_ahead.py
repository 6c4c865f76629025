"""Working ahead: an iterator runs on a thread of its own while what it made before is being used.

Inflating, parsing and decoding release the interpreter's lock, so that they go on beside the counting.
"""

import threading
from collections.abc import Generator
from contextlib import closing
from queue import Queue
from typing import TypeVar

Item = TypeVar("Item")

_END = object()


def ahead(items: Generator[Item, None, None], most: int = 1) -> Generator[Item, None, None]:
    """The items, made before they are asked for. Raises what making them raises.

    `most` wait to be asked for while one more is made; 0 for any number. The thread begins with the first
    item asked for. When this generator is closed, so is that of the items, after the one that it is at.
    """
    handed: Queue[object] = Queue(most)
    stopped = threading.Event()
    thread = threading.Thread(target=_make, args=(items, handed, stopped), daemon=True)
    thread.start()
    try:
        while (found := handed.get()) is not _END:
            if isinstance(found, _Raised):
                raise found.error
            yield found  # type: ignore[misc]
            del found  # it is large
    finally:
        stopped.set()
        while thread.is_alive():
            if not handed.empty():
                handed.get()
            thread.join(0.01)


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def _make(items: Generator[Item, None, None], handed: "Queue[object]", stopped: threading.Event) -> None:
    try:
        with closing(items):
            for each in items:
                handed.put(each)
                del each
                if stopped.is_set():
                    return
    except BaseException as error:  # whoever reads is told
        handed.put(_Raised(error))
    else:
        handed.put(_END)
