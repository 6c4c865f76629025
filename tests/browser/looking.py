"""A page looked at in every way that it may be shown: light and dark, wide and narrow."""

import itertools
import re
from pathlib import Path

from tests.browser.axe import violations
from tests.browser.browsing import NARROW, NARROWEST, WIDE, Browsing, Scheme

SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def faults(seen: Browsing) -> list[str]:
    """What is wrong with the page that is open, in each way; nothing where it is right."""
    found = []
    for width, scheme in itertools.product((WIDE, NARROW), SCHEMES):
        seen.look(scheme, width)
        found += [f"{scheme}, {width} wide: {each}" for each in violations(seen.page)]
    seen.look("light", NARROWEST)
    if seen.overhang > 0:
        found.append(f"{NARROWEST} wide: {seen.overhang} pixels of it stand out: {sticking_out(seen)}")
    seen.look("light", WIDE)
    return found


def sticking_out(seen: Browsing) -> list[str]:
    """The elements that are wider than the window, without those that scroll by themselves."""
    found: list[str] = seen.page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(each =>
             each.getBoundingClientRect().right > document.documentElement.clientWidth + 1
             && !each.closest('.scroll, pre')
           ).map(each => `${each.tagName} ${each.className} ${each.textContent.slice(0, 40)}`).slice(0, 5)"""
    )
    return found


def draw(seen: Browsing, folder: Path, name: str) -> None:
    """Pictures of the whole page that is open, in each way."""
    plain = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
    for width, scheme in itertools.product((WIDE, NARROW), SCHEMES):
        seen.look(scheme, width)
        seen.page.screenshot(path=folder / f"{plain}-{width}-{scheme}.png", full_page=True)
    seen.look("light", WIDE)


def looked_at(seen: Browsing, name: str, shots: Path | None) -> None:
    """Draw the page where pictures are wanted. Fails where something is wrong with it."""
    if shots is not None:
        draw(seen, shots, name)
    found = faults(seen)
    assert not found, "\n".join(found)
