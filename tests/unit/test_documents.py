"""The documents by themselves: some test runs each command, each link leads somewhere, nothing is missing."""

import json
import re
from pathlib import Path

import pytest

from local.reference.markdown import anchor
from tests.documents import MARKS, ROOT, blocks, pages

ALARMS = re.compile(r'"AlarmName": {"Fn::Sub": "stocktake-\$\{Stage\}-([a-z0-9-]+)"}')


def test_each_block_of_commands_says_who_runs_it() -> None:
    unmarked = [(each.page, each.text.split("\n")[0]) for each in blocks() if each.mark not in MARKS]
    assert unmarked == [], f"put <!-- run: … --> before it, one of {MARKS}; see tests/documents.py"
    assert {each.mark for each in blocks()} == set(MARKS)


def test_no_block_of_commands_hides_under_another_name() -> None:
    for page in pages():
        fences = re.findall(r"^\s*```(\w*)$", page.read_text("utf-8"), re.MULTILINE)[::2]
        assert set(fences) <= {"sh", "json", "python", "text", ""}, page


def test_each_command_for_aws_is_one_that_the_story_of_a_deployment_runs() -> None:
    """That story takes the blocks of the page on AWS; others may only repeat lines of it."""
    found = list(blocks("deploy"))
    run = {line for each in found if each.page.endswith("run-on-aws.md") for line in each.text.splitlines()}
    assert {line for each in found for line in each.text.splitlines()} <= run


def test_each_target_that_is_named_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in pages():
        named = re.findall(r"(?:^|`)make ([a-z][a-z-]*)", page.read_text("utf-8"), re.MULTILINE)
        assert set(named) <= targets, page


@pytest.mark.parametrize("page", pages(), ids=lambda each: each.relative_to(ROOT).as_posix())
def test_each_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"", text):
        target = link[0] or link[1]
        if re.match(r"https?://", target):
            continue
        name, _, heading = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.*)$", there.read_text("utf-8"), re.MULTILINE)
            assert f"#{heading}" in [anchor(each.replace("`", "")) for each in headings], target


def test_each_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)\s#]+)", page.read_text("utf-8"))
        waiting += [(page.parent / each).resolve() for each in links if "://" not in each]
    assert {each for each in pages() if each.name != "README.md"} <= reached


def test_each_json_is_one() -> None:
    for page in pages():
        for text in re.findall(r"```json\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            json.loads(text if text.lstrip().startswith(("{", "[")) else "{" + text + "}")


def test_each_alarm_of_the_template_is_explained() -> None:
    there = set(ALARMS.findall((ROOT / ".chalice" / "resources.json").read_text("utf-8")))
    told = (ROOT / "docs" / "how-to" / "read-an-alarm.md").read_text("utf-8")
    assert there
    assert there == set(re.findall(r"^## (\S+)$", told, re.MULTILINE))


def test_the_readme_is_one_that_people_read() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 350
