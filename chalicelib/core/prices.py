"""What a bucket costs by month: a list of prices, and bytes by what they are billed by.

In comes the text of a setting; out comes a `PriceTable`, and from it the `Cost` of some bytes. CoreWeave
bills what is stored by GiB and month, where a GiB has 2^30 bytes and a month 730 hours ("Storage Pricing");
it tells Hot, Warm and Cold apart within the storage class STANDARD. Money is counted in decimals, and rounded
once, at the end.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

GIB = 1024**3

MOST_PRICES = 20

_CENT = Decimal("0.01")
_PRECISION = 100
"""Digits, so that nothing is lost before the rounding: the bytes have twenty, a GiB divides into thirty."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIER = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PRICE = re.compile(r"\d{1,6}(\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cost:
    """What some bytes cost by month, to the cent, by the list of that date.

    `without` are those tiers of them that the list has no price for: they are not in the amount.
    """

    amount: Decimal
    currency: str
    as_of: date
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceTable:
    """A list of prices: `prices` are by GiB and month, by tier: `hot`, `warm`, `cold`, or a storage class."""

    currency: str
    as_of: date
    prices: Mapping[str, Decimal]

    def cost(self, tiers: Mapping[str, int] | None) -> Cost | None:
        """What these bytes by tier cost; None where they are not known, or none of them has a price."""
        if tiers is None:
            return None
        stored = {tier: count for tier, count in tiers.items() if count}
        without = tuple(sorted(tier for tier in stored if tier not in self.prices))
        if stored and len(without) == len(stored):
            return None
        with localcontext() as context:
            context.prec = _PRECISION
            priced = (count * self.prices[tier] for tier, count in stored.items() if tier in self.prices)
            amount = (sum(priced, Decimal(0)) / GIB).quantize(_CENT, ROUND_HALF_UP)
        return Cost(amount, self.currency, self.as_of, without)


def parse_prices(text: str) -> PriceTable:
    """The list in a text such as `USD 2025-10-31 hot=0.06 warm=0.03 cold=0.015`.

    Raises `ValueError`, with what the text is and what would be right, to be read behind the setting's name.
    """
    parts = text.split()
    if len(parts) < 3:
        raise ValueError(f"is {text[:200]!r}: a currency, a date and prices such as hot=0.06 are needed")
    currency, day, *priced = parts
    if not _CURRENCY.fullmatch(currency):
        raise ValueError(f"has the currency {currency[:40]!r}, where three capital letters are right, as USD")
    if len(priced) > MOST_PRICES:
        raise ValueError(f"has {len(priced)} prices, and {MOST_PRICES} at most are right")
    prices: dict[str, Decimal] = {}
    for each in priced:
        tier, price = _price(each)
        if tier in prices:
            raise ValueError(f"has two prices for {tier}, where one is right")
        prices[tier] = price
    return PriceTable(currency, _date(day), prices)


def _date(day: str) -> date:
    wrong = f"has the date {day[:40]!r}, where the day of the price list is right, as 2025-10-31"
    if not _DAY.fullmatch(day):
        raise ValueError(wrong)
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise ValueError(wrong) from None


def _price(text: str) -> tuple[str, Decimal]:
    tier, equals, price = text.partition("=")
    if not equals or not _TIER.fullmatch(tier) or not _PRICE.fullmatch(price):
        raise ValueError(
            f"has the price {text[:100]!r}, where a tier and a price by GiB and month are right, as hot=0.06"
        )
    return tier, Decimal(price)
