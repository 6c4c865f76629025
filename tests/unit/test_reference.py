"""docs/reference/ says what the code says: each setting, route, error, kind, right and limit is in it."""

import ast
import re
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.api.openapi import document
from chalicelib.api.problems import problem_types
from chalicelib.core.notice import Kind
from chalicelib.settings import VARIABLES
from local.reference.body_words import BODY
from local.reference.iam_page import functions, statements_of
from local.reference.iam_words import FUNCTIONS, KEYS, PURPOSES, STATEMENTS
from local.reference.limits_page import value_of
from local.reference.limits_words import INSIDE, LIMITS
from local.reference.markdown import anchor, brief_json, table
from local.reference.notice_facts import FACTS
from local.reference.notice_words import DO, WHEN
from local.reference.notices_page import KINDS
from local.reference.pages import PAGES, is_stale, write
from local.reference.problem_words import PROBLEMS
from local.reference.setting_words import SETTINGS
from tests.notices import FACTS as REALISTIC

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_as_the_code_says(name: str) -> None:
    assert not is_stale(REFERENCE, name), f"docs/reference/{name} is stale; `make reference` writes it anew"


def test_there_is_no_other_page() -> None:
    assert {each.name for each in REFERENCE.iterdir()} == set(PAGES)


def test_it_is_written_where_it_is_stale_and_only_there(tmp_path: Path) -> None:
    assert write(tmp_path) == list(PAGES)
    assert write(tmp_path) == []
    (tmp_path / "limits.md").write_text("something else")
    assert write(tmp_path) == ["limits.md"]


def test_each_setting_has_words_in_the_reference_and_nothing_else_has() -> None:
    assert set(SETTINGS) == {each.name for each in VARIABLES}, "see local/reference/setting_words.py"
    page = (REFERENCE / "settings.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(STOCKTAKE_\w+)` \|[^|]*\| ([^|]*) \|", page, flags=re.MULTILINE))
    assert [each for each in rows if each in SETTINGS] == [each.name for each in VARIABLES]
    assert {each.name: rows[each.name] for each in VARIABLES if each.default} == {
        each.name: f"`{each.default}`" for each in VARIABLES if each.default
    }


def test_each_field_of_a_body_has_words() -> None:
    fields = document()["components"]["schemas"]["InventoryRequest"]["properties"]
    assert {"configuration", *BODY} == set(fields), "see local/reference/body_words.py"


def test_each_kind_of_notice_has_words_and_facts() -> None:
    kinds = set(get_args(Kind)) | {each for part in get_args(Kind) for each in get_args(part)}
    kinds = {each for each in kinds if isinstance(each, str)}
    assert set(KINDS) == set(WHEN) == set(DO) == set(FACTS) == kinds, "see local/reference/notice_words.py"
    for kind, facts in REALISTIC.items():
        assert set(facts) <= set(FACTS[kind]), f"{kind}: see local/reference/notice_facts.py"


def test_each_fact_of_the_reference_is_one_that_the_code_writes() -> None:
    written = " ".join(each.read_text("utf-8") for each in (ROOT / "chalicelib").rglob("*.py"))
    for kind, facts in FACTS.items():
        for name in facts:
            assert f'"{name}"' in written, (kind, name)


def test_each_type_of_problem_has_words() -> None:
    assert set(PROBLEMS) == set(problem_types()), "see local/reference/problem_words.py"


def test_no_type_of_problem_is_made_outside_the_table() -> None:
    known = set(problem_types())
    for path in (ROOT / "chalicelib" / "api").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "problem"
                and len(node.args) > 1
            ):
                name = node.args[1]
                assert not isinstance(name, ast.Constant) or name.value in known, (path.name, name.value)


def test_each_function_and_each_statement_of_its_policy_has_words() -> None:
    assert set(FUNCTIONS) == set(functions()), "see local/reference/iam_words.py"
    sids = {each["Sid"] for name in functions() for each in statements_of(name)}
    assert set(STATEMENTS) == sids, "see local/reference/iam_words.py"


def test_each_right_that_the_grants_and_the_preflight_speak_of_is_told() -> None:
    grants, facts = (import_module(f"chalicelib.core.{each}") for each in ("grants", "preflight_facts"))
    told = {*facts.ACTIONS.values(), *grants._SELF_ACTIONS, *grants._SETUP_ACTIONS}
    assert told | {"s3:PutBucketPolicy", "s3:CreateBucket"} == set(KEYS)
    assert set(PURPOSES) == set(get_args(grants.Purpose))


def test_each_limit_is_in_the_code_and_is_named_once() -> None:
    assert all(value_of(each) > 0 for each in LIMITS)
    names = [each.constant for each in LIMITS]
    assert len(set(names)) == len(names)
    assert not INSIDE & set(names)


def test_each_limit_of_the_api_and_the_core_is_told_or_is_said_to_be_inside() -> None:
    told = {each.constant for each in LIMITS} | INSIDE
    for room in ("api", "core"):
        for path in sorted((ROOT / "chalicelib" / room).glob("*.py")):
            found = re.findall(
                r"^((?:MAX|MOST)(?:_\w+)?)(?:: \w+)? = ", path.read_text("utf-8"), re.MULTILINE
            )
            for name in found:
                assert f"{room}.{path.stem}:{name}" in told, "see local/reference/limits_words.py"


def test_a_table_keeps_its_cells_whole() -> None:
    assert table(("a", "b"), [("x|y", "1\n2")]).split("\n")[-1] == "| x\\|y | 1 2 |"


def test_a_link_leads_to_its_heading() -> None:
    assert anchor("GET /inventories/{bucket}/{id}") == "#get-inventoriesbucketid"


def test_json_is_short_where_it_can_be() -> None:
    assert brief_json({"a": [1, {"b": None}]}) == '{"a": [1, {"b": null}]}'
    assert brief_json({"a": "x" * 8, "b": [1]}, 12) == '{\n  "a": "xxxxxxxx",\n  "b": [1]\n}'
