"""The commands of the documents: each `sh` block of README.md and docs/, with the mark that says who runs it.

The mark is a comment on the line before the block: `<!-- run: up -->`. Tests run each block as it stands, but
for ports, and for what somebody has to put in: ids, keys, the stage.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
MARKS = ("make", "up", "serve", "deploy")
"""Who runs a block: `make` is how a run begins; `up`: in order, while it is up; `serve`: against an account;
`deploy`: against an AWS on this machine. The first three are tests/e2e/test_documents.py, the last is
tests/deploy.
"""

_BLOCK = re.compile(r"(?:<!-- run: (\w+)(?: until ([^\n]*?))? -->\n)?```sh\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of commands. `until` is what its output is to have in the end, however often that takes."""

    page: str
    mark: str
    until: str
    text: str


def pages() -> list[Path]:
    """README.md, the tutorial, and then the others by name."""
    docs = ROOT / "docs"
    first = [ROOT / "README.md", docs / "tutorial.md"]
    return first + sorted(each for each in docs.rglob("*.md") if each not in first)


def blocks(*marks: str) -> Iterator[Block]:
    """The blocks with one of these marks, of all pages, in order; all blocks where none is named."""
    for page in pages():
        name = page.relative_to(ROOT).as_posix()
        for mark, until, text in _BLOCK.findall(page.read_text("utf-8")):
            if not marks or mark in marks:
                yield Block(name, mark, until, text)
