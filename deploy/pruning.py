"""What a package carries and never uses. In come names of files, out comes which of them may go.

botocore brings a description of each of some 400 services, 26 MB of them; a client reads its own, and
for any service the shared files: endpoints, partitions, defaults, retries. boto3's own data is for its
`resource` objects, which nothing here makes. Code is never pruned, since what imports what is for its
authors to change.
"""

import re
from collections.abc import Callable
from pathlib import Path

SERVICES = ("dynamodb", "events", "s3", "secretsmanager", "sesv2", "sns", "sqs", "sts")
"""The services that clients are made for, as botocore names them; `sts` is what credentials may need."""

_UNUSED = re.compile(
    rf"""
      botocore/data/(?!(?:{"|".join(SERVICES)})/)[^/]+/.*  # other services; files beside the folders stay
    | botocore/data/[^/]+/[^/]+/(?:examples-1|completions-1)\.json(?:\.gz)?  # for documentation and shells
    | boto3/(?:data|examples)/.*
    | [^/]+\.data/scripts/.*                    # commands; nobody calls them there
    | (?:.*/)?__pycache__/.*                    # bytecode is made anew
    | (?:.*/)?tests?/.*
    | .*\.pyi                                   # for type checkers
    """,
    re.VERBOSE,
)


def unused(name: str) -> bool:
    """Whether this file of the package, by its path in it, is never used."""
    return _UNUSED.fullmatch(name) is not None


def prune(folder: Path, unused: Callable[[str], bool] = unused) -> None:
    """Remove from what was unpacked into the folder the files that are `unused`, by their paths in it."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif unused(path.relative_to(folder).as_posix()):
            path.unlink()
