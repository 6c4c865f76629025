"""The script of commands: what others wrote stays within its here-documents and comments."""

import json
import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.plan import BucketSeen
from chalicelib.templates.aws_cli_script import aws_cli_script
from tests.unit.exports import ENDPOINT, target_of
from tests.unit.observed import BARE, OF_OTHERS, seen
from tests.unit.wanted import allow, inventory, policy

_DOCUMENT = re.compile(r"^cat >\"\$FOLDER/\"(\S+) <<'(\w+)'\n(.*?)\n\2$", re.DOTALL | re.MULTILINE)
ASKED = inventory()


def documents(script: str) -> dict[str, object]:
    """The JSON files that the script writes, by name."""
    return {name: json.loads(text) for name, _, text in _DOCUMENT.findall(script)}


@given(st.text() | st.text(alphabet="END_OF_JSON\n'\"\\`$(){}"))
def test_whatever_others_wrote_stays_in_its_document(hostile: str) -> None:
    theirs = policy(allow(Sid=hostile, Condition={hostile: {hostile: hostile}}))
    target = target_of(ASKED, seen(ASKED, target=BucketSeen(exists=True, policy=theirs)))
    script = aws_cli_script(target, ENDPOINT)
    assert all(" " <= each <= "~" or each in "\n\t" for each in script)
    found = documents(script)
    assert found["reports.policy.seen.json"] == json.loads(theirs)
    assert found["reports.policy.last.json"] == json.loads(target.policies[0].policy or "")
    assert found["configuration.json"] == ASKED.configuration.s3_document()
    usual = aws_cli_script(target_of(ASKED, seen(ASKED, target=OF_OTHERS)), ENDPOINT)
    assert _DOCUMENT.sub("", script) == _DOCUMENT.sub("", usual)


def test_the_word_that_ends_a_document_is_in_none_of_them() -> None:
    theirs = policy(allow(Sid="END_OF_JSON"))
    script = aws_cli_script(
        target_of(ASKED, seen(ASKED, target=BucketSeen(exists=True, policy=theirs))), ENDPOINT
    )
    assert {word for _, word, _ in _DOCUMENT.findall(script)} == {"END_OF_JSON_"}


def test_no_file_is_called_as_another_whatever_the_bucket_is_called() -> None:
    asked = inventory(destination="configuration")
    target = target_of(asked, seen(asked, target=OF_OTHERS))
    script = aws_cli_script(target, ENDPOINT)
    written = [name for name, _, _ in _DOCUMENT.findall(script)]
    assert len(written) == len(set(written))
    found = documents(script)
    assert found["configuration.json"] == asked.configuration.s3_document()
    assert found["configuration.policy.seen.json"] == json.loads(target.policies[0].seen or "")
    assert "configuration.before.json" not in written


@pytest.mark.parametrize("id", ["-x", "--", "...", "daily"])
def test_an_id_is_never_taken_for_an_option(id: str) -> None:
    asked = inventory(id=id)
    script = aws_cli_script(target_of(asked, seen(asked)), ENDPOINT)
    calls = [line for line in script.splitlines() if "-bucket-inventory-configuration --bucket" in line]
    assert len(calls) == 2
    assert all(f"--id={id}" in shlex.split(line.rstrip("\\")) for line in calls)


def test_the_endpoint_of_the_deployment_is_only_a_default_and_is_quoted() -> None:
    script = aws_cli_script(target_of(ASKED, seen(ASKED)), "https://a.example/$(exit)")
    assert "|| AWS_ENDPOINT_URL_S3='https://a.example/$(exit)'\n" in script


def test_a_bucket_is_only_created_where_that_was_asked_for() -> None:
    bare = seen(ASKED, target=BARE, configuration=None)
    assert "create-bucket" not in aws_cli_script(target_of(ASKED, bare), ENDPOINT)
    asked = inventory(create_zone="US-EAST-04A")
    assert "LocationConstraint=US-EAST-04A" in aws_cli_script(target_of(asked, bare), ENDPOINT)
