"""Links to the pages: each notice has one where it is known where they are, and no name can change it."""

import html
import json
import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.notice import Kind
from chalicelib.templates.cloud_event import event
from chalicelib.templates.digest import digest
from chalicelib.templates.mail import digest_text, message
from chalicelib.templates.slack import payload
from chalicelib.templates.words import words
from local.inbox.block_rules import check_blocks
from tests.notices import FACTS, about, notice
from tests.unit.test_mail_message import RECIPIENTS, SENDER, Tags, body
from tests.unit.test_slack_message import hostile, written

BASE = "https://abc.execute-api.eu-central-1.amazonaws.com/api"
PAGE = f"{BASE}/inventories/production-data/daily-all/page"
KINDS: tuple[Kind, ...] = get_args(Kind)
STATUS_PAGE: tuple[Kind, ...] = ("channel.disabled", "channel.test", "drift.unmanaged")


def expected(kind: Kind) -> str:
    return f"{BASE}/" if kind in STATUS_PAGE else PAGE


@pytest.mark.parametrize("kind", KINDS)
def test_every_notice_leads_to_its_page_on_every_channel(kind: Kind) -> None:
    told = notice(kind)
    assert [each for each in written(payload([told], BASE)) if f"<{expected(kind)}|Open the " in each]
    mail = message([told], SENDER, RECIPIENTS, BASE)
    assert f"\n  {expected(kind)}\n" in body(mail, "plain")
    assert Tags(body(mail, "html")).links == [expected(kind)]
    assert event(told, BASE)["data"]["page"] == expected(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_where_nobody_knows_where_the_pages_are_there_is_no_link(kind: Kind) -> None:
    told = notice(kind)
    assert words(told).link is None
    assert "<" not in json.dumps(payload([told]))
    assert Tags(body(message([told], SENDER, RECIPIENTS), "html")).links == []
    assert "page" not in event(told)["data"]


def test_many_notices_lead_to_the_status_page() -> None:
    told = [notice("report.landed"), notice("drift.found")]
    assert f"<{BASE}/|Open the list of inventories>" in "\n".join(written(payload(told, BASE)))
    assert f"\n  {BASE}/\n" in digest_text(digest(told, BASE))
    assert Tags(body(message(told, SENDER, RECIPIENTS, BASE), "html")).links == [f"{BASE}/"]


@given(kind=st.sampled_from(KINDS), bucket=hostile, id=hostile)
def test_no_name_ends_the_link_or_makes_another(kind: Kind, bucket: str, id: str) -> None:
    told = about(bucket, id, kind, FACTS[kind])
    posted = payload([told], BASE)
    check_blocks(posted["blocks"])
    marked = [found for each in written(posted) for found in re.findall("<[^<>]*>", each)]
    assert len(marked) == 1
    address = marked[0].strip("<>").split("|")[0]
    assert re.fullmatch(r"[A-Za-z0-9:/._~%-]+", address)
    assert address.startswith(f"{BASE}/")
    page = body(message([told], SENDER, RECIPIENTS, BASE), "html")
    assert Tags(page).links == [address]
    assert f'href="{html.escape(address)}"' in page
