"""A plan as people read it, before it is carried out: what would be done, why, and what comes of it.

In comes a preview; out comes a text of bounded length. Names, policies and what the platform says are written
by others, so whatever would not be seen in a terminal is shown as its escape.
"""

from collections.abc import Iterable, Iterator

from chalicelib.core.grants import Deployment
from chalicelib.core.iam import read_policy, sid_of, statements
from chalicelib.core.inventory import Inventory, normalised
from chalicelib.core.plan import (
    CreateBucket,
    DeleteConfiguration,
    DeletePolicy,
    PutConfiguration,
    Step,
    WritePolicy,
    wanted_grants,
)
from chalicelib.core.preview import Preview
from chalicelib.core.step_reasons import reasons_of
from chalicelib.templates.hostile import sentence, shown
from chalicelib.templates.policy_diff import document_lines, policy_diff

_SENTENCE = 2000
_NAME = 100
_MOST_LINES = 60
_MOST_STEPS = 50

_STATUS = {
    "in_sync": "The platform is as it was asked for.",
    "changed": "The platform is not as it was asked for.",
    "missing": "Something that was asked for is not on the platform.",
    "unknown": "Nobody can say whether the platform is as it was asked for.",
}


def plan_text(preview: Preview, deployment: Deployment) -> str:
    """The text, which ends with a line break."""
    lines: list[str] = []
    for line in _lines(preview, deployment):
        if line or lines[-1:] != [""]:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _lines(preview: Preview, deployment: Deployment) -> Iterator[str]:
    plan = preview.plan
    title = f"Plan for the inventory {shown(preview.inventory.name, 2 * _NAME)}"
    yield from (title, "=" * len(title), "")
    yield from (_about(preview.inventory), "")
    yield _standing(preview, deployment)
    if preview.reason:
        yield sentence(preview.reason, _SENTENCE)
    if not plan.steps and preview.reason is None and not plan.obstacles:
        yield "Nothing to do."
    yield from _section("What stands in the way (nothing is done before it is mended)", plan.obstacles)
    yield from _section("Read this first", plan.warnings)
    if not plan.steps:
        yield from _differences(preview)
        return
    many = "1 step" if len(plan.steps) == 1 else f"{len(plan.steps)} steps, in this order"
    yield from ("", f"{'Would be done if nothing stood in the way' if plan.obstacles else 'To do'}: {many}.")
    for number, step in enumerate(plan.steps[:_MOST_STEPS], 1):
        yield from ("", f"{number}. {step_title(step)}")
        yield from (f"   {line}".rstrip() for line in step_lines(step, deployment))
    yield from ("", "This is a plan: nothing was written.")


def _standing(preview: Preview, deployment: Deployment) -> str:
    if preview.restoring:
        return "A policy is to be put back as it was, with what inventories need of it now."
    return "It is to be taken away." if preview.removing else plan_status(preview, deployment)


def plan_status(preview: Preview, deployment: Deployment) -> str:
    """How things are; where nothing of the inventory is there, nothing is missing either."""
    observed, status = preview.observed, preview.plan.status
    if status == "missing" and observed is not None and observed.configuration is None:
        ours = {each.sid for each in wanted_grants(preview.inventory, observed, deployment)}
        policies = [read_policy(each.policy) for each in observed.buckets.values()]
        if not any(sid_of(each) in ours for policy in policies for each in statements(policy)):
            return "It is not set up yet."
    return _STATUS[status]


def _about(inventory: Inventory) -> str:
    asked = inventory.configuration
    prefix = shown(asked.report_prefix, _NAME)
    state = "" if asked.enabled else "; disabled"
    return (
        f"{asked.frequency} {asked.format} report of {shown(inventory.bucket, _NAME)}"
        f" into {shown(asked.destination, _NAME)}/{prefix}{state}"
    )


def _section(title: str, words: Iterable[str]) -> Iterator[str]:
    found = list(words)
    if found:
        yield from ("", f"{title}:")
    for each in found[:_MOST_LINES]:
        yield f"  ! {sentence(each, _SENTENCE)}"
    if len(found) > _MOST_LINES:
        yield f"  and {len(found) - _MOST_LINES} more"


def _differences(preview: Preview) -> Iterator[str]:
    """Where nothing is to be done about what differs, it is said by its path."""
    paths = [shown(each.path, 2 * _NAME) for each in preview.plan.differences]
    if paths:
        yield from ("", "What differs:")
    yield from (f"  {each}" for each in paths[:_MOST_LINES])
    if len(paths) > _MOST_LINES:
        yield f"  and {len(paths) - _MOST_LINES} more"


def step_title(step: Step) -> str:
    """The S3 call that the step is, and what it does."""
    bucket = shown(step.bucket, _NAME)
    match step:
        case CreateBucket(_, zone):
            return f"CreateBucket: create the bucket {bucket} in {shown(zone, _NAME)}"
        case WritePolicy(_, before, _):
            return (
                f"PutBucketPolicy: {'write the first' if before is None else 'change the'} policy of {bucket}"
            )
        case DeletePolicy():
            return f"DeleteBucketPolicy: delete the policy of {bucket}"
        case PutConfiguration(_, id, _, before):
            verb = "write" if before is None else "change"
            about = f"the inventory configuration {shown(id, _NAME)} of {bucket}"
            return f"PutBucketInventoryConfiguration: {verb} {about}"
        case DeleteConfiguration(_, id):
            about = f"the inventory configuration {shown(id, _NAME)} of {bucket}"
            return f"DeleteBucketInventoryConfiguration: delete {about}"


def step_lines(step: Step, deployment: Deployment) -> Iterator[str]:
    """Why it is done, what changes in the document, and who gains and loses access."""
    reasons = [shown(each, _SENTENCE) for each in reasons_of(step)]
    yield "Why:"
    yield from (f"  {each}" for each in reasons[:_MOST_LINES])
    if len(reasons) > _MOST_LINES:
        yield f"  and {len(reasons) - _MOST_LINES} more"
    match step:
        case WritePolicy(bucket, before, after):
            yield from policy_diff(bucket, before, after, deployment)
        case DeletePolicy(bucket, before):
            yield from policy_diff(bucket, before, None, deployment)
        case PutConfiguration(_, _, document, before):
            there = None if before is None else normalised(before)
            yield "The configuration:"
            yield from document_lines(there, normalised(document))
        case DeleteConfiguration(_, _, before) if before is not None:
            yield "The configuration:"
            yield from document_lines(before, None)
