"""The page of an inventory in a browser, in each standing, and what is done from there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.core.standing import WORDS
from tests.app.asking import make_buckets
from tests.browser.browsing import Browsing
from tests.browser.looking import looked_at
from tests.browser.site import Site
from tests.browser.situations import Situation, in_order, situations

_MOST_BYTES = 150_000


def put(site: Site, word: str) -> Situation:
    """The inventory that stands so; its buckets are there."""
    found = next(each for each in situations(datetime.now(UTC)) if each.word == word)
    found.put(site.store)
    make_buckets(site.platform, found.record.bucket)
    return found


@pytest.mark.parametrize("word", WORDS)
def test_each_standing(seen: Browsing, site: Site, shots: Path | None, word: str) -> None:
    situation = put(site, word)
    answer = seen.open(situation.page)
    assert seen.heading == situation.record.inventory.name
    assert word in seen.page.locator("main .tone").all_inner_texts()
    assert len(answer.body()) < _MOST_BYTES
    looked_at(seen, f"inventory {word}", shots)


def test_everything_unfolded(seen: Browsing, site: Site, shots: Path | None) -> None:
    seen.open(put(site, "in order").page)
    for each in seen.page.locator("summary").all():
        each.click()
    looked_at(seen, "inventory unfolded", shots)


def test_the_platform_is_away(seen: Browsing, site: Site, shots: Path | None) -> None:
    situation = in_order(datetime.now(UTC), 3)  # its bucket is nowhere
    situation.put(site.store)
    seen.open(situation.page)
    looked_at(seen, "inventory without its bucket", shots)
