"""Checks of this application's rights on the two buckets: by what was tried, and by what the policies say.

In come the facts and the outlook of a preflight; out goes one check each. A right that cannot be tried
without changing something is named, with why, and with what the bucket's policy says of it.
"""

from chalicelib.core.guard import Obstacle, defeating
from chalicelib.core.inventory import BUCKET_ARN
from chalicelib.core.plan import WritePolicy
from chalicelib.core.preflight_facts import (
    ACTIONS,
    BAD_KEY,
    Check,
    Facts,
    Findings,
    NotTried,
    Try,
    unanswered,
)
from chalicelib.core.preflight_outlook import Outlook, Verdict

_SOURCE_CALLS = (
    "GetBucketPolicy",
    "GetBucketInventoryConfiguration",
    "ListBucketInventoryConfigurations",
)
_DESTINATION_CALLS = ("GetBucketPolicy", "ListObjectsV2", "GetObject")
_WRITING = (
    ("s3:PutInventoryConfiguration", "It would write the configuration."),
    ("s3:DeleteInventoryConfiguration", "It would delete a configuration."),
)
_FOR = {
    "GetBucketInventoryConfiguration": "Without it nobody can say what is there, and nothing is set up.",
    "ListBucketInventoryConfigurations": "Setting up does without it; the list of what is there does not.",
    "ListObjectsV2": "Without it no report is ever found.",
    "GetObject": "Without it no report can be read.",
}
_BY_ORGANIZATION = "Only organization access policies have a say, and they cannot be read over S3."
UNREADABLE = "What cannot be read is never written over, so that nothing is set up."


def source_rights(facts: Facts, outlook: Outlook) -> Check:
    """The rights to read and write inventory configurations on the bucket that is listed."""
    found, bucket = Findings("source_rights"), facts.source
    tried = facts.on(bucket, *_SOURCE_CALLS)
    if facts.is_missing(bucket):
        found.add("unknown", f"There is no bucket {bucket} on which to try anything.")
        return found.check(tried)
    _add_unfit(found, facts, outlook, bucket)
    for call in _SOURCE_CALLS:
        _add_tried(found, facts, outlook, facts.of(call, bucket), BUCKET_ARN + bucket)
    not_tried = tuple(_not_tried(found, facts, outlook, *each) for each in _WRITING if facts.writes)
    if _is_policy_written(outlook, bucket) and bucket != facts.destination:
        not_tried += (_put_policy(facts, outlook, bucket),)
    _add_fine(found, facts, tried)
    return found.check(tried, not_tried)


def destination_rights(facts: Facts, outlook: Outlook) -> Check:
    """The rights to look for reports, and to write the policy that lets the service write them."""
    found, bucket = Findings("destination_rights"), facts.destination
    tried = facts.on(bucket, *_DESTINATION_CALLS)
    if facts.to_be_created():
        found.add("ok", f"The bucket {bucket} is to be created, so that nothing on it can be tried yet.")
        return found.check(tried, (_create(bucket), *_on_policies(facts, outlook)))
    if facts.is_missing(bucket):
        found.add("unknown", f"There is no bucket {bucket} on which to try anything.")
        return found.check(tried)
    if bucket != facts.source:
        _add_unfit(found, facts, outlook, bucket)
    for call in _DESTINATION_CALLS:
        _add_tried(found, facts, outlook, facts.of(call, bucket), _resource(facts, call))
    _add_denied(found, facts, outlook)
    _add_fine(found, facts, tried)
    return found.check(tried, _on_policies(facts, outlook) if facts.writes else ())


def _resource(facts: Facts, call: str) -> str:
    bucket = BUCKET_ARN + facts.destination
    prefix = facts.inventory.configuration.report_prefix
    return f"{bucket}/{prefix}manifest.json" if call == "GetObject" else bucket


def _add_tried(found: Findings, facts: Facts, outlook: Outlook, one: Try, resource: str) -> None:
    """What one call tells of the right to it."""
    if not one.answered or one.code in BAD_KEY:
        found.add("unknown", _unknown(one))
    elif one.came == "refused":
        _add_refused(found, facts, outlook, one, resource)


def _add_refused(found: Findings, facts: Facts, outlook: Outlook, one: Try, resource: str) -> None:
    """What a refusal means: a no for good, or one that the set-up takes away by a statement of its own."""
    right, on_destination = ACTIONS[one.call], one.bucket == facts.destination
    verdict = outlook.says(facts.deployment.principal, right, resource, facts.deployment)
    if facts.has_no_policy(one.bucket):  # then it is no statement that is lacking
        verdict = Verdict("open")
    words = f"{right} on {one.bucket} was refused ({one.code}), and {verdict_words(verdict, one.bucket)}."
    if one.call == "GetBucketPolicy":
        if on_destination and facts.writes:
            found.add("failed", f"{words} {UNREADABLE}", right_mend(facts, one.bucket, right, verdict))
        else:
            found.add("warning", words, right_mend(facts, one.bucket, right, verdict))
        return
    if one.call == "GetObject" and verdict.says in ("open", "allows") and _list_refused(facts):
        found.add("ok", f"{words} That may be for want of s3:ListBucket: the object asked for is not there.")
        return
    if one.call in ("ListObjectsV2", "GetObject") and verdict.says == "will_allow":
        found.add("ok", words)
        return
    spared = one.call == "ListBucketInventoryConfigurations" and verdict.says != "denies"
    found.add(
        "warning" if spared else facts.worst,
        f"{words} {_FOR[one.call]}",
        right_mend(facts, one.bucket, right, verdict),
    )


def _list_refused(facts: Facts) -> bool:
    return facts.of("ListObjectsV2", facts.destination).came == "refused"


def _unknown(one: Try) -> str:
    if one.came == "refused":  # for the keys, which is what another check says
        return f"{one.call} on {one.bucket} was not answered for want of good keys."
    return unanswered(one)


def _add_unfit(found: Findings, facts: Facts, outlook: Outlook, bucket: str) -> None:
    if bucket in outlook.unfit:
        mend = f"Write a policy document as the policy of {bucket}, or delete it."
        found.add(facts.worst, f"{bucket}: {outlook.unfit[bucket]}", mend)


def _add_fine(found: Findings, facts: Facts, tried: tuple[Try, ...]) -> None:
    fine = [ACTIONS[each.call] for each in tried if each.came == "allowed"]
    if fine:
        found.add("ok", f"Allowed on {tried[0].bucket}: {', '.join(fine)}.")


def _add_denied(found: Findings, facts: Facts, outlook: Outlook) -> None:
    """The Deny statements that forbid this application or the readers what they need of the reports."""
    document = outlook.before.get(facts.destination)
    here = tuple(each for each in outlook.grants if each.bucket == facts.destination)
    if document is None or not facts.writes:
        return
    for purpose in ("self", "read"):
        wanted = tuple(each for each in here if each.purpose == purpose)
        obstacles, notes = defeating(document, wanted, frozenset(each.sid for each in here), facts.deployment)
        for each in obstacles:
            found.add("failed", *obstacle_words(each))
        for words in notes:
            found.add("warning", words)


def obstacle_words(obstacle: Obstacle) -> tuple[str, str]:
    """What a Deny forbids, and what is to be done about it."""
    mend = "Change or remove that statement first."
    return obstacle.words.removesuffix(f" {mend}"), mend


def _not_tried(found: Findings, facts: Facts, outlook: Outlook, right: str, why: str) -> NotTried:
    bucket = facts.source
    verdict = outlook.says(facts.deployment.principal, right, BUCKET_ARN + bucket, facts.deployment)
    said = verdict_words(verdict, bucket)
    mend = right_mend(facts, bucket, right, verdict)
    if verdict.says in ("denies", "silent"):
        found.add("failed", f"{right} on {bucket}: {said}.", mend)
    elif verdict.says in ("may_deny", "unknown") and bucket not in outlook.unfit:
        found.add("unknown", f"Whether {right} is allowed on {bucket} is not known: {said}.", mend)
    alone = f" {_BY_ORGANIZATION}" if verdict.says == "open" else ""
    return NotTried(right, bucket, why, f"{_sentence(said)}{alone}")


def _on_policies(facts: Facts, outlook: Outlook) -> tuple[NotTried, ...]:
    bucket, right = facts.destination, "s3:DeleteBucketPolicy"
    delete = outlook.says(facts.deployment.principal, right, BUCKET_ARN + bucket, facts.deployment)
    why = "It would delete the policy; only taking the last inventory away needs it."
    return (
        _put_policy(facts, outlook, bucket),
        NotTried(right, bucket, why, _sentence(verdict_words(delete, bucket))),
    )


def _put_policy(facts: Facts, outlook: Outlook, bucket: str) -> NotTried:
    needed = (
        "Setting up needs it." if _is_policy_written(outlook, bucket) else "Setting up does not need it now."
    )
    return NotTried("s3:PutBucketPolicy", bucket, f"It would replace the policy. {needed}", _BY_ORGANIZATION)


def _create(bucket: str) -> NotTried:
    return NotTried(
        "s3:CreateBucket", bucket, "It would create the bucket. Setting up needs it.", _BY_ORGANIZATION
    )


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _is_policy_written(outlook: Outlook, bucket: str) -> bool:
    steps = () if outlook.plan is None else outlook.plan.steps
    return any(isinstance(each, WritePolicy) and each.bucket == bucket for each in steps)


def verdict_words(verdict: Verdict, bucket: str) -> str:
    """What a policy says of a right, as the second half of a sentence."""
    return {
        "open": f"no policy of {bucket} speaks of it",
        "allows": f"the policy of {bucket} allows it",
        "will_allow": f'the statement "{verdict.statement}" that setting up writes will allow it',
        "may_deny": f"the Deny statement {verdict.statement} of {bucket} may forbid it, by its Condition",
        "denies": f"the Deny statement {verdict.statement} of {bucket} forbids it",
        "silent": f"the policy of {bucket} does not mention it, which is a no",
        "unknown": f"the policy of {bucket} could not be read",
    }[verdict.says]


def right_mend(facts: Facts, bucket: str, right: str, verdict: Verdict) -> str:
    """Who has to do what, so that the right is there."""
    who = facts.deployment.principal
    if verdict.says in ("may_deny", "denies"):
        return f"Change or remove the statement {verdict.statement} of {bucket}."
    if verdict.says in ("open", "allows"):
        return f"Have an organization access policy allow {right} on {bucket} to {who}."
    by_policy = f"Whoever may write the policy of {bucket} has to allow {right} on it to {who}"
    if verdict.says == "unknown":
        return f"{by_policy}; or else an organization access policy has to."
    return f"{by_policy}."
