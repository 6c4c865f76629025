"""The platform slow, throttling, away or refusing: never a 5xx, and it goes on when the platform does."""

import json
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.api.handle import handled
from chalicelib.api.routes import ROUTES
from chalicelib.api.web import Answer, Ask
from chalicelib.settings import read_settings
from chalicelib.wiring import Services
from local.platform import StandIn
from tests.app.asking import body, touched


class FakeTurn:
    """Half a second of a clock that only waiting moves."""

    id = "turn-1"

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self._end = self._now + timedelta(seconds=0.5)

    def now(self) -> datetime:
        return self._now

    def has_time(self) -> bool:
        return self._now < self._end

    def wait(self, seconds: float) -> None:
        self._now = min(self._now + timedelta(seconds=seconds), self._end)

    def measure(self, what: str, number: float = 1) -> None:
        """Nothing is made of it."""


class Views:
    """The views without HTTP, with a turn that takes no time."""

    def __init__(self, **changes: str) -> None:
        self.services = Services(read_settings({**os.environ, **changes}), lambda _: FakeTurn())

    def ask(self, method: str, path: str = "", content: Any = None, **query: str) -> Answer:
        route = next(
            e for e in ROUTES if e.method == method and e.path == "/inventories/{bucket}/{id}" + path
        )
        sent = b"" if content is None else json.dumps(content).encode()
        ask = Ask(method, {"bucket": "data", "id": "daily"}, query, {}, sent, "write")
        answer = handled(route, ask, lambda: self.services)
        assert answer.status < 500, answer.body
        return answer


@pytest.fixture
def views(settings: None) -> Iterator[Views]:
    made = Views()
    yield made
    made.services.store.close()  # type: ignore[attr-defined]


AWAY: list[dict[str, Any]] = [
    {"error": "SlowDown"},
    {"error": 503},
    {"cut": "before"},
]
ids = [str(each) for each in AWAY]


@pytest.mark.parametrize("trouble", AWAY, ids=ids)
def test_a_platform_that_is_away_lets_a_request_wait_and_check_goes_on(
    views: Views, platform: StandIn, trouble: dict[str, Any]
) -> None:
    platform.fault("*", times=None, **trouble)
    answer = views.ask("PUT", content=body())
    assert (answer.status, answer.body["state"], answer.body["steps"]) == (202, "pending", [])
    assert views.ask("GET").body["state"] == "pending"
    assert views.ask("POST", "/check").status == 202
    platform.clear_faults()
    answer = views.ask("POST", "/check")
    assert (answer.status, answer.body["state"]) == (200, "applied")
    assert platform.configuration("data", "daily") is not None


@pytest.mark.parametrize(
    "operation", ["PutBucketPolicy", "PutBucketInventoryConfiguration", "GetBucketInventoryConfiguration"]
)
def test_a_step_that_does_not_come_through_in_time_is_gone_on_with(
    views: Views, platform: StandIn, operation: str
) -> None:
    platform.fault(operation, error="SlowDown", times=None)
    answer = views.ask("PUT", content=body())
    assert (answer.status, answer.body["state"]) == (202, "pending")
    platform.clear_faults()
    assert views.ask("PUT", content=body()).status == 200
    assert views.ask("GET").body["state"] == "applied"


def test_a_grant_that_spreads_slowly_is_waited_for_and_then_pending(views: Views, platform: StandIn) -> None:
    platform.options.visible_after = 3600
    answer = views.ask("PUT", content=body())
    assert (answer.status, answer.body["state"]) == (202, "pending")
    assert "does not show" in answer.body["reason"]


def test_a_platform_that_cannot_be_reached_is_waited_for(settings: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    views = Views(STOCKTAKE_ENDPOINT_URL=f"http://127.0.0.1:{port}")
    assert views.ask("PUT", content=body()).status == 202
    dry = views.ask("PUT", content=body(), dry_run="true")
    assert (dry.status, dry.body["steps"]) == (200, [])
    assert dry.body["warnings"][0].startswith("There is no plan, because the platform did not answer: Get")
    assert views.ask("DELETE").status == 202
    views.services.store.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("operation", ["GetBucketPolicy", "GetBucketInventoryConfiguration"])
def test_what_may_not_be_looked_at_is_refused_at_once(
    views: Views, platform: StandIn, operation: str
) -> None:
    platform.fault(operation, error="AccessDenied", times=None)
    answer = views.ask("PUT", content=body())
    assert (answer.status, answer.body["title"]) == (409, "The state of the platform forbids it")
    assert views.ask("GET").status == 404
    assert touched(platform) == []


def test_what_the_platform_refuses_later_makes_the_record_failed(views: Views, platform: StandIn) -> None:
    platform.fault("PutBucketPolicy", error="AccessDenied", times=None)
    answer = views.ask("PUT", content=body())
    assert answer.body["state"] == "failed"
    assert "AccessDenied" in answer.body["reason"]
    platform.clear_faults()
    assert views.ask("PUT", content=body()).body["state"] == "applied"


@pytest.mark.parametrize("trouble", [*AWAY, {"error": "AccessDenied"}], ids=[*ids, "denied"])
def test_a_look_that_fails_is_unknown(views: Views, platform: StandIn, trouble: dict[str, Any]) -> None:
    views.ask("PUT", content=body())
    platform.fault("*", times=None, **trouble)
    answer = views.ask("POST", "/check")
    assert (answer.status, answer.body["drift"]["status"]) == (200, "unknown")
    assert answer.body["drift"]["reason"]
    assert answer.body["state"] == "applied"
    assert views.ask("GET").body["drift"] == answer.body["drift"]
    platform.clear_faults()
    assert views.ask("POST", "/check").body["drift"]["status"] == "in_sync"


def test_a_removal_that_has_to_wait_is_gone_on_with(views: Views, platform: StandIn) -> None:
    views.ask("PUT", content=body())
    platform.fault("DeleteBucketInventoryConfiguration", error="SlowDown", times=None)
    answer = views.ask("DELETE")
    assert (answer.status, answer.body["state"]) == (202, "pending")
    platform.clear_faults()
    gone = views.ask("POST", "/check")
    assert (gone.status, gone.body["detail"]) == (404, "The inventory data/daily is removed now.")
    assert platform.configuration("data", "daily") is None


def test_a_removal_that_the_platform_refuses_is_no_success(views: Views, platform: StandIn) -> None:
    views.ask("PUT", content=body())
    platform.fault("DeleteBucketInventoryConfiguration", error="AccessDenied", times=None)
    answer = views.ask("DELETE")
    assert (answer.status, answer.body["type"]) == (409, "urn:stocktake:problem:refused")
    assert "AccessDenied" in answer.body["detail"]
    assert views.ask("GET").body["state"] == "failed"
    platform.clear_faults()
    assert views.ask("DELETE").status == 200


def test_a_removal_whose_look_is_refused_changes_nothing(views: Views, platform: StandIn) -> None:
    views.ask("PUT", content=body())
    platform.fault("GetBucketInventoryConfiguration", error="AccessDenied", times=None)
    assert views.ask("DELETE").status == 409
    platform.clear_faults()
    assert views.ask("GET").body["state"] == "applied"
