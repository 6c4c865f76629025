"""Where Arrow takes its memory from: of its allocators, the one that gives back most and touches least."""

import os
import sys

_ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL"
"""The variable that Arrow reads when it is loaded ("Environment Variables" in its documentation for C++)."""

_GIVEN_BACK = 150
"""Milliseconds after which memory that is not used goes back to the system."""


def load_arrow() -> None:
    """Load Arrow so that it takes little memory. To be called before anything else loads it.

    Columns come and go by the megabyte; mimalloc, the usual allocator, has the system clear far more than is
    used. Pages of Parquet are not in the pool that can be chosen later.
    """
    if sys.platform == "linux":  # elsewhere it is built without
        os.environ.setdefault(_ALLOCATOR, "jemalloc")
    import pyarrow  # noqa: PLC0415

    if pyarrow.default_memory_pool().backend_name == "jemalloc":
        pyarrow.jemalloc_set_decay_ms(_GIVEN_BACK)
