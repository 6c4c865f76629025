"""What a browser asks for and sends of the forms, for the tests that hold answers against the document."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

from tests.app.asking import body

PAGE = "/inventories/{bucket}/{id}/page"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask_by_a_browser(ask: Callable[..., None]) -> None:
    """The form, what it sends, and what the buttons of an inventory's page send."""

    def send(template: str, status: int, **fields: str) -> None:
        ask("POST", template, status, urlencode(fields).encode(), headers=FORM)

    ask("GET", "/form", 200)
    ask("GET", "/form", 422, query="?x=y")
    asked = {"bucket": "data", "id": "daily", "body": json.dumps(body())}
    send("/form", 422, action="plan")
    send("/form", 200, action="edit", **asked)
    send("/form", 412, action="apply", **asked)
    send("/form", 303, action="apply", **{**asked, "id": "typed"})
    send("/form", 400, action="apply", **{**asked, "body": "{"})
    send(PAGE, 303, action="check")
    send(PAGE, 200, action="remove")
    send(PAGE, 412, action="remove", confirm="yes", version="99")
    send(PAGE, 404, action="redrive", notice="0" * 8)
    send(PAGE, 422, action="dance")
    for template in ("/form", PAGE):
        ask("POST", template, 415, {})
        ask("POST", template, 413, b"a" * 70_000, headers=FORM)
