"""Errors as pages: what is wrong, and the way back, for who came by a link that leads nowhere."""

from pathlib import Path

import pytest

from tests.browser.browsing import Browsing
from tests.browser.looking import looked_at
from tests.browser.site import Site


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?page=0", 422),
        ("/?nothing=of-the-kind", 422),
        ("/inventories/nobody/knows/page", 404),
        ("/form?nothing=of-the-kind", 422),
    ],
)
def test_an_error_is_a_page(seen: Browsing, site: Site, shots: Path | None, path: str, status: int) -> None:
    seen.open(path, status)
    assert f"Status {status}" in seen.text
    looked_at(seen, f"problem {path}", shots)
    seen.page.get_by_role("link", name="All inventories").click()
    assert seen.page.url == site.url + "/"
