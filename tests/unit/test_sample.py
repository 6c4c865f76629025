"""A sample tells everything while there is room, and finds what is heavy where there is not."""

import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.sample import DRAWS, MEASURES, Estimate, Measure, Sample, Unit
from chalicelib.core.summary import MOST_SAMPLED
from chalicelib.core.tally import NOTHING, Amount

_amounts = st.builds(
    Amount, objects=st.integers(0, 3), bytes=st.integers(0, 5) | st.just(2**62), cold_bytes=st.integers(0, 2)
)
_units = st.builds(
    Unit, prefix=st.sampled_from("abc"), amount=_amounts, draw=st.sampled_from([1, 2, DRAWS - 1, DRAWS])
)
_measures: st.SearchStrategy[Measure] = st.sampled_from(["objects", "bytes", "cold_bytes"])


def units(weights: dict[str, int], chance: random.Random) -> list[Unit]:
    """A unit of so many bytes for each prefix, with draws by this chance."""
    return [
        Unit(prefix, Amount(weight // 10, weight, weight // 2), chance.randint(1, DRAWS))
        for prefix, weight in weights.items()
    ]


@given(_measures, st.lists(_units, max_size=30), st.lists(_units, max_size=30), st.integers(1, 8), st.data())
def test_the_best_of_parts_best_are_the_best_of_all(
    measure: Measure, some: list[Unit], others: list[Unit], most: int, data: st.DataObject
) -> None:
    whole = Sample.of(measure, most, [*some, *others])
    mixed = data.draw(st.permutations([*some, *others]))
    parts = [Sample.of(measure, most, mixed[start::3]) for start in range(3)]

    assert Sample.of(measure, most, some) + Sample.of(measure, most, others) == whole
    assert parts[0] + (parts[1] + parts[2]) == (parts[2] + parts[0]) + parts[1] == whole
    assert len(whole.units) <= most + 1


@given(st.lists(_units, max_size=20))
def test_with_room_for_all_everything_is_exact(some: list[Unit]) -> None:
    found = Sample.of("bytes", 20, some).estimates()

    weighing = [each for each in some if each.amount.bytes]
    for prefix in "abc":
        those = [each.amount for each in weighing if each.prefix == prefix]
        expected = [Estimate(prefix, sum(those, NOTHING), exact=True)] if those else []
        assert [each for each in found if each.prefix == prefix] == expected
    assert [each.amount.bytes for each in found] == sorted((e.amount.bytes for e in found), reverse=True)


def test_the_first_unit_more_than_there_is_room_for_is_kept_for_the_threshold_and_told_by_nothing() -> None:
    three = [Unit("heavy", Amount(1, 100), DRAWS), Unit("kept", Amount(2, 3), DRAWS // 2)]
    sample = Sample.of("bytes", 2, [*three, Unit("left out", Amount(1, 4), DRAWS)])

    assert [each.prefix for each in sample.units] == ["heavy", "kept", "left out"]
    assert sample.estimates() == (
        Estimate("heavy", Amount(1, 100), exact=False),
        Estimate("kept", Amount(3, 4), exact=False),  # 2 and 2/3 objects
    )


def test_the_heavy_ones_among_many_are_found_and_nearly_right() -> None:
    chance = random.Random(6)
    heavy = {f"heavy-{number}/": 60_000_000 for number in range(8)}  # 6 % of the whole each
    light = {f"light-{number:05}/": 26_000 for number in range(20_000)}
    sample = Sample("bytes", MOST_SAMPLED)
    for part in range(40):  # the heavy ones are in many parts, as where keys are not in order
        shares = {name: weight // 40 for name, weight in heavy.items()}
        names = [*light][part::40]
        those = units({**shares, **{name: light[name] for name in names}}, chance)
        sample += Sample.of("bytes", MOST_SAMPLED, those)

    found = {each.prefix: each.amount.bytes for each in sample.estimates()}

    assert set([*found][:8]) == set(heavy)
    for name, weight in heavy.items():
        assert found[name] == pytest.approx(weight, rel=0.3)


def test_many_light_units_of_one_prefix_lose_nothing_by_rounding() -> None:
    chance = random.Random(8)
    sample = Sample.of(
        "objects", 600, [Unit("p/", Amount(1), chance.randint(1, DRAWS)) for _ in range(1_000)]
    )

    assert sample.estimates()[0].amount.objects == pytest.approx(1_000, rel=0.1)


def test_a_heavy_unit_is_exactly_known_whatever_its_draw() -> None:
    chance = random.Random(7)
    light = units({f"light-{number}/": 10_000 for number in range(5_000)}, chance)
    sample = Sample.of("bytes", 100, [*light, Unit("heavy/", Amount(7, 30_000_000, 5), DRAWS)])

    assert sample.estimates()[0].amount == Amount(7, 30_000_000, 5)


@pytest.mark.parametrize("measure", MEASURES)
def test_estimates_are_right_on_average(measure: Measure) -> None:
    weights = {f"p{number}/": 1_000 * (number % 10 + 1) ** 3 for number in range(100)}
    true = {each.prefix: getattr(each.amount, measure) for each in units(weights, random.Random())}
    totals, ones = [], []
    for seed in range(300):
        sample = Sample.of(measure, 25, units(weights, random.Random(seed)))
        found = {each.prefix: getattr(each.amount, measure) for each in sample.estimates()}
        totals.append(sum(found.values()))
        ones.append(found.get("p5/", 0))

    assert fmean(totals) == pytest.approx(sum(true.values()), rel=0.02)
    assert fmean(ones) == pytest.approx(true["p5/"], rel=0.25)


def test_samples_of_different_measures_or_sizes_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="different measures or sizes"):
        Sample("bytes", 2) + Sample("objects", 2)
    with pytest.raises(ValueError, match="different measures or sizes"):
        Sample("bytes", 2) + Sample("bytes", 3)
