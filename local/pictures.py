"""`make pictures`: how the notice of a landed report looks, as the pictures that the README shows.

What Slack and a mail reader make of the notice is drawn by Chromium, without any network, into
`docs/pictures`: the message in Slack, and the mail in light and in dark.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.core.notice import Notice, notice_id
from chalicelib.templates import mail, slack
from chalicelib.templates.words import words
from local.inbox.page import render_page
from local.inbox.slack import as_received
from local.small_png import with_palette

_GIB, _TIB = 1024**3, 1024**4
_PIXELS = 2
"""Of the picture, for one of the page: sharp on a fine screen, too."""

_MESSAGE_ALONE = """<style>
.top, .meta, details { display: none !important; }
main { max-width: none; padding: 12px; }
article { margin: 0; }
</style></head>"""

_DAYS = (356.1, 357.4, 358.9, 359.2, 364.8, 366.0, 371.5, 370.2, 376.9, 384.0, 383.1, 390.7, 404.2, 412.6)
"""TiB, one report a day."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the pictures; the exit status is 2 where there is no Chromium."""
    parser = argparse.ArgumentParser(prog="python -m local.pictures")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/pictures"))
    folder: Path = parser.parse_args(arguments).folder
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        print("There is no chromium on the path, which draws the pictures.", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    told = landed()
    post = as_received(slack.payload([told]), "{}", "/slack/storage-team", told.created_at)
    message = render_page([post], refresh=False).replace("</head>", _MESSAGE_ALONE, 1)
    letter = mail.html(words(told))
    for name, page, width, dark in (
        ("landed-slack.png", message, 700, False),
        ("landed-mail.png", letter, 700, False),
        ("landed-mail-dark.png", letter, 700, True),
    ):
        # the first font that most readers have, too
        draw(browser, page.replace("system-ui", "Arial"), folder / name, width, dark=dark)
        print(f"{folder / name}: {(folder / name).stat().st_size:,} bytes")
    return 0


def draw(browser: str, page: str, picture: Path, width: int, *, dark: bool) -> None:
    """The whole of the page, as wide as said and as high as it is. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as room:
        file = Path(room) / "page.html"
        # the page says itself how high it is
        measure = "<script>document.title = 'height ' + document.documentElement.offsetHeight</script>"
        file.write_text(page + measure, encoding="utf-8")
        look = [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--incognito"),
            *(f"--user-data-dir={room}/profile", "--host-resolver-rules=MAP * ~NOTFOUND"),
            f"--force-device-scale-factor={_PIXELS}",
            *(["--force-dark-mode"] if dark else []),
        ]
        seen = _run([*look, f"--window-size={width},600", "--dump-dom", file.as_uri()])
        height = re.search("<title>height ([0-9]+)</title>", seen)
        file.write_text(page, encoding="utf-8")
        _run(
            [
                *look,
                f"--window-size={width},{height[1] if height else 1200}",
                f"--screenshot={picture.absolute()}",
                file.as_uri(),
            ]
        )
    picture.write_bytes(with_palette(picture.read_bytes()))


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def landed() -> Notice:
    """A report on a bucket as training runs fill it."""
    return Notice(
        id=notice_id("report.landed", "pictures"),
        kind="report.landed",
        channel="storage-team",
        bucket="production-data",
        inventory_id="daily-all",
        facts={
            "report": "5f2c9a0d11e84b37",
            "destination": "reports",
            "manifest_key": "inventory/production-data/daily-all/2026-03-01T01-00Z/manifest.json",
            "created_at": "2026-03-01T01:00:00+00:00",
            "arrived_at": "2026-03-01T03:12:00+00:00",
            "files": 40,
            "bytes": 3_412_345_678,
            "format": "Parquet",
            "fields": ["Bucket", "Key", "Size", "LastModifiedDate", "LastAccessedDate", "StorageClass"],
            "frequency": "Daily",
            "previous_seconds": 87_120,
            "layout": "dated",
            "healed": False,
            "summary": _summary(),
        },
        created_at=datetime(2026, 3, 1, 3, 13, tzinfo=UTC),
    )


def _summary() -> dict[str, Any]:
    tiers = [
        ("hot", 20_414_012, 210.4, 0.06),
        ("warm", 9_306_450, 90.8, 0.03),
        ("cold", 18_392_441, 111.4, 0.015),
    ]
    return {
        "objects": sum(objects for _, objects, _, _ in tiers),
        "bytes": _bytes(_DAYS[-1]),
        "older_objects": 1_203_345,
        "older_bytes": _bytes(3.1),
        "delete_markers": 20_114,
        "tiers": [
            {"name": name, "objects": objects, "bytes": _bytes(tib)} for name, objects, tib, _ in tiers
        ],
        "cold_bytes": _bytes(111.4),
        "cost": {
            "amount": f"{sum(_bytes(tib) / _GIB * price for _, _, tib, price in tiers):.2f}",
            "currency": "USD",
            "as_of": "2025-10-31",
            "without": [],
        },
        "files": 40,
        "missing_files": 0,
        "change": {
            "since": "2026-02-28T01:00:00+00:00",
            "objects": 1_204_331,
            "bytes": _bytes(_DAYS[-1] - _DAYS[-2]),
            "cold_bytes": _bytes(0.9),
            "moved": [
                _moved("training/checkpoints/", "grew", 120_331, 7.4),
                _moved("datasets/web-2026-02/", "came", 1_090_112, 2.2),
                _moved("scratch/ablations/", "went", -6_112, -1.2),
            ],
        },
        "sparks": [_bytes(each) for each in _DAYS],
        "sparks_of": "bytes",
    }


def _moved(prefix: str, how: str, objects: int, tib: float) -> dict[str, Any]:
    return {"prefix": prefix, "how": how, "objects": objects, "bytes": _bytes(tib)}


def _bytes(tib: float) -> int:
    return round(tib * _TIB)


if __name__ == "__main__":
    sys.exit(main())
