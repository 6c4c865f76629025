"""The page of an inventory in a browser, in every situation that one can be in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.browser.browsing import Browsing
from tests.browser.hostile import EVERY, hostile
from tests.browser.looking import looked_at
from tests.browser.site import Site
from tests.browser.situations import Situation, situations

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.mark.parametrize("situation", situations(NOW), ids=lambda each: each.word)
def test_it_is_right_in_every_situation(
    seen: Browsing, site: Site, shots: Path | None, situation: Situation
) -> None:
    situation.put(site.store)
    seen.open(situation.page)
    looked_at(seen, f"inventory {situation.word}", shots)


def test_it_is_right_with_texts_of_others(seen: Browsing, site: Site, shots: Path | None) -> None:
    situation = hostile(NOW, EVERY)
    situation.put(site.store)
    seen.open(situation.page)
    looked_at(seen, "inventory hostile", shots)
