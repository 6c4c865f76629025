"""The story's words: Slack messages as read, requests on few lines."""

import json

from local.story import ASKED
from local.story_words import as_read, compact, step_words


def _mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def test_a_field_is_read_as_one_line() -> None:
    fields = [_mrkdwn("*When*\n2026-11-22 20:52 UTC"), _mrkdwn("*Format*\n`CSV`")]
    assert as_read(({"type": "section", "fields": fields},)) == "When: 2026-11-22 20:52 UTC\nFormat: CSV"


def test_the_title_is_left_out() -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "Landed"}}
    section = {"type": "section", "text": {"type": "plain_text", "text": "It is whole."}}
    assert as_read((header, section)) == "It is whole."


def test_preformatted_lines_stand_below_their_label() -> None:
    section = {"type": "section", "text": _mrkdwn('*What differs*\n```/a: wanted "x"\n/b: found "y"```')}
    assert as_read((section,)) == 'What differs:\n/a: wanted "x"\n/b: found "y"'


def test_the_next_step_keeps_one_colon_and_its_call() -> None:
    section = {"type": "section", "text": _mrkdwn("*Next:* Look at all reports:\n`GET /inventories/a/b`")}
    assert as_read((section,)) == "Next: Look at all reports:\nGET /inventories/a/b"


def test_a_star_in_a_value_stays_and_what_slack_escapes_is_itself_again() -> None:
    section = {"type": "section", "text": _mrkdwn("*Where*\n`s3://a/\u2060*&lt;b&gt; &amp; *`")}
    assert as_read((section,)) == "Where: s3://a/*<b> & *"


def test_a_request_is_shown_on_few_lines_and_is_the_same_json() -> None:
    shown = compact(ASKED)
    assert json.loads(shown) == ASKED
    assert len(shown.splitlines()) <= 13
    assert max(map(len, shown.splitlines())) <= 105
    assert compact({"a": [1, 2]}) == '{"a": [1, 2]}'


def test_a_step_is_told_with_its_reasons_and_without_a_blank_at_its_end() -> None:
    step = {"action": "PutBucketPolicy", "bucket": "b", "reasons": ["one", "two"]}
    assert step_words(step) == "- PutBucketPolicy b (one; two)"
    assert step_words({"action": "CreateBucket", "bucket": "b"}) == "- CreateBucket b"
