"""The application as the browser meets it: over HTTP, with SQLite, beside the platform stand-in."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import app
from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.ports import StateStore
from chalicelib.wiring import services
from local.http_gateway import HttpGateway
from local.platform import StandIn
from tests.app.asking import Api, environment, make_buckets, secrets_document

BADGE_KEY = "badge-key-of-the-tests-with-some-length"


@dataclass(frozen=True)
class Site:
    """A running application with nothing in its store, and the buckets `data` and `reports`."""

    url: str
    platform: StandIn

    @property
    def store(self) -> StateStore:
        """The application's own, so that a test can put anything into it."""
        return services().store

    def store_at(self, path: Path) -> None:
        """Have the application use the store that is there, in the place of its own."""
        services().store.close()  # type: ignore[attr-defined]
        services().store = SqliteStore(path)

    @property
    def api(self) -> Api:
        """The application as programs meet it."""
        return Api(self.url)


@contextmanager
def serving() -> Iterator[str]:
    """The application on a free port; where it answers."""
    with HttpGateway(app.app, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.url
        server.shutdown()
        thread.join()


@contextmanager
def emptied(url: str, platform: StandIn, folder: Path) -> Iterator[Site]:
    """The site with a new store in the folder."""
    platform.reset()
    make_buckets(platform, "data", "reports")
    (folder / "secrets.json").write_text(json.dumps(secrets_document()))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(folder, platform.url).items():
            patch.setenv(name, value)
        services.cache_clear()
        yield Site(url, platform)
        services().store.close()  # type: ignore[attr-defined]
        services.cache_clear()
