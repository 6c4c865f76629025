"""What a landed report lists, in its notice: the figures, what is not known, and what cannot be believed."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.comparing import change
from chalicelib.core.headline import headline
from chalicelib.core.notice import Notice
from chalicelib.core.points import point
from chalicelib.core.prices import GIB
from chalicelib.templates.cloud_event import event
from chalicelib.templates.columns import lines
from chalicelib.templates.digest import digest
from chalicelib.templates.mail import html, text
from chalicelib.templates.words import Words, words
from tests.contents import GONE, PRICES, contents
from tests.notices import SUMMARY, notice
from tests.summaries import Row, days

NO_MORE: dict[str, Any] = {
    **dict.fromkeys(("older_objects", "older_bytes", "delete_markers", "tiers", "cold_bytes")),
    **dict.fromkeys(("cost", "change")),
    "sparks": [],
}
"""What a report does not tell that lists nothing but keys."""

GET = "GET /inventories/production-data/daily-all/reports"


def listed(**changes: Any) -> Words:
    """The words about a report that lists this."""
    return words(notice(summary={**SUMMARY, **changes}))


def figures(said: Words) -> dict[str, str]:
    return {each.label: each.value for each in said.headline.lines}


def table(said: Words, title: str) -> list[str]:
    return [line for each in said.headline.tables if each.title == title for line in lines(each)]


def changed(**changes: Any) -> dict[str, Any]:
    return {**SUMMARY["change"], **changes}


def test_the_figures_are_told_before_where_the_report_is() -> None:
    said = listed()
    assert said.figure == "412.6 TiB in 48,112,903 objects"
    assert said.title == "Inventory report landed: production-data / daily-all · 412.6 TiB (+2.1%)"
    assert figures(said) == {
        "Cost a month": "17,386.16 USD (prices of 2025-10-31)",
        "Since 2026-02-28": "+8.4 TiB (+2.1%), +1,204,331 objects",
        "Cold, since then": "−1.1 TiB",
        "Older versions": "1,203,345 among them, 3.1 TiB",
        "Delete markers": "20,114",
        "Not in the cost": "STANDARD_IA",
    }
    assert table(said, "Last 14 reports") == ["362.0 TiB  ▁▁▂▂▃▃▄▃▄▅▅▆▇█  412.6 TiB"]
    assert table(said, "Billed as") == [
        "Hot          210.4 TiB  51.0%  ██████████",
        "Warm          90.8 TiB  22.0%  ████",
        "Cold         108.7 TiB  26.3%  █████",
        "STANDARD_IA    2.7 TiB   0.7%  █",
    ]
    assert table(said, "What moved most") == [
        "grew    +6.2 TiB  +120,331 objects  training/checkpoints/",
        "went    −1.1 TiB    −3,002 objects  scratch/2025/",
        "came  +921.6 GiB       +88 objects  exports/",
    ]
    assert (said.tone, said.call) == ("good", f"{GET}/5f2c9a0d11e84b37/summary")


def test_what_is_summed_up_of_a_report_is_what_is_told() -> None:
    before = contents([Row("raw/a/1", 40 * GIB), Row("tmp/1", GIB)], number=1)
    after = contents([Row("raw/a/1", 100 * GIB, accessed=days(9)), Row("x", 5, accessed=None)], number=2)
    made = headline(replace(after, change=change(before, after)), [point(before)], PRICES)
    said = words(notice(summary=made))
    assert made.keys() == SUMMARY.keys()
    assert said.title.endswith(" · 100.0 GiB (+143.9%)")
    assert said.figure == "100.0 GiB in 2 objects"
    assert figures(said) == {
        "Cost a month": "3.00 USD (prices of 2025-10-31)",
        "Since 2026-03-02": "+59.0 GiB (+143.9%), as many objects",
        "Cold, since then": "no change",
        "Not in the cost": "unknown",
    }
    assert [each.title for each in said.headline.tables] == ["Last 2 reports", "Billed as", "What moved most"]
    assert table(said, "Billed as")[1].split() == ["unknown", "5", "bytes", "<0.1%", "█"]


def test_mail_has_the_figures_in_both_bodies() -> None:
    plain, page = text(listed()), html(listed())
    for each in (
        "412.6 TiB in 48,112,903 objects",
        "17,386.16 USD",
        "training/checkpoints/",
        "▁▁▂▂▃▃▄▃▄▅▅▆▇█",
    ):
        assert each in plain
        assert each in page
    assert "width:51%" in page
    assert plain.index("412.6 TiB in ") < plain.index("Billed as:") < plain.index("Run began:")


def test_a_line_of_a_digest_has_one_figure() -> None:
    said = digest([notice(summary=SUMMARY), notice()])
    assert [each.title.partition("daily-all")[2] for each in said.lines] == [" · 412.6 TiB (+2.1%)", ""]


def test_an_event_carries_the_summary_as_it_is() -> None:
    assert event(notice(summary=SUMMARY))["data"]["summary"] == SUMMARY


def without_summary(said: Words) -> bool:
    return not said.figure and not said.headline.lines and not said.headline.tables and "·" not in said.title


def test_a_report_that_was_not_summed_up_is_told_as_before() -> None:
    said = words(notice())
    assert without_summary(said)
    assert "summed up" not in said.meaning + said.next_step
    assert said.call == GET


def test_a_summary_that_was_awaited_in_vain_can_be_asked_for_later() -> None:
    said = words(notice(summary_awaited=True))
    assert without_summary(said)
    assert "What it lists was not summed up in time" in said.meaning
    assert said.call == f"{GET}/5f2c9a0d11e84b37/summary"
    assert "in time" not in words(notice(summary_awaited=True, summary=SUMMARY)).meaning


def test_files_that_could_not_be_read_make_every_figure_too_small() -> None:
    said = listed(missing_files=3)
    assert said.tone == "warning"
    assert "3 of 40 data files could not be read: the figures are too small" in said.meaning
    assert said.title.endswith(" · at least 412.6 TiB")
    assert "1 data file could not be read" in listed(missing_files=1, files=None).meaning
    assert "could not be read" not in listed(missing_files=0).meaning


def test_a_report_of_which_no_file_could_be_read_says_nothing_of_how_much_there_is() -> None:
    unread = contents([], columns=frozenset(), number=2, files=3, missing_files=3, missing=(GONE,) * 3)
    said = words(notice(summary=headline(unread, [point(contents([Row("a", 5)]))], PRICES)))
    assert said.title == "Inventory report landed: production-data / daily-all"
    assert (said.tone, said.headline.lines, said.headline.tables) == ("warning", (), ())
    assert "None of its 3 data files could be read: what it lists is not known" in said.meaning
    assert said.call == f"{GET}/5f2c9a0d11e84b37/summary"


def test_at_least_nothing_is_no_figure() -> None:
    assert without_summary(listed(missing_files=3, objects=0, bytes=None, **NO_MORE))


def test_what_the_report_does_not_tell_is_left_out_and_never_zero() -> None:
    said = listed(bytes=None, **NO_MORE)
    assert (said.figure, figures(said)) == ("48,112,903 objects", {})
    assert said.headline.tables == ()
    assert said.title.endswith(" · 48,112,903 objects")


def test_without_sizes_changes_and_shares_are_of_objects() -> None:
    tiers = [{"name": "hot", "objects": 3, "bytes": None}, {"name": "cold", "objects": 1, "bytes": None}]
    moved = [{"prefix": "a/", "how": "went", "objects": -2, "bytes": None}]
    said = listed(
        objects=4,
        bytes=None,
        tiers=tiers,
        change=changed(objects=-1, bytes=None, cold_bytes=None, moved=moved),
        sparks=[5, 4],
        sparks_of="objects",
    )
    assert said.title.endswith(" · 4 objects (−20.0%)")
    assert figures(said)["Since 2026-02-28"] == "−1 object"
    assert table(said, "Billed as")[1] == "Cold   1 object  25.0%  █████"
    assert table(said, "What moved most") == ["went  −2 objects  a/"]
    assert table(said, "Last 2 reports") == ["5 objects  █▁  4 objects"]


def test_a_report_like_the_one_before_says_that_nothing_changed() -> None:
    said = listed(change=changed(objects=0, bytes=0, cold_bytes=0, moved=[]))
    assert figures(said)["Since 2026-02-28"] == figures(said)["Cold, since then"] == "no change"
    assert table(said, "What moved most") == []
    assert said.title.endswith("412.6 TiB (no change)")


def test_what_did_not_change_is_said_beside_what_did() -> None:
    said = listed(change=changed(bytes=0, objects=-1))
    assert figures(said)["Since 2026-02-28"] == "the same size, −1 object"
    assert said.title.endswith(" · 412.6 TiB")


def test_growth_out_of_nothing_has_no_percent() -> None:
    said = listed(change=changed(bytes=SUMMARY["bytes"]))
    assert said.title.endswith(" · 412.6 TiB")
    assert figures(said)["Since 2026-02-28"] == "+412.6 TiB, +1,204,331 objects"


def test_a_cost_of_less_than_a_cent_is_not_nothing() -> None:
    price = {"amount": "0.00", "currency": "USD", "as_of": "2025-10-31", "without": []}
    assert figures(listed(cost=price))["Cost a month"] == "less than 0.01 USD (prices of 2025-10-31)"
    assert figures(listed(cost=price, bytes=0))["Cost a month"] == "0.00 USD (prices of 2025-10-31)"


def test_keys_without_a_slash_have_a_name_too() -> None:
    moved = [{"prefix": "", "how": "grew", "objects": 1, "bytes": 1024}]
    assert table(listed(change=changed(moved=moved)), "What moved most") == [
        "grew  +1.0 KiB  +1 object  (keys without a slash)"
    ]


@pytest.mark.parametrize(
    "cost",
    [
        {"amount": "NaN", "currency": "USD"},
        {"amount": "1e400", "currency": "USD"},
        {"amount": "-1", "currency": "USD"},
        {"amount": "9" * 31, "currency": "USD"},
        {"amount": 10**5000, "currency": "USD"},
        {"amount": "ten", "currency": "USD"},
        {"amount": True, "currency": "USD"},
        {"amount": "1", "currency": "dollars"},
        {"amount": "1", "currency": "U\nD"},
        {"amount": "1"},
        [],
    ],
)
def test_a_cost_that_is_none_is_left_out(cost: Any) -> None:
    assert not {"Cost a month", "Not in the cost"} & figures(listed(cost=cost)).keys()


@pytest.mark.parametrize("numbers", [[1], [], [True, 2], ["1", None, 3], [float("nan"), 4], [-1, 2], 5, {}])
def test_fewer_than_two_reports_are_no_trend(numbers: Any) -> None:
    assert [each.title for each in listed(sparks=numbers).headline.tables] == ["Billed as", "What moved most"]


def test_only_the_last_fourteen_reports_are_drawn() -> None:
    assert table(listed(sparks=list(range(100))), "Last 14 reports") == ["86 bytes  ▁▂▂▃▃▄▄▅▅▆▆▇▇█  99 bytes"]


@pytest.mark.parametrize("odd", [None, 5, "x", [], {}, {"objects": "many", "bytes": -1}, {"objects": True}])
def test_a_summary_that_is_none_is_no_summary(odd: Any) -> None:
    assert without_summary(words(notice(summary=odd)))


def test_a_prefix_that_somebody_made_up_cannot_forge_a_row() -> None:
    moved = [{"prefix": "a\ngrew  +9.9 PiB \u202e" + "x" * 2000, "how": "came", "objects": 1, "bytes": 1}]
    told: Notice = notice(summary={**SUMMARY, "change": changed(moved=moved)})
    (line,) = table(words(told), "What moved most")
    assert line.startswith("came  +1 byte  +1 object  a\\ngrew  +9.9 PiB \\u202e")
    assert len(line) < 100


def test_no_more_than_three_prefixes_and_nine_classes_are_shown() -> None:
    moved = [{"prefix": f"{each}/", "how": "came", "objects": 1, "bytes": 1} for each in range(20)]
    tiers = [{"name": f"class{each}", "objects": 1, "bytes": 1} for each in range(20)]
    said = listed(tiers=tiers, change=changed(moved=moved))
    assert len(table(said, "What moved most")) == 3
    assert len(table(said, "Billed as")) == 9
