"""Every page of the reference, by the name of its file."""

from collections.abc import Callable, Mapping
from pathlib import Path

from local.reference.errors_page import errors_page
from local.reference.iam_page import iam_page
from local.reference.limits_page import limits_page
from local.reference.notices_page import notices_page
from local.reference.routes_page import routes_page
from local.reference.settings_page import settings_page

PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "routes.md": routes_page,
    "notices.md": notices_page,
    "errors.md": errors_page,
    "iam.md": iam_page,
    "limits.md": limits_page,
}


def write(folder: Path) -> list[str]:
    """Write every page that is not as it should be; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    stale = [name for name in PAGES if is_stale(folder, name)]
    for name in stale:
        (folder / name).write_text(PAGES[name](), encoding="utf-8")
    return stale


def is_stale(folder: Path, name: str) -> bool:
    """Whether the page is not there, or says something else than the code."""
    path = folder / name
    return not path.is_file() or path.read_text("utf-8") != PAGES[name]()
