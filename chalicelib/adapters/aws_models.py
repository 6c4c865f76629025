"""botocore's descriptions of services and regions, loaded once for all clients of this process.

They are plain data: sharing them saves a cold start some 100 ms for each further client, and lets no
setting pass from one client to another.
"""

from functools import cache

from botocore.loaders import Loader


@cache
def models() -> Loader:
    """What a session takes as its component `data_loader`."""
    return Loader()
