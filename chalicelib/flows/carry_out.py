"""Carrying a plan out: one step after the other, each waited for until it reads back.

In come the steps and the port; the platform changes. Policies and configurations become visible late,
and the platform refuses a configuration until it sees the grant, so every step is patient as long as
the turn has time. Raises `PlatformAway` or `NotYet` when the time is over (going on later helps),
`Interfered` when somebody else wrote in between, `PlatformRefused` when the answer is no.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from chalicelib.core.iam import same_policy
from chalicelib.core.inventory import configuration_differences
from chalicelib.core.plan import (
    CreateBucket,
    DeleteConfiguration,
    DeletePolicy,
    PutConfiguration,
    Step,
    WritePolicy,
)
from chalicelib.errors import BucketMissing, NotYet, PlatformAway, PlatformError, PlatformRefused
from chalicelib.ports import BucketSetup, Turn

_LONGEST_WAIT = 5.0
"""Seconds. CoreWeave's own Terraform provider asks every five seconds."""

T = TypeVar("T")

Took = Callable[[], object]


class Interfered(PlatformError):
    """Somebody else wrote the policy in between; planning anew from what is there now helps."""

    retry_helps = True


def carry_out(
    steps: Iterable[Step],
    setup: BucketSetup,
    turn: Turn,
    taken: Callable[[Step], object] = lambda _step: None,
) -> None:
    """Do the steps in their order. What was done stays done when a later step fails.

    `taken` is told each step once the platform took its write, also where it does not read back then.
    """
    for step in steps:
        if not turn.has_time():
            raise NotYet("There was no time left for the next step.")
        took = partial(taken, step)
        match step:
            case CreateBucket(bucket, zone):
                _create(setup, turn, took, bucket, zone)
            case WritePolicy(bucket, before, after):
                _write_policy(setup, turn, took, bucket, before, after)
            case DeletePolicy(bucket, before):
                _write_policy(setup, turn, took, bucket, before, None)
            case PutConfiguration():
                _put_configuration(setup, turn, took, step)
            case DeleteConfiguration(bucket, id):
                _delete_configuration(setup, turn, took, bucket, id)


def _create(setup: BucketSetup, turn: Turn, took: Took, bucket: str, zone: str) -> None:
    _patiently(turn, lambda: setup.create_bucket(bucket, zone))
    took()

    def answers() -> bool:
        try:
            setup.policy(bucket)
        except BucketMissing:
            return False
        return True

    _until(turn, f"the new bucket {bucket}", answers)


def _write_policy(
    setup: BucketSetup, turn: Turn, took: Took, bucket: str, before: str | None, after: str | None
) -> None:
    """Replace a policy decided from `before`. It takes no precondition, so look just before and after."""
    if not same_policy(_patiently(turn, lambda: setup.policy(bucket)), before):
        raise Interfered(f"The policy of {bucket} was changed by somebody else at the same time.")
    if after is None:
        _patiently(turn, lambda: setup.delete_policy(bucket))
    else:
        text = after
        _patiently(turn, lambda: setup.put_policy(bucket, text))
    took()

    def reads_back() -> bool:
        try:
            there = setup.policy(bucket)
        except BucketMissing:
            raise
        except PlatformRefused:
            return True  # it could be read just before: the new one is in force, and lets us read it no more
        if same_policy(there, after):
            return True
        if same_policy(there, before):
            return False
        raise Interfered(
            f"The policy of {bucket} does not read back as it was written; somebody else writes it."
        )

    _until(turn, f"the policy of {bucket}", reads_back)


def _put_configuration(setup: BucketSetup, turn: Turn, took: Took, step: PutConfiguration) -> None:
    _patiently(turn, lambda: setup.put_configuration(step.bucket, step.id, step.document))
    took()

    def reads_back() -> bool:
        there = setup.configuration(step.bucket, step.id)
        return there is not None and not configuration_differences(step.document, there)

    _until(turn, f"the inventory configuration of {step.bucket}", reads_back)


def _delete_configuration(setup: BucketSetup, turn: Turn, took: Took, bucket: str, id: str) -> None:
    _patiently(turn, lambda: setup.delete_configuration(bucket, id))
    took()
    _until(
        turn,
        f"the deletion of the inventory configuration of {bucket}",
        lambda: setup.configuration(bucket, id) is None,
    )


def _patiently(turn: Turn, call: Callable[[], T]) -> T:
    """The call's answer, tried again while the platform is away or an earlier write still spreads."""
    pause = 0.25
    while True:
        try:
            return call()
        except (PlatformAway, NotYet):
            if not turn.has_time():
                raise
        turn.wait(pause)
        pause = min(pause * 2, _LONGEST_WAIT)


def _until(turn: Turn, what: str, seen: Callable[[], bool]) -> None:
    """Wait until a write is visible. Raises `NotYet` when the turn is over before."""
    pause = 0.25
    while not _patiently(turn, seen):
        if not turn.has_time():
            raise NotYet(f"The platform does not show {what} yet.")
        turn.wait(pause)
        pause = min(pause * 2, _LONGEST_WAIT)
