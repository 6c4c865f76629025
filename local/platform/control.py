"""The stand-in's own HTTP interface, under a path that no bucket can have. JSON in and out.

`GET /_standin/` is a page for people, `GET /_standin/state` the same as JSON; `POST /_standin/run` takes
`{"bucket", "id"}` and runs an inventory now; `POST /_standin/run-due`; `POST /_standin/options` takes options
by name; `POST /_standin/misbehave` takes `{"kind", ...}`; `POST` and `DELETE /_standin/faults` set and clear
faults; `POST /_standin/reset` empties everything.

It has no password: it listens on the loopback address only. Names other than the loopback's own are refused,
so that no page in a browser can reach it by a name of its making.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from .faults import Fault, Faults
from .options import Options
from .page import page
from .service import InventoryService
from .storage import Answer
from .wire import Call
from .world import World

CONTROL = "/_standin/"
LOOPBACK = ("127.0.0.1", "localhost")


class House(Protocol):
    """What the control interface needs of the stand-in."""

    options: Options
    faults: Faults
    inventory: InventoryService

    def reset(self) -> None: ...


class Control:
    """Answers the calls under `/_standin/`."""

    def __init__(self, house: House, world: World) -> None:
        self._house = house
        self._world = world
        self._posts: Mapping[str, Callable[[dict[str, Any]], object]] = {
            "run": lambda given: self._house.inventory.run(given["bucket"], given["id"]),
            "run-due": lambda _given: self._house.inventory.run_due(),
            "options": self._set_options,
            "finish": lambda _given: self._house.inventory.finish(),
            "behave": lambda _given: self._house.inventory.behave(),
            "misbehave": lambda given: self._house.inventory.misbehave(**given),
            "faults": lambda given: self._house.faults.add(Fault(**given)),
            "reset": lambda _given: self._house.reset(),
        }

    def answer(self, call: Call) -> Answer:
        name = call.path.removeprefix(CONTROL)
        if call.host.rpartition(":")[0] not in LOOPBACK:
            return _json(403, {"error": "only under the loopback address"})
        if call.method == "GET" and name == "":
            return Answer(200, (("Content-Type", "text/html; charset=utf-8"),), page(self.state()).encode())
        if call.method == "GET" and name == "state":
            return _json(200, self.state())
        if call.method == "DELETE" and name == "faults":
            self._house.faults.clear()
            return _json(200, {})
        if call.method == "POST" and name in self._posts:
            return self._post(name, call)
        return _json(404, {"error": "there is nothing here"})

    def _post(self, name: str, call: Call) -> Answer:
        if call.body and call.headers.get("content-type", "").partition(";")[0] != "application/json":
            return _json(415, {"error": "the body must be application/json"})
        try:
            given = json.loads(call.body or b"{}")
            result = self._posts[name](given)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return _json(400, {"error": f"{type(error).__name__}: {error}"})
        return _json(200, result)

    def _set_options(self, given: dict[str, Any]) -> Options:
        """Set options by name. Raises before anything is set where a name or a type will not do."""
        options = self._house.options
        for name, value in given.items():
            present = dataclasses.asdict(options)[name]
            kinds: tuple[type, ...] = (int, float) if isinstance(present, float) else (type(present),)
            if isinstance(present, tuple | list) or present is None:
                kinds = (list, type(None))
            if not isinstance(value, kinds):
                raise TypeError(f"{name} will not be {value!r}")
        for name, value in given.items():
            setattr(options, name, value)
        return options

    def state(self) -> dict[str, Any]:
        """All there is, in plain values: buckets with policies, configurations and objects, then the runs."""
        with self._world.lock:
            return {
                "now": self._world.now().isoformat(),
                "buckets": [self._bucket(name) for name in sorted(self._world.buckets)],
                "runs": [dataclasses.asdict(run) for run in self._house.inventory.runs],
            }

    def _bucket(self, name: str) -> dict[str, Any]:
        bucket = self._world.buckets[name]
        latest = [written.latest for _, written in sorted(bucket.configurations.items())]
        return {
            "name": name,
            "zone": bucket.zone,
            "created": bucket.created,
            "policy": bucket.policy.latest,
            "configurations": [found.document() for found in latest if found is not None],
            "objects": [
                {"key": found.key, "size": found.size, "last_modified": found.last_modified}
                for found in self._world.storage.versions(name)
                if found.is_latest and not found.is_delete_marker
            ],
        }


def _json(status: int, value: object) -> Answer:
    text = json.dumps(value, default=_plain, indent=2)
    return Answer(status, (("Content-Type", "application/json"),), text.encode())


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)
