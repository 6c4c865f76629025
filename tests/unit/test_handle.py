"""Around every view: scopes, errors as answers, and a bug that is logged and not shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from chalicelib.api.handle import authorized, handled
from chalicelib.api.routes import Route
from chalicelib.api.web import Answer, Ask
from chalicelib.core.access import Credentials, Scope, SecretsDocument, Token
from chalicelib.errors import Misconfigured, NotFound
from chalicelib.ports import Turn
from chalicelib.templates.pages import Pages
from chalicelib.wiring import Services
from tests.fakes import FakeClock, FakeTurn


class FakeServices:
    """Services of which only the secrets are there; reading them may fail."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.secrets = self

    @contextmanager
    def turn(self, name: str, seconds: float, id: str) -> Iterator[Turn]:
        yield FakeTurn(FakeClock(), seconds, id=id)

    def read(self) -> SecretsDocument:
        if self.error is not None:
            raise self.error
        digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"  # of "secret"
        return SecretsDocument(Credentials("", ""), tokens=(Token("ops", digest, "write"),))


def services(error: Exception | None = None) -> Services:
    return cast(Services, FakeServices(error))


def answered(result: Answer | Exception, needed: Scope | None, scope: Scope | None) -> Answer:
    """The answer of a route whose view answers or raises this."""

    def view(ask: Ask, made: Services, turn: Turn) -> Answer:
        if isinstance(result, Exception):
            raise result
        return result

    return handled(Route("GET", "/x", "x", view, needed), Ask("GET", scope=scope), services)


def reasons(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of what went wrong."""
    return [vars(each)["reason"] for each in caplog.records]


GOOD = Answer(200, {"good": True})


@pytest.mark.parametrize(
    ("needed", "scope", "status"),
    [
        (None, None, 200),
        ("read", "read", 200),
        ("read", "write", 200),
        ("write", "write", 200),
        ("write", "read", 403),
        ("read", None, 401),
        ("write", None, 401),
    ],
)
def test_a_view_is_asked_only_within_its_scope(
    needed: Scope | None, scope: Scope | None, status: int
) -> None:
    assert answered(GOOD, needed, scope).status == status


def test_a_view_out_of_scope_is_not_even_called() -> None:
    assert answered(AssertionError("called"), "write", "read").status == 403


def test_an_expected_error_is_an_answer() -> None:
    answer = answered(NotFound("There is no such thing."), None, None)
    assert (answer.status, answer.body["detail"]) == (404, "There is no such thing.")


def test_a_bug_is_logged_and_answered_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    answer = answered(KeyError("canary"), None, None)
    assert (answer.status, answer.body["title"]) == (500, "A bug in Stocktake")
    assert "canary" not in answer.text()
    (logged,) = caplog.records
    assert (logged.levelname, vars(logged)["route"]) == ("ERROR", "GET /x")
    assert logged.exc_info is not None
    assert logged.exc_info[0] is KeyError


def test_services_that_cannot_be_made_are_answered_without_the_reason(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> Services:
        raise Misconfigured("STOCKTAKE_STORE is wrong")

    answer = handled(Route("GET", "/x", "x", lambda *_: GOOD, None), Ask("GET"), broken)
    assert answer.status == 503
    assert "STOCKTAKE" not in answer.text()
    assert reasons(caplog) == ["STOCKTAKE_STORE is wrong"]


def test_a_good_token_is_known_and_a_bad_one_is_not() -> None:
    known = authorized(services, "Bearer secret")
    assert known is not None
    assert (known.name, known.scope) == ("ops", "write")
    assert authorized(services, "Bearer other") is None
    assert authorized(services, None) is None


def test_secrets_that_cannot_be_read_let_nobody_in_and_are_no_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = Misconfigured("There is no secrets document at x")
    with pytest.raises(Misconfigured):
        authorized(lambda: services(error), "Bearer secret")
    assert reasons(caplog) == ["There is no secrets document at x"]


def test_settings_that_will_not_do_let_nobody_in(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Services:
        raise Misconfigured("STOCKTAKE_STORE is wrong")

    with pytest.raises(Misconfigured):
        authorized(broken, "Bearer secret")
    assert reasons(caplog) == ["STOCKTAKE_STORE is wrong"]


def test_an_answer_names_the_request_and_a_write_is_logged_under_that_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    route = Route("PUT", "/x/{bucket}", "x", lambda *_: GOOD, "write")
    ask = Ask("PUT", {"bucket": "data"}, scope="write", id="request-1", by="ops")
    answer = handled(route, ask, services)
    assert answer.headers["X-Request-Id"] == "request-1"
    (line,) = (vars(each) for each in caplog.records)
    assert {name: line[name] for name in ("correlation_id", "route", "by", "bucket", "status")} == {
        "correlation_id": "request-1",
        "route": "PUT /x/{bucket}",
        "by": "ops",
        "bucket": "data",
        "status": 200,
    }


def test_reading_leaves_no_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    answered(GOOD, "read", "read")
    assert caplog.records == []


class WithPages(FakeServices):
    """Services whose pages are there, or fail."""

    def __init__(self, pages: object) -> None:
        super().__init__()
        self.pages = pages


def seen(pages: object, headers: dict[str, str], method: str = "POST") -> Answer:
    """The answer of a page's view that finds nothing, to a request with these headers."""

    def view(ask: Ask, made: Services, turn: Turn) -> Answer:
        raise NotFound("There is no <inventory>.")

    route = Route(method, "/x", "x", view, "write", page=True)
    ask = Ask(method, headers=headers, scope="write", id="7", base="/api")
    return handled(route, ask, lambda: cast(Services, WithPages(pages)))


def test_the_error_of_a_page_is_a_page() -> None:
    answer = seen(Pages(), {})
    assert (answer.status, answer.media_type) == (404, "text/html; charset=utf-8")
    assert "There is no &lt;inventory&gt;." in answer.text()
    assert 'href="/api/"' in answer.text()
    assert answer.headers["X-Request-Id"] == "7"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_error_of_a_page_is_told_where_pages_fail() -> None:
    answer = seen(None, {})
    assert (answer.status, answer.media_type) == (404, "application/problem+json")


def test_another_site_writes_nothing() -> None:
    answer = seen(Pages(), {"sec-fetch-site": "cross-site"})
    assert answer.status == 403
    assert "page of another site" in answer.text()


def test_another_site_may_lead_to_a_page() -> None:
    assert seen(Pages(), {"sec-fetch-site": "cross-site"}, "GET").status == 404


def test_another_site_writes_nothing_through_the_api() -> None:
    def view(ask: Ask, made: Services, turn: Turn) -> Answer:
        raise AssertionError("never asked")

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        ask = Ask(method, headers={"origin": "https://evil.example", "host": "here"}, scope="write")
        answer = handled(Route(method, "/x", "x", view, "write"), ask, services)
        assert (answer.status, answer.body["type"]) == (403, "urn:stocktake:problem:cross-site")
