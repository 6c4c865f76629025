"""The table of routes: what `app.py` registers, what the OpenAPI document lists, what the tests walk."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.api import views
from chalicelib.api.openapi import document
from chalicelib.api.web import Answer, Ask
from chalicelib.core.access import Scope
from chalicelib.wiring import Services

View = Callable[[Ask, Services], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One route. `scope` is what a token needs, None where no token is asked for."""

    method: str
    path: str
    view: View
    scope: Scope | None


ONE = "/inventories/{bucket}/{id}"


def openapi(ask: Ask, services: Services) -> Answer:
    """This API, as an OpenAPI document."""
    ask.allow_query()
    table = tuple((each.method, each.path, each.view.__name__, each.scope) for each in ROUTES)
    return Answer(200, document(table))


ROUTES = (
    Route("GET", "/health", views.health, None),
    Route("GET", "/openapi.json", openapi, None),
    Route("GET", "/inventories", views.list_inventories, "read"),
    Route("PUT", ONE, views.put_inventory, "write"),
    Route("GET", ONE, views.get_inventory, "read"),
    Route("PATCH", ONE, views.patch_inventory, "write"),
    Route("DELETE", ONE, views.delete_inventory, "write"),
    Route("POST", ONE + "/check", views.check_inventory, "write"),
    Route("GET", ONE + "/reports", views.list_reports, "read"),
)
