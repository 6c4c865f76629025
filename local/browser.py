"""Pages drawn by Chromium, without any network.

In comes HTML; out come PNG files. A page is as wide as said and as high as it turns out to be.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""What Chromium is called, the likeliest first."""

_HEIGHT = 1200
"""Of a page that does not say how high it is."""

_MEASURE = "<script>document.title = 'heights ' + document.documentElement.offsetHeight</script>"
_MEASURE_FRAMES = """<script>onload = () => { document.title = 'heights ' + Array.from(
document.querySelectorAll('iframe'), each => each.contentDocument.documentElement.offsetHeight).join(' ') }
</script>"""


def find_browser() -> str | None:
    """The path of a Chromium, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A Chromium that draws `pixels` for one of the page, in light or in dark. Raises CalledProcessError."""

    def __init__(self, program: str, *, pixels: float = 1, dark: bool = False) -> None:
        self._options = [
            *(program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--incognito"),
            *("--host-resolver-rules=MAP * ~NOTFOUND", f"--force-device-scale-factor={pixels}"),
            *(["--force-dark-mode"] if dark else []),
        ]

    def draw(self, page: str, picture: Path, width: int) -> None:
        """The whole of the page."""
        (height,) = self._measured(page + _MEASURE, width) or (_HEIGHT,)
        self.draw_as_high(page, picture, width, height)

    def draw_as_high(self, page: str, picture: Path, width: int, height: int) -> None:
        """The page, this high."""
        self._run(page, f"--window-size={width},{height}", f"--screenshot={picture.absolute()}")

    def heights(self, pages: Sequence[str], width: int) -> tuple[int, ...]:
        """How high each of the pages is, if it is so wide."""
        frames = (f'<iframe width="{width}" srcdoc="{escape(page)}"></iframe>' for page in pages)
        return self._measured("".join(frames) + _MEASURE_FRAMES, width)

    def _measured(self, page: str, width: int) -> tuple[int, ...]:
        seen = self._run(page, f"--window-size={width},600", "--dump-dom", "--virtual-time-budget=5000")
        found = re.search("<title>heights ([0-9 ]+)</title>", seen)
        return tuple(map(int, found[1].split())) if found else ()

    def _run(self, page: str, *more: str) -> str:
        with tempfile.TemporaryDirectory() as room:
            file = Path(room) / "page.html"
            file.write_text(page, encoding="utf-8")
            command = [*self._options, f"--user-data-dir={room}/profile", *more, file.as_uri()]
            ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
            return ran.stdout
