"""All that the stand-in remembers, changed by events alone.

Each change is an event: a plain JSON object that is applied, and then appended to the journal. Applying the
journal's events again from the first on gives the same world, so that a start after `kill -9` is nothing
special.

Policies and configurations are eventually consistent: a write is *seen* some time after it was made.
`Written` keeps both views.
"""

import secrets
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from .configuration import Configuration, from_document
from .journal import Event, Journal
from .storage import Answer, Plain, Storage

T = TypeVar("T")
Clock = Callable[[], datetime]


class Written(Generic[T]):
    """A value that is read back only some time after it was written."""

    def __init__(self) -> None:
        self._history: list[tuple[datetime, T | None]] = []

    @property
    def latest(self) -> T | None:
        """What was written last, seen or not."""
        return self._history[-1][1] if self._history else None

    def seen(self, now: datetime) -> T | None:
        """What a read answers now."""
        return next((value for since, value in reversed(self._history) if since <= now), None)

    def seen_since(self, now: datetime) -> datetime | None:
        """Since when a read finds something: the first of the unbroken run of writes that are seen now."""
        start = None
        for since, value in self._history:
            if since <= now:
                start = None if value is None else (start or since)
        return start

    def write(self, value: T | None, seen_at: datetime) -> None:
        self._history.append((seen_at, value))


@dataclass
class Bucket:
    """What the platform knows of a bucket beside its objects. `ran` is when each configuration last ran."""

    zone: str
    created: datetime
    policy: Written[str] = field(default_factory=Written)
    configurations: dict[str, Written[Configuration]] = field(default_factory=dict)
    ran: dict[str, datetime] = field(default_factory=dict)


class World:
    """Buckets with their policies and configurations, and the storage under them. One lock guards it all."""

    def __init__(self, storage: Storage, now: Clock, journal: Path | None) -> None:
        self.storage = storage
        self.now = now
        self.lock = threading.RLock()
        self.buckets: dict[str, Bucket] = {}
        self.accessed: dict[tuple[str, str], datetime] = {}
        self._journal = Journal(journal)

    def start(self) -> None:
        """Go back to where the journal ends. Raises ValueError where the journal is damaged."""
        self.storage.start()
        try:
            for event in self._journal.read():
                self._apply(event)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self._journal.close()
        self.storage.stop()

    def reset(self) -> None:
        with self.lock:
            self._journal.clear()
            self.buckets.clear()
            self.accessed.clear()
            self.storage.clear()

    # Changes

    def request(self, request: Plain, *, creates: tuple[str, str] | None = None, removes: str = "") -> Answer:
        """Let storage handle a request. Where it succeeds, `creates` (bucket, zone) is a new bucket, and
        `removes` is one that is gone."""
        with self.lock:
            if request.method in ("GET", "HEAD"):
                return self.storage.send(request, self.now())
            event = self._event("request", method=request.method, target=request.target)
            event |= {
                "headers": dict(request.headers),
                "body": b64encode(request.body).decode(),
                "seed": secrets.randbits(53),
                "creates": creates,
                "removes": removes,
            }
            answer = self._apply_request(event)
            if answer.status < 400:
                self._journal.append(event)
            return answer

    def put_policy(self, bucket: str, text: str | None, delay: float) -> None:
        """Write or, with None, delete a bucket's policy; it is seen after `delay` seconds."""
        self._do(self._event("policy", bucket=bucket, text=text, delay=delay))

    def put_configuration(self, bucket: str, name: str, found: Configuration | None, delay: float) -> None:
        """Write or, with None, delete a configuration; it is seen after `delay` seconds."""
        document = None if found is None else found.document()
        self._do(self._event("configuration", bucket=bucket, id=name, document=document, delay=delay))

    def set_ran(self, bucket: str, name: str) -> None:
        self._do(self._event("ran", bucket=bucket, id=name))

    def _event(self, kind: str, **values: object) -> Event:
        return {"kind": kind, "at": self.now().isoformat(), **values}

    def _do(self, event: Event) -> None:
        with self.lock:
            self._apply(event)
            self._journal.append(event)

    def _apply(self, event: Event) -> None:
        at = datetime.fromisoformat(event["at"])
        if event["kind"] == "request":
            self._apply_request(event)
            return
        bucket = self.buckets[event["bucket"]]
        if event["kind"] == "ran":
            bucket.ran[event["id"]] = at
            return
        seen_at = at + timedelta(seconds=event["delay"])
        if event["kind"] == "policy":
            bucket.policy.write(event["text"], seen_at)
        elif event["kind"] == "configuration":
            document = event["document"]
            found = None if document is None else from_document(document)
            bucket.configurations.setdefault(event["id"], Written()).write(found, seen_at)
            if found is None:
                bucket.ran.pop(event["id"], None)

    def _apply_request(self, event: Event) -> Answer:
        at = datetime.fromisoformat(event["at"])
        request = Plain(event["method"], event["target"], event["headers"], b64decode(event["body"]))
        answer = self.storage.send(request, at, event["seed"])
        if answer.status < 400 and event["creates"]:
            name, zone = event["creates"]
            self.buckets[name] = Bucket(zone, at)
            self.storage.set_created(name, at)
        if answer.status < 400 and event["removes"]:
            self.buckets.pop(event["removes"], None)
        return answer
