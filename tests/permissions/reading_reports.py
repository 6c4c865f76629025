"""Asking the API's function for an inventory, its reports and what they say, as far as there is any."""

from chalicelib.api.routes import ONE
from tests.permissions.playing import Function


def read_reports(api: Function, status: int) -> None:
    """Everything that can be read of `data/daily`; this is the status of the newest report's summary."""
    named = {"bucket": "data", "id": "daily"}
    assert api.ask("GET", ONE, named=named).status == 200
    assert api.ask("GET", ONE + "/trend", named=named).status == 200
    newest = api.ask("GET", ONE + "/reports", named=named, limit="5").body["items"][0]["id"]
    about = {**named, "report": newest}
    assert api.ask("GET", ONE + "/reports/{report}/summary", named=about).status == status
    assert api.ask("GET", ONE + "/reports/{report}/open", named=about, **{"with": "trino"}).status == 200
