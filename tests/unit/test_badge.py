"""A badge: its words, its picture, and the key that its address needs."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core.badge import Badge, badge_key, badge_of, opens
from chalicelib.core.freshness import LastReport
from chalicelib.core.page_address import badge
from chalicelib.core.record import Drift
from chalicelib.core.standing import WORDS, tone_of
from chalicelib.templates.badge import badge_svg
from tests import samples

SECRET = "s" * 32
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_a_key_opens_its_own_badge() -> None:
    key = badge_key(SECRET, "data", "daily")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", key)
    assert opens(SECRET, "data", "daily", key)


@pytest.mark.parametrize(
    ("secret", "bucket", "id"),
    [
        ("t" * 32, "data", "daily"),
        (None, "data", "daily"),
        ("", "data", "daily"),
        (SECRET, "dat", "adaily"),
        (SECRET, "data", "weekly"),
        (SECRET, "data/daily", ""),
        (SECRET, "", "data/daily"),
    ],
)
def test_it_opens_no_other(secret: str | None, bucket: str, id: str) -> None:
    assert not opens(secret, bucket, id, badge_key(SECRET, "data", "daily"))


@pytest.mark.parametrize("key", ["", "ü", "\ud800", "x" * 43, badge_key(SECRET, "data", "daily") + "="])
def test_what_is_no_key_opens_nothing(key: str) -> None:
    assert not opens(SECRET, "data", "daily", key)


@pytest.mark.parametrize(
    ("arrived", "age"),
    [(None, None), (0, "fresh"), (3_599, "fresh"), (7_200, "2 h"), (172_799, "47 h"), (200_000, "2 days")],
)
def test_a_badge_says_how_old_the_last_report_is(arrived: int | None, age: str | None) -> None:
    record = samples.record()
    at = None if arrived is None else NOW - timedelta(seconds=arrived)
    last = None if at is None else LastReport("1", at, at)
    freshness = replace(record.freshness, status="overdue", last_report=last)
    record = replace(record, freshness=freshness, drift=Drift("in_sync", checked_at=NOW))
    assert badge_of(record, NOW) == Badge("overdue", "bad", age)


@pytest.mark.parametrize("word", WORDS)
def test_the_picture_has_its_words_for_who_sees_and_who_hears(word: str) -> None:
    picture = badge_svg(Badge(word, tone_of(word), "12 days"))  # type: ignore[arg-type]
    root = ET.fromstring(picture)
    said = f"{word} · 12 days"
    assert root.get("aria-label") == f"inventory: {said}"
    texts = [each for each in root.iter() if each.tag.endswith("text")]
    assert [each.text for each in texts] == ["inventory", said]
    ends = [int(each.get("x", "")) + int(each.get("textLength", "")) for each in texts]
    assert ends[0] < int(texts[1].get("x", ""))
    assert ends[1] < int(root.get("width", ""))


def test_an_address_is_made_of_escaped_names() -> None:
    assert badge("https://x/api", "a b", "c&d", "k-_") == "https://x/api/badge/a%20b/c%26d.svg?key=k-_"
