"""A fake of the port `BucketSetup`: buckets, policies and configurations in memory, seen late where told."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core.grants import SERVICE_PRINCIPAL
from chalicelib.errors import BucketMissing, NotYet, PlatformError

READS = ("policy", "configuration", "configurations", "buckets", "zone")


@dataclass
class _Fault:
    method: str
    bucket: str | None
    error: PlatformError
    times: int


class FakeBuckets:
    """`visible_after` is how many seconds a write stays unseen; `calls` are all calls as (method, bucket).

    `replaced` is what was there before each call that changed a policy or a configuration, with its name.
    `before(method, bucket)` is called before each of them, `fail` lets the next ones fail. What other people
    do (`write`, `configure`, `drop`) is seen at once and is no call.
    """

    def __init__(self, now: Callable[[], datetime], *buckets: str) -> None:
        self._now = now
        self._policies: dict[str, list[tuple[datetime, str | None]]] = {each: [] for each in buckets}
        self._configurations: dict[tuple[str, str], list[tuple[datetime, Any]]] = {}
        self._faults: list[_Fault] = []
        self.visible_after = 0.0
        self.zones: dict[str, str] = {}
        self.calls: list[tuple[str, str]] = []
        self.replaced: list[tuple[str, Any]] = []
        self.before: Callable[[str, str], object] = lambda _method, _bucket: None

    # What tests set and ask

    def fail(self, method: str, error: PlatformError, *, times: int = 1, bucket: str | None = None) -> None:
        """Let the next calls of a method (`*` for any) raise this."""
        self._faults.append(_Fault(method, bucket, error, times))

    def heal(self) -> None:
        """No call fails any more."""
        self._faults.clear()

    def write(self, bucket: str, text: str | None) -> None:
        """Somebody else puts or deletes the policy."""
        self._policies.setdefault(bucket, []).append((self._now(), text))

    def configure(self, bucket: str, id: str, document: Mapping[str, Any] | None) -> None:
        """Somebody else puts or deletes a configuration."""
        self._configurations.setdefault((bucket, id), []).append((self._now(), document))

    def drop(self, bucket: str) -> None:
        """Somebody deletes the bucket."""
        del self._policies[bucket]

    def sids(self, bucket: str) -> list[str]:
        """The Sids in the policy as it was written last."""
        text = self.latest_policy(bucket)
        return [each.get("Sid", "") for each in json.loads(text)["Statement"]] if text else []

    def latest_policy(self, bucket: str) -> str | None:
        """The policy as it was written last, seen or not."""
        return self._policies[bucket][-1][1] if self._policies[bucket] else None

    def latest_configuration(self, bucket: str, id: str) -> Any:
        """The configuration as it was written last, seen or not."""
        history = self._configurations.get((bucket, id))
        return history[-1][1] if history else None

    @property
    def names(self) -> list[str]:
        """The buckets that there are."""
        return sorted(self._policies)

    @property
    def latest_configurations(self) -> dict[str, Any]:
        """Every configuration there is, as it was written last, seen or not, by `bucket/id`."""
        latest = {"/".join(name): history[-1][1] for name, history in self._configurations.items()}
        return {name: document for name, document in latest.items() if document is not None}

    @property
    def writes(self) -> list[tuple[str, str]]:
        """The calls that were to change something."""
        return [each for each in self.calls if each[0] not in READS]

    # The port

    def policy(self, bucket: str) -> str | None:
        self._called("policy", bucket)
        found: str | None = self._seen(self._policies[bucket])
        return found

    def put_policy(self, bucket: str, text: str) -> None:
        self._called("put_policy", bucket)
        self.replaced.append((bucket, self.latest_policy(bucket)))
        self._policies[bucket].append((self._later(), text))

    def delete_policy(self, bucket: str) -> None:
        self._called("delete_policy", bucket)
        self.replaced.append((bucket, self.latest_policy(bucket)))
        self._policies[bucket].append((self._later(), None))

    def configuration(self, bucket: str, id: str) -> Mapping[str, Any] | None:
        self._called("configuration", bucket)
        found: Mapping[str, Any] | None = self._seen(self._configurations.get((bucket, id), []))
        return found

    def put_configuration(self, bucket: str, id: str, document: Mapping[str, Any]) -> None:
        """Refused, as on the platform, until the grant to the service is seen at the destination."""
        self._called("put_configuration", bucket)
        target = document["Destination"]["S3BucketDestination"]["Bucket"].removeprefix("arn:aws:s3:::")
        if SERVICE_PRINCIPAL not in (self._seen(self._policies.get(target, [])) or ""):
            raise NotYet("the inventory service cannot write", operation="PutBucketInventoryConfiguration")
        self.replaced.append((f"{bucket}/{id}", self.latest_configuration(bucket, id)))
        self._configurations.setdefault((bucket, id), []).append((self._later(), dict(document)))

    def delete_configuration(self, bucket: str, id: str) -> None:
        self._called("delete_configuration", bucket)
        self.replaced.append((f"{bucket}/{id}", self.latest_configuration(bucket, id)))
        self._configurations.setdefault((bucket, id), []).append((self._later(), None))

    def configurations(self, bucket: str) -> Sequence[Mapping[str, Any]]:
        self._called("configurations", bucket)
        seen = {
            id: self._seen(history) for (name, id), history in self._configurations.items() if name == bucket
        }
        return tuple(found for _id, found in sorted(seen.items()) if found is not None)

    def buckets(self) -> Sequence[str]:
        self._called("buckets", "", needs_bucket=False)
        return self.names

    def zone(self, bucket: str) -> str | None:
        self._called("zone", bucket)
        return self.zones.get(bucket)

    def create_bucket(self, bucket: str, zone: str) -> None:
        self._called("create_bucket", bucket, needs_bucket=False)
        self._policies.setdefault(bucket, [])
        self.zones.setdefault(bucket, zone)

    def _called(self, method: str, bucket: str, *, needs_bucket: bool = True) -> None:
        self.calls.append((method, bucket))
        self.before(method, bucket)
        for fault in self._faults:
            if fault.method in ("*", method) and fault.bucket in (None, bucket) and fault.times > 0:
                fault.times -= 1
                raise fault.error
        if needs_bucket and bucket not in self._policies:
            raise BucketMissing(f"NoSuchBucket: {bucket}", operation=method, code="NoSuchBucket")

    def _later(self) -> datetime:
        return self._now() + timedelta(seconds=self.visible_after)

    def _seen(self, history: list[tuple[datetime, Any]]) -> Any:
        return next((value for since, value in reversed(history) if since <= self._now()), None)
