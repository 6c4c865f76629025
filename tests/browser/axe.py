"""axe-core looks at a page as it stands in the browser (dequeuniversity.com/rules/axe).

It is put into the page by the driver, past the Content-Security-Policy, which stays as it is.
"""

from functools import cache
from importlib import resources
from typing import Any

from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """What is wrong with the page, a line for each element, by all rules that axe-core has switched on."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"], "axe-core has looked at nothing"
    return [line for each in found["violations"] for line in _lines(each)]


def _lines(violation: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for node in violation["nodes"]
    ]


@cache
def _source() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
