"""The table of routes: what `app.py` registers, what the OpenAPI document lists, what the tests walk."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from chalicelib.api.web import Answer, Ask
from chalicelib.core.access import Scope
from chalicelib.ports import Turn
from chalicelib.wiring import Services

View = Callable[[Ask, Services, Turn], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One route. `name` is that of its view; `scope` is what a token needs, None where none is asked for.

    `page` says that people look at it in a browser, so that errors are pages, too.
    """

    method: str
    path: str
    name: str
    view: View
    scope: Scope | None
    page: bool = False


ONE = "/inventories/{bucket}/{id}"


def _route(
    method: str, path: str, module: str, name: str, scope: Scope | None, *, page: bool = False
) -> Route:
    """A route whose view is loaded when it is asked for the first time.

    All functions of the deployment import this table, and a cold start pays for every import.
    """

    def view(ask: Ask, services: Services, turn: Turn) -> Answer:
        found = cast(View, getattr(import_module(f"chalicelib.api.{module}"), name))
        return found(ask, services, turn)

    return Route(method, path, name, view, scope, page)


ROUTES = (
    _route("GET", "/", "status", "status_page", "read", page=True),
    _route("GET", "/health", "reading", "health", None),
    _route("GET", "/openapi.json", "openapi", "openapi", None),
    _route("GET", "/inventories", "reading", "list_inventories", "read"),
    _route("PUT", ONE, "writing", "put_inventory", "write"),
    _route("GET", ONE, "reading", "get_inventory", "read"),
    _route("PATCH", ONE, "writing", "patch_inventory", "write"),
    _route("DELETE", ONE, "writing", "delete_inventory", "write"),
    _route("POST", ONE + "/check", "writing", "check_inventory", "write"),
    _route("GET", ONE + "/reports", "reading", "list_reports", "read"),
    _route("GET", ONE + "/reports/{report}/summary", "contents", "get_summary", "read"),
    _route("GET", ONE + "/reports/{report}/open", "opening", "open_report", "read"),
    _route("GET", ONE + "/trend", "contents", "list_trend", "read"),
    _route("GET", ONE + "/badge", "badge", "get_badge", "read"),
    _route("GET", "/badge/{bucket}/{file}", "badge", "badge", None),
    _route("GET", ONE + "/history", "history", "list_history", "read"),
    _route("POST", ONE + "/restore/{number}", "writing", "restore_inventory", "write"),
    _route("GET", ONE + "/page", "inventory_page", "inventory_page", "read", page=True),
    _route("GET", ONE + "/plan", "plans", "get_plan", "read"),
    _route("GET", ONE + "/export", "plans", "export_inventory", "read"),
    _route("GET", "/form", "form", "get_form", "read", page=True),
    _route("POST", "/form", "form", "post_form", "write", page=True),
    _route("POST", ONE + "/page", "actions", "act", "write", page=True),
    _route("POST", "/preflight", "preflight", "preflight", "write"),
    _route("GET", "/buckets", "buckets", "list_buckets", "read"),
    _route("GET", "/buckets/{bucket}/inventories", "buckets", "list_bucket_inventories", "read"),
    _route("POST", ONE + "/adopt", "adopting", "adopt_inventory", "write"),
    _route("POST", "/adopt", "adopting", "adopt_many", "write"),
    _route("POST", "/apply", "adopting", "apply_many", "write"),
    _route("GET", "/notices", "notices", "list_notices", "read"),
    _route("GET", "/notices/{notice}", "notices", "get_notice", "read"),
    _route("POST", "/notices/{notice}/redrive", "notices", "redrive_notice", "write"),
    _route("GET", "/channels", "channels", "get_channels", "read"),
    _route("POST", "/channels/{channel}/test", "channels", "try_channel", "write"),
)
