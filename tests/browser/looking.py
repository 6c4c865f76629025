"""A page looked at in every way that it may be shown: light and dark, wide and narrow."""

import itertools
import re
from pathlib import Path

from tests.browser.axe import violations
from tests.browser.browsing import NARROW, NARROWEST, WIDE, Browsing, Scheme

SCHEMES: tuple[Scheme, ...] = ("light", "dark")

_STICKING_OUT = """() => {
  const found = [], range = document.createRange();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    range.selectNodeContents(texts.currentNode);
    const scrolls = texts.currentNode.parentElement.closest('.scroll, pre');
    const beyond = range.getBoundingClientRect().right > document.documentElement.clientWidth;
    if (beyond && !scrolls) found.push(texts.currentNode.textContent.trim().slice(0, 80));
  }
  return found.slice(0, 5);
}"""


def faults(seen: Browsing) -> list[str]:
    """What is wrong with the page that is open, in each way; nothing where it is right."""
    found = []
    for width, scheme in itertools.product((WIDE, NARROW), SCHEMES):
        seen.look(scheme, width)
        rules = () if scheme == "light" else ("color-contrast",)  # nothing else depends on the colours
        found += [f"{scheme}, {width} wide: {each}" for each in violations(seen.page, *rules)]
    seen.look("light", NARROWEST)
    if seen.overhang > 0:
        found.append(f"{NARROWEST} wide: {seen.overhang} pixels of it stand out: {sticking_out(seen)}")
    seen.look("light", WIDE)
    return found


def sticking_out(seen: Browsing) -> list[str]:
    """The texts that go beyond the window, without those in what scrolls by itself."""
    found: list[str] = seen.page.evaluate(_STICKING_OUT)
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
