"""What setting up would do to the policies, and what they say of a right before and after it.

In come the facts of a preflight; out go the plan that a set-up would carry out, and verdicts on single
requests by this application's judge of policies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.core.conditions import certain
from chalicelib.core.grants import Deployment, Grant, context_of
from chalicelib.core.iam import (
    Request,
    allowing,
    applies,
    denying,
    may_apply,
    read_policy,
    sid_of,
    statement_name,
    statements,
)
from chalicelib.core.inventory import BUCKET_ARN
from chalicelib.core.plan import (
    BucketSeen,
    DeletePolicy,
    Observed,
    Plan,
    WritePolicy,
    buckets_concerned,
    plan,
    wanted_grants,
)
from chalicelib.core.preflight_facts import Facts, unanswered
from chalicelib.errors import Refused

Says = Literal["open", "allows", "will_allow", "may_deny", "denies", "silent", "unknown"]
"""Of a right: no policy speaks of it, the policy allows it, will allow it by a statement that set-up adds,
may forbid it (that depends on the request), forbids it, does not mention it (which is a no), or cannot be
read.
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy says of a right, and the statement that says it."""

    says: Says
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """`plan` is None where nobody can plan, and `why` says why not. `unfit` has what is no policy, and why.

    `before` and `after` are the policies as they are and as they would be; None where there is none.
    """

    plan: Plan | None
    grants: tuple[Grant, ...]
    why: str
    unfit: Mapping[str, str]
    before: Mapping[str, dict[str, Any] | None]
    after: Mapping[str, dict[str, Any] | None]

    def says(self, principal: str, action: str, resource: str, deployment: Deployment) -> Verdict:
        """What the policy of the resource's bucket says of this right, now and after setting up."""
        bucket = resource.removeprefix(BUCKET_ARN).partition("/")[0]
        if bucket not in self.after:
            return Verdict("unknown")
        now, then = self.before[bucket], self.after[bucket]
        if then is None:
            return Verdict("open")
        request = Request(principal, action, resource, context_of(principal, deployment))
        if denied := denying(then, request):
            return Verdict("denies", statement_name(denied[1], denied[0]))
        for position, statement in enumerate(statements(then)):
            if statement.get("Effect") == "Deny" and may_apply(statement, request):
                return Verdict("may_deny", statement_name(statement, position))
        if now is not None and _surely_allows(now, request):
            return Verdict("allows")
        if allowed := allowing(then, request):
            return Verdict("will_allow", sid_of(allowed[1]))
        return Verdict("silent")


def outlook(facts: Facts) -> Outlook:
    """The plan and the policies; without them where a bucket's policy got no answer or is none."""
    unfit = {bucket: why for bucket, text in facts.policies.items() if (why := _unfit(text))}
    fit = {bucket: text for bucket, text in facts.policies.items() if bucket not in unfit}
    before = {bucket: None if text is None else read_policy(text) for bucket, text in fit.items()}
    names = dict.fromkeys((facts.source, facts.destination))
    missing = [facts.of("GetBucketPolicy", name) for name in names]
    why = next((unanswered(each) for each in missing if not each.answered), "")
    if why or unfit:
        why = why or "A bucket's policy is no policy document."
        return Outlook(None, (), why, unfit, before, before)
    concerned = buckets_concerned(facts.inventory, facts.placed)
    observed = Observed({name: _seen(facts, name) for name in concerned}, facts.configuration)
    wanted = wanted_grants(facts.inventory, observed, facts.deployment)
    planned = plan(
        facts.inventory,
        observed,
        facts.deployment,
        placed=facts.placed,
        needed_elsewhere=facts.elsewhere,
    )
    before |= {name: None for name in names if facts.is_missing(name)}
    after = dict(before)
    for step in planned.steps:
        if isinstance(step, WritePolicy):
            after[step.bucket] = read_policy(step.after)
        elif isinstance(step, DeletePolicy):
            after[step.bucket] = None
    return Outlook(planned, wanted, "", {}, before, after)


def _seen(facts: Facts, bucket: str) -> BucketSeen:
    asked = facts.of("GetBucketPolicy", bucket)
    if asked.came == "missing":
        return BucketSeen(exists=False)
    if bucket in facts.policies:
        return BucketSeen(exists=True, policy=facts.policies[bucket])
    return BucketSeen(exists=True, unreadable=asked.said)


def _unfit(text: str | None) -> str | None:
    """Why the text is no policy; None where it is one, or there is none."""
    try:
        read_policy(text)
    except Refused as exc:
        return str(exc)
    return None


def _surely_allows(document: Mapping[str, Any], request: Request) -> bool:
    return any(
        each.get("Effect") == "Allow" and certain(each.get("Condition")) and applies(each, request)
        for each in statements(document)
    )
