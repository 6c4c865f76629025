"""Checks of what setting up does to policies: the service's right to write, first policies, their size.

In come the facts and the outlook of a preflight; out goes one check each.
"""

from chalicelib.core.grants import SERVICE_PRINCIPAL, Grant, write_grant
from chalicelib.core.guard import defeating, first_policy_words
from chalicelib.core.plan import WritePolicy
from chalicelib.core.policy import LIKELY_SIZE_LIMIT, MAX_KEPT
from chalicelib.core.preflight_facts import BAD_KEY, Check, Facts, Findings
from chalicelib.core.preflight_outlook import Outlook, Verdict
from chalicelib.core.preflight_rights import UNREADABLE, obstacle_words, right_mend, verdict_words

_WRITE, _ABORT = "s3:PutObject", "s3:AbortMultipartUpload"


def service_can_write(facts: Facts, outlook: Outlook) -> Check:
    """Whether the inventory service may write reports: now, or by the statement that setting up adds."""
    found, bucket = Findings("service_can_write"), facts.destination
    if facts.is_missing(bucket) and not facts.to_be_created():
        found.add("unknown", f"There is no bucket {bucket} to which it could write.")
    elif bucket in outlook.unfit:
        mend = f"Write a policy document as the policy of {bucket}, or delete it."
        found.add(facts.worst, f"{bucket}: {outlook.unfit[bucket]}", mend)
    elif bucket not in outlook.after:
        _add_unread(found, facts, outlook)
    else:
        _add_verdict(found, facts, outlook)
    return found.check(facts.on(bucket, "GetBucketPolicy"))


def _add_unread(found: Findings, facts: Facts, outlook: Outlook) -> None:
    bucket = facts.destination
    asked = facts.of("GetBucketPolicy", bucket)
    if asked.came == "refused" and asked.code not in BAD_KEY and facts.writes:
        words = f"Nobody can say: the policy of {bucket} cannot be read. {UNREADABLE}"
        mend = right_mend(facts, bucket, "s3:GetBucketPolicy", Verdict("unknown"))
        found.add("failed", words, mend)
    else:
        reason = outlook.why or asked.said
        found.add(
            "unknown", f"Nobody can say, because the policy of {bucket} was not read. {reason.rstrip('.')}."
        )


def _add_verdict(found: Findings, facts: Facts, outlook: Outlook) -> None:
    """By this application's judge, on the keys that reports may have."""
    bucket, write = facts.destination, write_grant(facts.inventory)
    document = outlook.before[bucket]
    where = write.resources[0]
    obstacles, notes = defeating(document or {}, (write,), frozenset({write.sid}), facts.deployment)
    for each in obstacles:
        found.add(facts.worst, *obstacle_words(each))
    if obstacles:
        return
    verdict = _worst(outlook, facts, write)
    if verdict.says == "allows":
        found.add("ok", f"The inventory service may write to {where}: the policy of {bucket} allows it.")
    elif verdict.says == "will_allow":
        found.add(
            "ok", f"The inventory service may not yet write to {where}; {verdict_words(verdict, bucket)}."
        )
    elif verdict.says == "open":
        _add_no_policy(found, facts)
    elif verdict.says == "may_deny":
        words = f"Whether the inventory service may write to {where} is not known"
        found.add("unknown", f"{words}: {verdict_words(verdict, bucket)}.")
    else:
        mend = f"Have the policy of {bucket} allow {_WRITE} and {_ABORT} on {where} to {SERVICE_PRINCIPAL}."
        found.add(
            facts.worst,
            f"The inventory service may not write to {where}: {verdict_words(verdict, bucket)}.",
            mend,
        )
    for words in notes if verdict.says != "may_deny" else ():
        found.add("warning", words)
    _add_abort(found, facts, outlook, write)


def _add_no_policy(found: Findings, facts: Facts) -> None:
    words = (
        f"{facts.destination} has no policy, and whether the inventory service may write without one is not"
    )
    mend = f"Have a policy allow {_WRITE} under the prefix to {SERVICE_PRINCIPAL}."
    found.add("warning", f"{words} documented; as this inventory is only observed, none is written.", mend)


def _add_abort(found: Findings, facts: Facts, outlook: Outlook, write: Grant) -> None:
    """It is not essential, so its lack is told and nothing more."""
    after = outlook.after[facts.destination]
    if after is None or found.status != "ok":
        return
    says = outlook.says(SERVICE_PRINCIPAL, _ABORT, write.probes[0], facts.deployment).says
    if says in ("silent", "denies"):
        found.add(
            "warning",
            f"It may not abort uploads ({_ABORT}), so that parts of an upload that was cut off may stay there"
            " and be paid for.",
            f"Add {_ABORT} for {SERVICE_PRINCIPAL} on {write.resources[0]}.",
        )


def _worst(outlook: Outlook, facts: Facts, write: Grant) -> Verdict:
    order = ("allows", "will_allow", "open", "may_deny", "silent", "denies", "unknown")
    verdicts = [outlook.says(SERVICE_PRINCIPAL, _WRITE, each, facts.deployment) for each in write.probes]
    return max(verdicts, key=lambda each: order.index(each.says))


def first_policy(facts: Facts, outlook: Outlook) -> Check:
    """What a bucket's first policy does to the people who work with it."""
    found = Findings("first_policy")
    if not facts.writes:
        found.add("ok", "This inventory is only observed: no policy is written.")
    elif outlook.plan is None:
        found.add("unknown", f"Whether a bucket gets its first policy is not known. {outlook.why}")
    elif facts.destination not in outlook.before:
        words = f"The policy of {facts.destination} could not be read, so whether it has one is not known."
        found.add("unknown", words)
    else:
        for step in outlook.plan.steps:
            if isinstance(step, WritePolicy) and step.before is None:
                _add_first(found, facts, step.bucket)
        if not found.seen:
            found.add("ok", "No bucket gets its first policy by this.")
    return found.check()


def _add_first(found: Findings, facts: Facts, bucket: str) -> None:
    choice = facts.inventory.first_policy
    warnings, refusals = first_policy_words(bucket, choice, bucket == facts.source)
    for words in warnings:
        mend = 'Use "first_policy": "preserve-organization", if that is not what is meant.'
        found.add("warning" if choice == "restrict" else "ok", words, mend if choice == "restrict" else None)
    for words in refusals:
        found.add("failed", words, 'Use "first_policy": "preserve-organization", or another destination.')


def policy_size(facts: Facts, outlook: Outlook) -> Check:
    """Whether a policy becomes too long to be kept here, or longer than the platform is likely to take."""
    found = Findings("policy_size")
    if outlook.plan is None:
        found.add("unknown", f"How long the policies become is not known. {outlook.why}")
        return found.check()
    for step in outlook.plan.steps:
        if isinstance(step, WritePolicy):
            _add_size(
                found, step.bucket, len((step.before or "").encode("utf-8", "surrogatepass")), step.after
            )
    if not found.seen:
        found.add("ok", "No policy is written by this.")
    return found.check()


def _add_size(found: Findings, bucket: str, before: int, text: str) -> None:
    after = len(text.encode("utf-8", "surrogatepass"))
    words = f"The policy of {bucket} has {before} bytes and gets {after}"
    mend = f"Make the policy of {bucket} shorter: join statements, or use * where they list much."
    if max(before, after) > MAX_KEPT:
        found.add("failed", f"{words}; with more than {MAX_KEPT} nothing is written.", mend)
    elif after > LIKELY_SIZE_LIMIT:
        found.add("warning", f"{words}; the platform may refuse more than {LIKELY_SIZE_LIMIT}.", mend)
    else:
        found.add("ok", f"{words}, of {LIKELY_SIZE_LIMIT} that the platform is likely to take.")
