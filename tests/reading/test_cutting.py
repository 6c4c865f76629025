"""Where text is cut between rows and objects: nowhere else, whatever quotes and brackets are in them."""

import gzip
import json
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.report_reader import ReportReader
from chalicelib.adapters.row_pieces import QuotedEnd
from chalicelib.core.summary_job import Part
from tests.reading.reports import Files, task_of

LONG = 300_000


def read(form: str, text: str, *, piece: int = LONG) -> Part:
    files = {"only": gzip.compress(text.encode(), 1)}
    return ReportReader(Files(files), piece=piece).read(task_of(files, form, "Bucket, Key, Size"))


def ends(text: str, delimiter: str) -> list[int]:
    """Where rows end, sign by sign; a quote counts at the beginning of a field, then the one at its end."""
    is_begin, in_quotes, found, at = True, False, [0], 0
    while at < len(text):
        sign = text[at]
        if in_quotes:
            if text[at : at + 2] == '""':
                at += 1
            elif sign == '"':
                in_quotes = False
        elif sign == '"' and is_begin:
            in_quotes, is_begin = True, False
        else:
            is_begin = sign in f"{delimiter}\r\n"
            found += [at + 1] if sign == "\n" else []
        at += 1
    return found


@settings(max_examples=100)
@given(
    st.text('a",\n\r\t', max_size=40),
    st.sampled_from(["", 'it"s,1\n', '"b","it"s","5"\n', '"b","a""b\n",5\n', "b,c,5\n"]),
    st.sampled_from([",", "\t"]),
    st.booleans(),
)
@example('b,k",5\nb', "", ",", True)
@example('"b,"\n"', '"b","it"s","5"\n', ",", True)
def test_a_row_ends_where_it_does_sign_by_sign(text: str, before: str, delimiter: str, is_long: bool) -> None:
    first, row = before.replace(",", delimiter), f"b{delimiter}k\n"
    plain = len(first) + len(row) * 5000 * is_long
    end = QuotedEnd(delimiter)((first + row * 5000 * is_long + text).encode())
    right = [
        *ends(first, delimiter),
        *range(len(first), plain, 4),
        *(plain + at for at in ends(text, delimiter)),
    ]
    assert end in right
    assert right[-1] - end < 20_000  # what waits for more is little


@pytest.mark.parametrize("form", ["CSV", "TSV"])
@pytest.mark.parametrize("stray", ['it"s/{}', 'x{}"'])
def test_a_quote_within_a_field_harms_no_row(form: str, stray: str) -> None:
    delimiter = "," if form == "CSV" else "\t"
    keys = [stray.format(each) if each == 3000 else f"dir/{'k' * 60}{each}" for each in range(20_000)]
    part = read(form, "".join(delimiter.join(("b", each, "5\n")) for each in keys))
    assert part.missing == ()
    assert (part.summary.rows, part.summary.total.bytes) == (20_000, 100_000)


def test_quoted_fields_with_newlines_among_stray_quotes_are_whole() -> None:
    chance = random.Random(1)
    keys = [chance.choice(['"a\n""b""/x"', "plain/x", 'it"s/x', '"c,\n"']) for _ in range(20_000)]
    part = read("CSV", "".join(f"b,{each},5\n" for each in keys))
    assert part.missing == ()
    found = {name: each.objects for name, each in (part.summary.prefixes[0].rows or {}).items()}
    assert found == {
        'a\n"b"/': keys.count('"a\n""b""/x"'),
        "plain/": keys.count("plain/x"),
        'it"s/': keys.count('it"s/x'),
        "": keys.count('"c,\n"'),
    }


def test_what_looks_like_the_space_between_objects_may_be_in_all_keys() -> None:
    objects = [{"Key": f"{each}/" + "},{" * 300, "Size": 5} for each in range(3_000)]
    part = read("JSON", json.dumps(objects), piece=2_200_000)
    assert part.missing == ()
    assert (part.summary.rows, part.summary.total.bytes) == (3_000, 15_000)


def test_a_quote_without_its_end_is_told_in_our_words() -> None:
    part = read("CSV", '"' + '\n""' * 1_500_000, piece=10**7)
    assert [each.reason for each in part.missing] == ["a quoted field has no end"]
