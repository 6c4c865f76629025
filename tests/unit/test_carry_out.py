"""Carrying steps out: in order, each waited for, patient while there is time, and never over others."""

from datetime import timedelta

import pytest

from chalicelib.core.grants import SERVICE_PRINCIPAL
from chalicelib.core.plan import (
    CreateBucket,
    DeleteConfiguration,
    DeletePolicy,
    PutConfiguration,
    Step,
    WritePolicy,
)
from chalicelib.errors import NotYet, PlatformAway, PlatformError, PlatformRefused
from chalicelib.flows.carry_out import Interfered, carry_out
from tests.fake_buckets import FakeBuckets
from tests.fakes import FakeClock, FakeTurn
from tests.samples import configuration

AWAY = PlatformAway("SlowDown")
OLD = '{"Statement": [{"Sid": "Old", "Effect": "Allow"}]}'
OURS = (
    f'{{"Statement": [{{"Sid": "Ours", "Effect": "Allow", "Principal": {{"CW": "{SERVICE_PRINCIPAL}"}}}}]}}'
)
THEIRS = '{"Statement": [{"Sid": "Theirs", "Effect": "Allow"}]}'

CREATE = CreateBucket("reports", "US-EAST-04A")
WRITE = WritePolicy("reports", None, OURS, ())
PUT = PutConfiguration("data", "daily", configuration().s3_document())
DELETE = DeleteConfiguration("data", "daily")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def buckets(clock: FakeClock) -> FakeBuckets:
    return FakeBuckets(clock, "data", "reports")


def apply(buckets: FakeBuckets, clock: FakeClock, *steps: Step, seconds: float = 20) -> float:
    """Carry out; how long it waited, in seconds."""
    turn = FakeTurn(clock, seconds)
    carry_out(steps, buckets, turn)
    return turn.waited


def test_no_steps_are_no_calls(buckets: FakeBuckets, clock: FakeClock) -> None:
    assert apply(buckets, clock) == 0
    assert buckets.calls == []


def test_steps_are_done_in_their_order(clock: FakeClock) -> None:
    buckets = FakeBuckets(clock, "data")

    apply(buckets, clock, CREATE, WRITE, PUT)

    assert buckets.writes == [
        ("create_bucket", "reports"),
        ("put_policy", "reports"),
        ("put_configuration", "data"),
    ]


@pytest.mark.parametrize("delay", [0, 1, 7])
def test_each_step_is_waited_for_until_it_reads_back(
    buckets: FakeBuckets, clock: FakeClock, delay: float
) -> None:
    buckets.visible_after = delay

    waited = apply(buckets, clock, WRITE, PUT)

    assert 2 * delay <= waited <= 4 * delay
    assert (buckets.policy("reports"), buckets.configuration("data", "daily")) == (OURS, PUT.document)


def test_a_changed_configuration_is_waited_for_while_the_old_one_is_seen(
    buckets: FakeBuckets, clock: FakeClock
) -> None:
    buckets.write("reports", OURS)
    buckets.configure("data", "daily", configuration(format="ORC").s3_document())
    buckets.visible_after = 3

    assert apply(buckets, clock, PUT) >= 3
    assert buckets.configuration("data", "daily") == PUT.document


def test_a_deletion_is_waited_for_too(buckets: FakeBuckets, clock: FakeClock) -> None:
    buckets.write("reports", OURS)
    buckets.configure("data", "daily", PUT.document)
    buckets.visible_after = 3

    apply(buckets, clock, DELETE, DeletePolicy("reports", OURS, ()))

    assert (buckets.policy("reports"), buckets.configuration("data", "daily")) == (None, None)


@pytest.mark.parametrize("step", [WRITE, PUT, DELETE], ids=["policy", "configuration", "deletion"])
def test_what_does_not_read_back_in_time_is_not_done_yet(
    buckets: FakeBuckets, clock: FakeClock, step: Step
) -> None:
    if step is not WRITE:
        buckets.write("reports", OURS)
    if step is DELETE:
        buckets.configure("data", "daily", PUT.document)
    buckets.visible_after = 100

    with pytest.raises(NotYet, match="does not show"):
        apply(buckets, clock, step)

    assert clock.now >= FakeClock().now + timedelta(seconds=20)


def test_the_grant_may_take_a_while_to_spread(buckets: FakeBuckets, clock: FakeClock) -> None:
    spreading = NotYet("IllegalInventoryConfigurationException")
    buckets.fail("put_configuration", spreading, times=4)

    assert apply(buckets, clock, WRITE, PUT) == pytest.approx(0.25 + 0.5 + 1 + 2)


def test_a_grant_that_does_not_spread_in_time_is_told_as_such(buckets: FakeBuckets, clock: FakeClock) -> None:
    buckets.fail("put_configuration", NotYet("IllegalInventoryConfigurationException"), times=99)

    with pytest.raises(NotYet, match="Illegal"):
        apply(buckets, clock, WRITE, PUT)

    assert buckets.latest_policy("reports") == OURS, "what was done stays done"


@pytest.mark.parametrize("method", ["policy", "put_policy", "configuration", "put_configuration"])
def test_a_platform_that_is_away_for_a_moment_is_waited_for(
    buckets: FakeBuckets, clock: FakeClock, method: str
) -> None:
    buckets.fail(method, AWAY, times=3)

    apply(buckets, clock, WRITE, PUT)

    assert buckets.latest_configuration("data", "daily") == PUT.document


def test_waiting_becomes_less_frequent_up_to_five_seconds(buckets: FakeBuckets, clock: FakeClock) -> None:
    buckets.visible_after = 60

    apply(buckets, clock, WRITE, seconds=100)

    assert len(buckets.calls) < 22


def test_a_platform_that_stays_away_ends_with_the_turn(buckets: FakeBuckets, clock: FakeClock) -> None:
    buckets.fail("put_policy", AWAY, times=99)

    with pytest.raises(PlatformAway):
        apply(buckets, clock, WRITE)


def test_a_no_is_a_no_at_once(buckets: FakeBuckets, clock: FakeClock) -> None:
    buckets.fail("put_policy", PlatformRefused("AccessDenied"))

    with pytest.raises(PlatformRefused):
        apply(buckets, clock, WRITE, PUT)

    assert (clock.now, buckets.writes) == (FakeClock().now, [("put_policy", "reports")])


def test_a_new_bucket_that_is_not_known_everywhere_is_waited_for(clock: FakeClock) -> None:
    buckets = FakeBuckets(clock, "data")
    buckets.fail("policy", NotYet("InvalidRegion"), times=5)

    apply(buckets, clock, CREATE, WRITE)

    assert buckets.policy("reports") == OURS


def test_a_policy_that_somebody_wrote_since_it_was_read_is_not_written_over(
    buckets: FakeBuckets, clock: FakeClock
) -> None:
    buckets.write("reports", THEIRS)

    with pytest.raises(Interfered):
        apply(buckets, clock, WRITE)

    assert (buckets.writes, buckets.latest_policy("reports")) == ([], THEIRS)


def test_a_policy_that_only_reads_in_another_spelling_was_not_changed(
    buckets: FakeBuckets, clock: FakeClock
) -> None:
    buckets.write("reports", OLD.replace(" ", "\n"))

    apply(buckets, clock, WritePolicy("reports", OLD, OURS, ()))

    assert buckets.latest_policy("reports") == OURS


def test_somebody_who_writes_right_after_us_is_noticed(buckets: FakeBuckets, clock: FakeClock) -> None:
    def meddle(method: str, _bucket: str) -> None:
        if method == "policy" and buckets.writes:
            buckets.write("reports", THEIRS)

    buckets.before = meddle
    with pytest.raises(Interfered):
        apply(buckets, clock, WRITE)

    assert buckets.latest_policy("reports") == THEIRS


def test_interference_helps_to_try_again() -> None:
    assert Interfered("somebody else writes").retry_helps


def test_interference_is_told_at_once_and_not_waited_for(buckets: FakeBuckets, clock: FakeClock) -> None:
    began = clock.now
    test_somebody_who_writes_right_after_us_is_noticed(buckets, clock)
    assert clock.now == began


def test_no_step_is_begun_when_the_time_is_over(buckets: FakeBuckets, clock: FakeClock) -> None:
    with pytest.raises(NotYet):
        carry_out((WRITE, PUT), buckets, FakeTurn(clock, 0))
    assert buckets.writes == []


def test_a_policy_that_may_not_be_read_after_it_was_written_is_in_force(
    buckets: FakeBuckets, clock: FakeClock
) -> None:
    def refuse(method: str, _bucket: str) -> None:
        if method == "policy" and buckets.writes:
            raise PlatformRefused("AccessDenied")

    buckets.before = refuse
    apply(buckets, clock, WRITE)
    assert buckets.latest_policy("reports") == OURS


def test_each_step_is_told_once_the_platform_took_it(clock: FakeClock) -> None:
    buckets = FakeBuckets(clock, "data")
    done: list[Step] = []
    carry_out((CREATE, WRITE, PUT, DELETE), buckets, FakeTurn(clock), done.append)
    assert done == [CREATE, WRITE, PUT, DELETE]


def test_what_the_platform_took_is_told_though_it_does_not_read_back(
    buckets: FakeBuckets, clock: FakeClock
) -> None:
    buckets.visible_after = 100
    done: list[Step] = []
    with pytest.raises(NotYet):
        carry_out((WRITE, PUT), buckets, FakeTurn(clock), done.append)
    assert done == [WRITE]


@pytest.mark.parametrize("error", [AWAY, NotYet("it spreads"), PlatformRefused("AccessDenied")])
def test_what_the_platform_did_not_take_is_not_told(
    buckets: FakeBuckets, clock: FakeClock, error: PlatformError
) -> None:
    buckets.fail("put_configuration", error, times=99)
    done: list[Step] = []
    with pytest.raises(type(error)):
        carry_out((WRITE, PUT), buckets, FakeTurn(clock), done.append)
    assert done == [WRITE]
