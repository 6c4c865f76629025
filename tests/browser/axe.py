"""axe-core looks at a page as it stands in the browser (dequeuniversity.com/rules/axe).

It is put into the page by the driver, past the Content-Security-Policy, which stays as it is.
"""

from functools import cache
from importlib import resources
from typing import Any

from playwright.sync_api import Page

_RUN = """options => axe.run(document, options).then(found => (
  {violations: found.violations, looked: found.passes.length + found.violations.length}))"""


def violations(page: Page, *rules: str) -> list[str]:
    """What is wrong with the page, a line for each element, by these rules or by all usual ones."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found = page.evaluate(_RUN, {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})})
    assert found["looked"], "axe-core has looked at nothing"
    return [line for each in found["violations"] for line in _lines(each)]


def _lines(violation: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for node in violation["nodes"]
    ]


@cache
def _source() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
