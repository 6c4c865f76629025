"""What a view takes and gives: bodies, parameters and answers, free of any framework."""

import json

import pytest

from chalicelib.api.web import (
    MAX_BODY_BYTES,
    MAX_DEPTH,
    Answer,
    Ask,
    NotJson,
    TooLarge,
    WrongMediaType,
    base_of,
)
from chalicelib.errors import Invalid


def test_a_body_is_json() -> None:
    assert Ask("PUT", body='{"a": [1, "ü", null]}'.encode()).json() == {"a": [1, "ü", None]}


def test_a_body_may_have_64_kb_and_no_more() -> None:
    text = b'"' + b"x" * (MAX_BODY_BYTES - 2) + b'"'
    assert len(Ask("PUT", body=text).json()) == MAX_BODY_BYTES - 2
    with pytest.raises(TooLarge):
        Ask("PUT", body=text + b" ").json()


def test_a_body_has_a_bounded_depth() -> None:
    assert Ask("PUT", body=b"[" * MAX_DEPTH + b"]" * MAX_DEPTH).json()
    for depth in (MAX_DEPTH + 1, 500, 2000, 30_000):
        with pytest.raises(NotJson, match="within each other"):
            Ask("PUT", body=b"[" * depth + b"]" * depth).json()


def test_a_number_has_a_bounded_length() -> None:
    assert Ask("PUT", body=b"9" * 1000).json() == 10**1000 - 1
    with pytest.raises(NotJson, match="more than 1000 digits"):
        Ask("PUT", body=b"9" * 1001).json()


def test_a_body_declared_as_something_else_is_none() -> None:
    with pytest.raises(WrongMediaType, match="text/plain"):
        Ask("PUT", headers={"content-type": "text/plain; charset=utf-8"}, body=b"{}").json()


def test_an_error_about_a_body_is_short() -> None:
    with pytest.raises(NotJson) as raised:
        Ask("PUT", body=b'{"' + b"x" * 9000 + b'": 1, "' + b"x" * 9000 + b'": 2}').json()
    assert len(str(raised.value)) <= 300


def test_a_part_of_the_address_is_decoded() -> None:
    ask = Ask("GET", {"bucket": "d%61ta", "id": "%C3%BC%2F%00%ff"})
    assert (ask.name("bucket"), ask.name("id")) == ("data", "ü/\x00\ufffd")


def test_unknown_query_parameters_are_named_with_pointers() -> None:
    Ask("GET", query={"limit": "1"}).allow_query("limit", "after")
    with pytest.raises(Invalid) as raised:
        Ask("GET", query={"limit": "1", "a~b/c": "", "x" * 300: ""}).allow_query("limit")
    assert [each.path for each in raised.value.problems] == ["/a~0b~1c", "/" + "x" * 100]


def test_a_flag_is_false_unless_said() -> None:
    assert [Ask("GET", query=q).flag("f") for q in ({}, {"f": "true"}, {"f": "false"})] == [
        False,
        True,
        False,
    ]
    with pytest.raises(Invalid):
        Ask("GET", query={"f": "yes"}).flag("f")


def test_a_limit_is_100_unless_said() -> None:
    assert [Ask("GET", query=q).limit() for q in ({}, {"limit": "1"}, {"limit": "1000"})] == [100, 1, 1000]


def test_an_answer_is_readable_json_whatever_is_in_it() -> None:
    """A manifest is written by others; halves of surrogate pairs have no UTF-8."""
    hostile = {"schema": "Bücket \ud800 \\ud800 \u2028", "files": 10**30}
    text = Answer(200, hostile).text()
    assert "Bücket" in text
    assert json.loads(text.encode()) == hostile


def test_a_text_is_sent_as_it_is() -> None:
    answer = Answer.plain("Nothing to do.\n\ud800", {"ETag": '"1"'})
    assert (answer.status, answer.media_type) == (200, "text/plain; charset=utf-8")
    assert (answer.headers, answer.text()) == ({"ETag": '"1"'}, "Nothing to do.\n\\ud800")


def test_what_has_no_json_form_is_a_bug_and_no_text() -> None:
    with pytest.raises(TypeError, match="bytes has no JSON form"):
        Answer(200, {"a": b"secret"}).text()


@pytest.mark.parametrize(
    ("path", "route", "base"),
    [
        ("/api/", "/", "/api"),
        ("/api", "/", "/api"),
        ("/", "/", ""),
        (None, "/", ""),
        ("/api/inventories", "/inventories", "/api"),
        ("/inventories", "/inventories", ""),
        ("/team/storage/inventories/a/b/page", "/inventories/{bucket}/{id}/page", "/team/storage"),
        ("/dev/inventories/a%2Fb/c/page", "/inventories/{bucket}/{id}/page", "/dev"),
    ],
)
def test_what_stands_before_our_paths_is_known(path: str | None, route: str, base: str) -> None:
    assert base_of(path, route) == base


def form(body: bytes, declared: str = "application/x-www-form-urlencoded; charset=UTF-8") -> Ask:
    return Ask("POST", headers={"content-type": declared}, body=body)


def test_a_form_is_read_as_browsers_send_it() -> None:
    found = form(b"name=a+b%26c&empty=&%C3%BC=%3Cb%3E&name=last").form()
    assert found == {"name": "last", "empty": "", "ü": "<b>"}
    assert form(b"").form() == {}


@pytest.mark.parametrize("body", [b"name=%FF", b"\xff=1", b"nothing", b"a=1&" * 501])
def test_a_form_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        form(body).form()


def test_a_form_must_be_declared_and_not_too_long() -> None:
    with pytest.raises(WrongMediaType, match="x-www-form-urlencoded"):
        form(b"a=1", "application/json").form()
    with pytest.raises(TooLarge):
        form(b"a=" + b"x" * MAX_BODY_BYTES).form()


def test_pages_are_sent_as_they_are() -> None:
    answer = Answer.html("<p>ü</p>", 404)
    assert (answer.status, answer.text(), answer.media_type) == (404, "<p>ü</p>", "text/html; charset=utf-8")
