"""`make pictures`: how notices look, as the pictures that the README shows; with `--all`, every one of them.

What Slack and a mail reader make of a notice is drawn by Chromium, without any network. The README's pictures
go into `docs/pictures`. With `--all` each kind is drawn, in Slack and as mail in light and in dark, with a
sheet of all of them for each, and the plain text of the mails in one file; they are for looking at, and go
into `.local/pictures`.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from chalicelib.core.notice import Notice
from chalicelib.templates.mail import message
from chalicelib.templates.slack import payload
from local.browser import Browser, find_browser
from local.inbox.page import render_page
from local.inbox.slack import as_received
from local.sample_notices import samples
from local.small_png import with_palette

PAGES = "https://stocktake.example.com/api"
"""Where the links of the notices lead."""

_WIDTH = 700
_PIXELS = 1.5
"""Of the picture, for one of the page: sharp on a fine screen, too, where the README shows it smaller."""

_COLOURS = 24
"""Text on plain ground has few; more would only make the pictures larger."""

_README = {
    "landed-slack": ("landed", "slack", False),
    "landed-mail": ("landed", "mail", False),
    "landed-mail-dark": ("landed", "mail", True),
    "overdue-slack": ("overdue", "slack", False),
    "drift-found-slack": ("drift-found", "slack", False),
    "drift-found-mail": ("drift-found", "mail", False),
}

_MESSAGE_ALONE = """<style>
.top, .meta, details { display: none !important; }
main { max-width: none; padding: 12px; }
article { margin: 0; }
</style></head>"""

_SHEET = """<!DOCTYPE html><meta charset="utf-8"><style>
:root { color-scheme: light dark; }
body { margin: 16px; columns: 3; column-gap: 16px; font: 14px Arial; }
figure { margin: 0 0 20px; break-inside: avoid; }
iframe { border: 1px solid gray; display: block; }
</style>"""

_DIGEST = "digest"


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the pictures; the exit status is 2 where there is no Chromium."""
    parser = argparse.ArgumentParser(prog="python -m local.pictures")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/pictures"))
    parser.add_argument("--all", action="store_true", help="every kind of notice, and sheets of them")
    asked = parser.parse_args(arguments)
    program = find_browser()
    if program is None:
        print("There is no chromium on the path, which draws the pictures.", file=sys.stderr)
        return 2
    folder: Path = asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    if asked.all:
        _draw_all(program, folder)
    else:
        _draw_readme(program, folder)
    return 0


def _draw_readme(program: str, folder: Path) -> None:
    for name, (sample, channel, dark) in _README.items():
        page, picture = pages(channel)[sample], folder / f"{name}.png"
        Browser(program, pixels=_PIXELS, dark=dark).draw(page, picture, _WIDTH)
        picture.write_bytes(with_palette(picture.read_bytes(), _COLOURS))
        print(f"{picture}: {picture.stat().st_size:,} bytes")


def _draw_all(program: str, folder: Path) -> None:
    """One channel after the other: the sheet of all notices, then each by itself."""
    texts = (_mail([each], "plain") for each in samples().values())
    (folder / "mail.txt").write_text(f"\n{'=' * 78}\n".join(texts), encoding="utf-8")
    for channel, dark in (("slack", False), ("mail", False), ("mail", True)):
        browser = Browser(program, dark=dark)
        drawn = pages(channel)
        heights = browser.heights(list(drawn.values()), _WIDTH)
        high = dict(zip(drawn, heights, strict=True))
        which = f"{channel}-dark" if dark else channel
        browser.draw(_sheet(drawn, high), folder / f"sheet-{which}.png", 3 * _WIDTH + 80)
        print(f"{folder / f'sheet-{which}.png'}: {len(drawn)} notices", flush=True)
        for name, page in drawn.items():
            browser.draw_as_high(page, folder / f"{name}-{which}.png", _WIDTH, high[name])


def pages(channel: str) -> dict[str, str]:
    """Each sample, and a digest of all, as a page that shows what the channel's reader makes of it."""
    told = {name: [each] for name, each in samples().items()}
    told[_DIGEST] = [each for one in told.values() for each in one]
    drawn = {name: _slack(each) if channel == "slack" else _mail(each, "html") for name, each in told.items()}
    # the first font that most readers have, too
    return {name: page.replace("system-ui", "Arial") for name, page in drawn.items()}


def _slack(told: Sequence[Notice]) -> str:
    posted = payload(told, PAGES)
    post = as_received(posted, "{}", "/slack/storage-team", told[-1].created_at)
    return render_page([post], refresh=False).replace("</head>", _MESSAGE_ALONE, 1)


def _mail(told: Sequence[Notice], subtype: str) -> str:
    part = message(told, "stocktake@example.com", ("storage@example.com",), PAGES).get_body((subtype,))
    return str(part.get_content()) if part else ""


def _sheet(drawn: Mapping[str, str], high: Mapping[str, int]) -> str:
    frames = (
        f"<figure><figcaption>{escape(name)}</figcaption>"
        f'<iframe width="{_WIDTH}" height="{high[name]}" srcdoc="{escape(page)}"></iframe></figure>'
        for name, page in drawn.items()
    )
    return _SHEET + "".join(frames)


if __name__ == "__main__":
    sys.exit(main())
