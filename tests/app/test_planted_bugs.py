"""A bug, planted behind real HTTP: answered as a problem, logged, and nothing of it is shown."""

import threading
from collections.abc import Iterator
from typing import cast

import pytest
from chalice.app import AuthRequest, AuthResponse, Chalice, Response

from chalicelib.api.handle import handled
from chalicelib.api.routes import ROUTES
from chalicelib.api.web import Ask
from chalicelib.wiring import Services
from local.http_gateway import HttpGateway
from tests.app.asking import Api


class BrokenServices:
    """Whatever a view asks for raises, as a bug would."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError("canary of the bug")


def broken_app() -> Chalice:
    """The real views of `GET /inventories` on broken services, and a route whose authorizer is broken."""
    app = Chalice(app_name="broken", configure_logs=False)
    route = next(each for each in ROUTES if each.path == "/inventories")

    @app.authorizer()
    def guard(request: AuthRequest) -> AuthResponse:
        raise RuntimeError("canary of the bug")

    @app.route("/inventories")
    def view() -> Response:
        answer = handled(route, Ask("GET", scope="read"), lambda: cast(Services, BrokenServices()))
        return Response(answer.text(), {"Content-Type": answer.media_type}, answer.status)

    @app.route("/guarded", authorizer=guard)
    def guarded() -> Response:
        return Response("never", status_code=200)

    return app


@pytest.fixture
def broken() -> Iterator[Api]:
    with HttpGateway(broken_app(), "127.0.0.1", 0) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield Api(server.url)
        server.shutdown()
        serving.join()


@pytest.mark.parametrize("path", ["/inventories", "/guarded"])
def test_a_bug_is_a_problem_that_shows_nothing_of_itself(
    broken: Api, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    reply = broken.get(path)
    assert (reply.status, reply.json["type"]) == (500, "urn:stocktake:problem:bug")
    assert reply.headers["content-type"] == "application/problem+json"
    assert b"canary" not in reply.content
    assert [each.getMessage() for each in caplog.records] == ["a bug while answering"]
    assert "canary of the bug" in str(caplog.records[0].exc_info)
    assert broken.get("/nothing").status == 404
