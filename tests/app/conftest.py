"""The application over real HTTP, against the platform stand-in, with a fresh store for each test."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from chalicelib.wiring import services
from local.http_gateway import HttpGateway
from local.platform import StandIn
from tests.app.asking import APPLICATION, ORGANIZATION, TEAM, Api, environment, make_buckets, secrets_document


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    with StandIn([APPLICATION, TEAM], ORGANIZATION) as platform:
        yield platform


@pytest.fixture(scope="module")
def gateway() -> Iterator[HttpGateway]:
    with HttpGateway(app.app, "127.0.0.1", 0) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@pytest.fixture
def platform(running: StandIn) -> StandIn:
    """The platform with the buckets `data` and `reports`, without policies."""
    running.reset()
    make_buckets(running, "data", "reports")
    return running


@pytest.fixture
def secrets_file(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps(secrets_document()))
    return path


@pytest.fixture
def settings(
    platform: StandIn, secrets_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The environment of the application, and its services made anew."""
    yield from configured(monkeypatch, tmp_path, platform)


@pytest.fixture
def api(gateway: HttpGateway, settings: None) -> Api:
    return Api(gateway.url)


@pytest.fixture(scope="module")
def shared(
    running: StandIn, gateway: HttpGateway, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Api, StandIn]]:
    """Application and platform for all tests of a module: for requests of which nothing must come."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "secrets.json").write_text(json.dumps(secrets_document()))
    running.reset()
    make_buckets(running, "data", "reports")
    with pytest.MonkeyPatch.context() as patch:
        for _ in configured(patch, folder, running):
            yield Api(gateway.url), running


def configured(patch: pytest.MonkeyPatch, folder: Path, platform: StandIn) -> Iterator[None]:
    """Set the environment, and forget the services before and after."""
    for name, value in environment(folder, platform.url).items():
        patch.setenv(name, value)
    services.cache_clear()
    yield
    services().store.close()  # type: ignore[attr-defined]
    services.cache_clear()
