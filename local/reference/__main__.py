"""`make reference`: the pages of docs/reference/, written anew where the code says something else."""

import sys
from pathlib import Path

from local.reference.pages import write


def main(arguments: list[str]) -> int:
    """Write the pages into the folder that the one argument names, docs/reference where there is none."""
    folder = Path(arguments[0]) if arguments else Path("docs/reference")
    written = write(folder)
    print(f"{folder}: {', '.join(written) if written else 'all pages are as the code says'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
