"""What is stored costs what the list says, to the cent, and what the list does not price is named."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.prices import GIB, Cost, PriceTable, parse_prices
from tests.contents import PRICES


def test_a_list_is_a_currency_a_date_and_prices() -> None:
    assert PriceTable(
        "USD",
        date(2025, 10, 31),
        {"hot": Decimal("0.06"), "warm": Decimal("0.03"), "cold": Decimal("0.015")},
    ) == (PRICES)
    assert parse_prices(" EUR  2026-01-01\tSTANDARD_IA=1 ").prices == {"STANDARD_IA": Decimal(1)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a currency, a date and prices such as hot=0.06 are needed"),
        ("USD 2025-10-31", "a currency, a date and prices such as hot=0.06 are needed"),
        ("usd 2025-10-31 hot=1", "the currency 'usd', where three capital letters are right"),
        ("DOLLAR 2025-10-31 hot=1", "the currency 'DOLLAR'"),
        ("USD 20251031 hot=1", "the date '20251031', where the day of the price list is right"),
        ("USD 2025-02-30 hot=1", "the date '2025-02-30'"),
        ("USD ２025-02-03 hot=1", "the date '２025-02-03'"),
        ("USD 2025-10-31 hot", "the price 'hot', where a tier and a price by GiB and month are right"),
        ("USD 2025-10-31 =1", "the price '=1'"),
        ("USD 2025-10-31 hot=-1", "the price 'hot=-1'"),
        ("USD 2025-10-31 hot=1e3", "the price 'hot=1e3'"),
        ("USD 2025-10-31 hot=nan", "the price 'hot=nan'"),
        ("USD 2025-10-31 hot=٣", "the price 'hot=٣'"),
        ("USD 2025-10-31 hot=1,5", "the price 'hot=1,5'"),
        ("USD 2025-10-31 hot=1234567", "the price 'hot=1234567'"),
        ("USD 2025-10-31 h ot=1", "the price 'h'"),
        ("USD 2025-10-31 hot=1 hot=2", "two prices for hot, where one is right"),
        ("USD 2025-10-31 " + " ".join(f"t{n}=1" for n in range(21)), "21 prices, and 20 at most are right"),
    ],
)
def test_what_is_no_list_is_refused_with_what_would_be_right(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|has) ") as caught:
        parse_prices(text)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 400


_parts = st.sampled_from(["USD", "2025-10-31", "hot=0.06", "cold=1", "hot", "=", "0", "٣", "\x00", "é=1"])


@given(st.lists(_parts, max_size=5).map(" ".join))
def test_any_text_becomes_a_list_or_a_refusal(text: str) -> None:
    try:
        found = parse_prices(text)
    except ValueError:
        return
    assert " ".join(
        [found.currency, found.as_of.isoformat(), *(f"{k}={v}" for k, v in found.prices.items())]
    ) == (text)


@pytest.mark.parametrize(
    ("tiers", "amount", "without"),
    [
        ({}, "0.00", ()),
        ({"hot": 0, "GLACIER": 0}, "0.00", ()),
        ({"hot": GIB}, "0.06", ()),
        ({"hot": 1000 * GIB, "warm": 1000 * GIB, "cold": 1000 * GIB}, "105.00", ()),
        ({"hot": 1}, "0.00", ()),
        ({"cold": GIB}, "0.02", ()),  # half a cent is rounded up
        ({"cold": GIB - 1}, "0.01", ()),
        ({"hot": 100 * GIB, "STANDARD_IA": GIB, "": 5}, "6.00", ("", "STANDARD_IA")),
        ({"hot": 2**80}, "67553994410557.44", ()),
    ],
)
def test_a_cost_is_rounded_to_the_cent_and_names_what_is_not_in_it(
    tiers: dict[str, int], amount: str, without: tuple[str, ...]
) -> None:
    assert PRICES.cost(tiers) == Cost(Decimal(amount), "USD", date(2025, 10, 31), without)
    assert str(getattr(PRICES.cost(tiers), "amount", None)) == amount


def test_what_is_not_known_or_nowhere_priced_has_no_cost() -> None:
    assert PRICES.cost(None) is None
    assert PRICES.cost({"STANDARD_IA": 5, "hot": 0}) is None


@given(st.dictionaries(st.sampled_from(["hot", "warm", "cold"]), st.integers(0, 2**70), min_size=1))
def test_a_cost_is_within_half_a_cent_of_the_truth(tiers: dict[str, int]) -> None:
    by_gib = sum((count * Fraction(PRICES.prices[tier]) for tier, count in tiers.items()), Fraction(0))

    found = PRICES.cost(tiers)

    assert found is not None
    assert abs(Fraction(found.amount) - by_gib / GIB) <= Fraction(1, 200)
