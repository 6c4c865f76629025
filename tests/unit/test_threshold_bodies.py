"""Thresholds: what is taken is what the OpenAPI document says, and comes back as it was asked for."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.api.adoption_bodies import Names, parse_wishes
from chalicelib.api.answers import body_of
from chalicelib.api.bodies import parse_inventory
from chalicelib.api.openapi_answers import SCHEMAS
from chalicelib.api.openapi_requests import request_schemas
from chalicelib.core.inventory import Inventory
from chalicelib.core.threshold import Threshold
from chalicelib.errors import Invalid
from tests import samples
from tests.app.asking import body, changed
from tests.app.schemas import misfits

DOCUMENT = {"components": {"schemas": request_schemas()}}
LINES = DOCUMENT["components"]["schemas"]["InventoryRequest"]["properties"]["thresholds"]
BOTH = [{"measure": "bytes", "over": 1e15}, {"measure": "bytes", "under": 0.5}]


def parsed(content: Any) -> Inventory:
    return parse_inventory(content, "data", "daily", ())


def paths(content: Any) -> list[str]:
    with pytest.raises(Invalid) as raised:
        parsed(content)
    return [each.path for each in raised.value.problems]


def test_a_line_is_over_or_under_and_there_are_none_unless_asked_for() -> None:
    assert parsed(body()).thresholds == ()
    assert parsed(body(thresholds=BOTH)).thresholds == (
        Threshold("bytes", over=1e15),
        Threshold("bytes", under=0.5),
    )


def test_lines_are_answered_as_they_were_asked_for() -> None:
    lines = [{"measure": "bytes", "over": 10**15}, {"measure": "growth_percent", "under": -12.5}]
    answered = json.dumps(body_of(parsed(body(thresholds=lines)))["thresholds"])
    assert json.loads(answered) == lines
    assert "1000000000000000}" in answered
    assert misfits(json.loads(answered), SCHEMAS["Record"]["properties"]["thresholds"], {}) == []
    assert parsed(body(thresholds=json.loads(answered))) == parsed(body(thresholds=lines))


def test_lines_can_be_wished_for_what_is_adopted() -> None:
    wishes = parse_wishes({"thresholds": BOTH}, Names((), {}))
    configuration = samples.configuration()
    assert wishes.inventory("data", configuration).thresholds == parsed(body(thresholds=BOTH)).thresholds


@pytest.mark.parametrize(
    ("measure", "needed"),
    [
        ("objects", []),
        ("bytes", ["Size"]),
        ("growth_percent", ["Size"]),
        ("cold_bytes", ["LastAccessedDate", "Size"]),
        ("cost", ["LastAccessedDate", "Size"]),
    ],
)
def test_a_line_that_no_report_could_cross_is_refused(measure: str, needed: list[str]) -> None:
    for fields in ([], ["Size"], ["LastAccessedDate"], ["LastAccessedDate", "Size"]):
        content = changed("/configuration/OptionalFields", fields)
        content["thresholds"] = [{"measure": "objects", "under": 1}, {"measure": measure, "over": 1}]
        if set(needed) <= set(fields):
            assert len(parsed(content).thresholds) == 2
        else:
            assert paths(content) == ["/thresholds/1/measure"]


MEASURES = ["objects", "bytes", "cold_bytes", "cost", "growth_percent"]
NUMBERS = st.sampled_from([0, 1, -1, -100, -100.5, 1.5, 1e24, 1.1e24, 10**30, True, None, "1", float("inf")])


@settings(max_examples=400, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "measure": st.sampled_from([*MEASURES, "Bytes", None]),
            "over": NUMBERS,
            "under": NUMBERS,
            "above": st.just(1),
        },
    )
)
def test_a_line_fits_the_schema_when_it_is_taken(line: dict[str, Any]) -> None:
    try:
        parsed(body(thresholds=[line]))
        taken = True
    except Invalid:
        taken = False
    assert (misfits([line], LINES, DOCUMENT) == []) == taken
