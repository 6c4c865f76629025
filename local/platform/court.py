"""The judge, given the facts: policies as they are seen now, and the condition keys of a request."""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .judge import INVENTORY_SERVICE, Request, Rules, Statement, Verdict, allowed
from .operations import Operation
from .options import Options
from .wire import Call
from .world import World

QUERY_KEYS = {  # query parameter -> condition key
    "prefix": "s3:prefix",
    "delimiter": "s3:delimiter",
    "max-keys": "s3:max-keys",
    "versionId": "s3:VersionId",
}
HEADER_KEYS = {"user-agent": "aws:UserAgent", "referer": "aws:Referer", "x-amz-acl": "s3:x-amz-acl"}


class Court:
    """Judges calls and the service's writes over one world."""

    def __init__(self, world: World, organization: str, options: Callable[[], Options]) -> None:
        self._world = world
        self._options = options
        self._everyone: tuple[Statement, ...] = (
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "*",
                "Resource": "*",
                "Condition": {"StringEquals": {"cw:PrincipalOrgID": organization}},
            },
        )

    def judge(self, call: Call, operation: Operation, principal: str) -> Verdict:
        """The verdict on a call: the first refusal among what it needs, else allowed."""
        context = self._context(call)
        verdict = Verdict(True, "nothing is needed")
        for action, resource in operation.needs:
            verdict = self._judge(Request(principal, action, resource, context))
            if not verdict.allowed:
                break
        return verdict

    def judge_service(self, bucket: str, key: str) -> Verdict:
        """Whether the inventory service may write this object now."""
        context = {"aws:SecureTransport": ("true",)}
        resource = f"arn:aws:s3:::{bucket}/{key}"
        return self._judge(Request(INVENTORY_SERVICE, "s3:PutObject", resource, context))

    def _judge(self, request: Request) -> Verdict:
        options = self._options()
        organization = options.organization_policy
        rules = Rules(
            service_passes_organization=options.service_passes_organization,
            service_needs_policy=options.service_needs_policy,
            delete_policy_by_bucket=options.delete_policy_by_bucket,
        )
        return allowed(
            request,
            self._everyone if organization is None else organization,
            self._policy(request.resource),
            rules,
        )

    def _policy(self, resource: str) -> dict[str, Any] | None:
        name = resource.removeprefix("arn:aws:s3:::").partition("/")[0]
        with self._world.lock:
            bucket = self._world.buckets.get(name)
            if bucket is None:
                return None
            early = self._options().judge_sees_early
            text = bucket.policy.latest if early else bucket.policy.seen(self._world.now())
        return None if text is None else _parsed(text)

    def _context(self, call: Call) -> dict[str, tuple[str, ...]]:
        now = self._world.now()
        context: dict[str, tuple[str, ...]] = {
            "aws:SecureTransport": (str(self._options().secure_transport).lower(),),
            "aws:SourceIp": (call.remote,),
            "aws:CurrentTime": (now.isoformat(),),
            "aws:EpochTime": (str(int(now.timestamp())),),
        }
        context |= {key: (call.params[name],) for name, key in QUERY_KEYS.items() if name in call.params}
        context |= {key: (call.headers[name],) for name, key in HEADER_KEYS.items() if name in call.headers}
        return context


@lru_cache(maxsize=256)
def _parsed(text: str) -> dict[str, Any]:
    """A stored policy: it was checked when it was put, and is read on every request."""
    document: dict[str, Any] = json.loads(text)
    return document
