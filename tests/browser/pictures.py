"""Part of `make pictures`: the status page and the page of an inventory, as the documents show them."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser

from local.browser import find_browser
from local.platform import StandIn
from local.small_png import with_palette
from tests.app.asking import APPLICATION, ORGANIZATION, TEAM, make_buckets
from tests.browser.browsing import Browsing, browsing
from tests.browser.chromium import LACKING, started
from tests.browser.site import Site, emptied, serving
from tests.browser.situations import Situation, in_order, situations

_WIDTH = 1000
_STATUS, _INVENTORY = 860, 1180
"""How much of the pages is shown, in pixels from the top."""
_SHOWN = ("overdue", "drift", "setting up", "waiting")


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the pictures; the exit status is 2 where there is no Chromium."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pictures")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/pictures"))
    folder: Path = parser.parse_args(arguments).folder
    path = find_browser()
    if path is None:
        print(LACKING, file=sys.stderr)
        return 2
    with (
        started(path) as browser,
        serving() as url,
        StandIn([APPLICATION, TEAM], ORGANIZATION) as platform,
        tempfile.TemporaryDirectory() as room,
        emptied(url, platform, Path(room)) as site,
    ):
        draw(browser, site, folder)
    return 0


def draw(browser: Browser, site: Site, folder: Path) -> None:
    """Both pictures, of a few inventories."""
    shown = inventories(datetime.now(UTC))
    for each in shown:
        each.put(site.store)
    make_buckets(site.platform, *(each.record.bucket for each in shown))
    with browsing(browser, site.url) as seen:
        seen.look("light", _WIDTH)
        seen.open("/")
        _keep(seen, folder / "status.png", _STATUS)
        seen.open(shown[0].page)
        _keep(seen, folder / "inventory.png", _INVENTORY)


def inventories(now: datetime) -> tuple[Situation, ...]:
    """Those that are shown; the first is the one whose page is."""
    others = [each for each in situations(now) if each.word in _SHOWN]
    return (in_order(now), _called("checkpoints", in_order(now, 30)), *others)


def _called(bucket: str, situation: Situation) -> Situation:
    """The same of another bucket."""
    wanted = replace(situation.record.inventory, bucket=bucket)
    contents = [replace(each, subject=replace(each.subject, bucket=bucket)) for each in situation.contents]
    record = replace(situation.record, inventory=wanted)
    return replace(situation, record=record, contents=contents, notices=())


def _keep(seen: Browsing, picture: Path, height: int) -> None:
    high = min(height, int(seen.page.evaluate("document.documentElement.scrollHeight")))
    drawn = seen.page.screenshot(
        full_page=True, clip={"x": 0, "y": 0, "width": _WIDTH, "height": high}, animations="disabled"
    )
    picture.write_bytes(with_palette(drawn))
    print(f"{picture}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
