"""Where Arrow takes its memory from: of its allocators, the one that gives back most and touches least."""

import pyarrow


def take_little() -> None:
    """Use jemalloc where Arrow was built with it. What was allocated before stays where it is.

    Columns come and go by the megabyte; mimalloc, the usual one, has the system clear far more than is used.
    """
    try:
        pool = pyarrow.jemalloc_memory_pool()
    except NotImplementedError:
        return
    pyarrow.set_memory_pool(pool)
