"""Somebody without a mouse: Tab, Enter, Space and letters, and an eye on where the focus is."""

from dataclasses import dataclass

from playwright.sync_api import Page

_FOCUS = """() => {
  const on = document.activeElement, look = getComputedStyle(on), box = on.getBoundingClientRect();
  const label = on.labels && on.labels.length ? on.labels[0].innerText : '';
  return {
    tag: on.tagName.toLowerCase(), name: on.getAttribute('name') || '', value: on.value || '',
    href: on.getAttribute('href') || '',
    words: (on.getAttribute('aria-label') || label || on.innerText || '').trim().split('\\n')[0],
    ringed: on.matches(':focus-visible') && look.outlineStyle !== 'none'
      && parseFloat(look.outlineWidth) >= 2,
    there: box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth
      && box.bottom > 0 && box.top < innerHeight,
  };
}"""
_MOST = 400


@dataclass(frozen=True)
class Stop:
    """What has the focus. `ringed` says that this is to be seen, `there` that it is in the window."""

    tag: str
    name: str
    value: str
    href: str
    words: str
    ringed: bool
    there: bool


class Keyboard:
    """Presses keys in a window. Each stop on the way has to be in the window, with a ring around it."""

    def __init__(self, page: Page) -> None:
        self._page = page

    @property
    def focus(self) -> Stop:
        """What has the focus now."""
        return Stop(**self._page.evaluate(_FOCUS))

    def press(self, *keys: str) -> None:
        """One after the other."""
        for each in keys:
            self._page.keyboard.press(each)

    def write(self, text: str) -> None:
        """Letter by letter into what has the focus, in the place of what is in it."""
        self.press("ControlOrMeta+a")
        self._page.keyboard.type(text)

    def follow(self) -> None:
        """Enter, on what leads to another page; waits until that is there."""
        with self._page.expect_navigation():
            self.press("Enter")

    def tab(self) -> Stop:
        """One stop further. Fails where it cannot be seen."""
        self.press("Tab")
        stop = self.focus
        if stop.tag != "body":  # past the last one, the browser's own controls follow
            assert stop.ringed, f"no ring to be seen: {stop}"
            assert stop.there, f"out of the window: {stop}"
        return stop

    def to(self, *, words: str | None = None, name: str | None = None, value: str | None = None) -> Stop:
        """Tab until there is what is called so. Fails where that never comes."""
        passed: list[Stop] = []
        for _ in range(_MOST):
            stop = self.tab()
            if stop.tag == "body" and passed:
                break
            passed.append(stop)
            if (
                (words is None or stop.words.startswith(words))
                and name in (None, stop.name)
                and value in (None, stop.value)
            ):
                return stop
        raise AssertionError(f"no stop called {words or name or value}: {passed}")

    def round(self) -> list[Stop]:
        """All stops from here to the last of the page."""
        stops: list[Stop] = []
        while (stop := self.tab()).tag != "body":
            assert len(stops) < _MOST, "the way has no end"
            stops.append(stop)
        return stops
