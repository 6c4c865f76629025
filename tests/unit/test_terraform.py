"""The Terraform file says just what is to be there, whatever the names and policies hold."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.core.export import Target, beyond_aws
from chalicelib.core.plan import BucketSeen, Placed
from chalicelib.errors import Refused
from chalicelib.templates.terraform import terraform
from tests.hcl import imports, parsed, resources
from tests.policies_of_others import policies
from tests.unit.exports import ENDPOINT, target_of
from tests.unit.observed import BARE, GONE, OF_OTHERS, placed_by, seen
from tests.unit.wanted import ANN, ORG, REPORTS, SOURCE, allow, inventory, policy

HEAD = "coreweave_object_storage_bucket"
ASKED = inventory()


def written(target: Target, provider: Any = "coreweave") -> str:
    return terraform(target, provider, ENDPOINT)


def test_policies_come_before_the_inventory_that_needs_them() -> None:
    target = target_of(ASKED, seen(ASKED, OF_OTHERS, BARE, configuration=None))
    found = resources(written(target))
    assert list(found) == [
        f"{HEAD}_policy.reports",
        f"{HEAD}_policy.documents",
        f"{HEAD}_inventory.documents_daily",
    ]
    for each in target.policies:
        attributes = found[f"{HEAD}_policy.{each.bucket}"]
        assert attributes["bucket"] == each.bucket
        assert attributes["policy"] == json.loads(each.policy or "")
    assert found[f"{HEAD}_inventory.documents_daily"] == {
        "bucket": SOURCE,
        "name": "daily",
        "included_object_versions": "Current",
        "enabled": True,
        "optional_fields": ["LastAccessedDate", "Size"],
        "schedule": [{"frequency": "Daily"}],
        "destination": [
            {"bucket": [{"bucket_arn": f"arn:aws:s3:::{REPORTS}", "format": "CSV", "prefix": "inventory/"}]}
        ],
        "depends_on": [f"${{{HEAD}_policy.reports}}", f"${{{HEAD}_policy.documents}}"],
    }


def test_the_provider_is_one_that_knows_the_versions_of_today() -> None:
    (block,) = parsed(written(target_of(ASKED, seen(ASKED))))["terraform"]
    assert block["required_providers"] == [
        {"coreweave": {"source": "coreweave/coreweave", "version": ">= 0.19.0"}}
    ]


def test_what_is_there_is_imported_and_nothing_else() -> None:
    assert imports(written(target_of(ASKED, seen(ASKED)))) == {
        f"{HEAD}_policy.reports": REPORTS,
        f"{HEAD}_inventory.documents_daily": f"{SOURCE}:daily",
    }
    assert imports(written(target_of(ASKED, seen(ASKED, target=BARE, configuration=None)))) == {}


@pytest.mark.parametrize(("there", "imported"), [(GONE, {}), (BARE, {f"{HEAD}.reports": REPORTS})])
def test_a_bucket_is_only_among_it_where_it_is_to_be_created(there: BucketSeen, imported: Any) -> None:
    asked = inventory(create_zone="US-EAST-04A")
    text = written(target_of(asked, seen(asked, target=there, configuration=None)))
    assert resources(text)[f"{HEAD}.reports"] == {
        "name": REPORTS,
        "zone": "US-EAST-04A",
        "lifecycle": [{"prevent_destroy": True}],
    }
    assert resources(text)[f"{HEAD}_policy.reports"]["bucket"] == f"${{{HEAD}.reports.name}}"
    assert imports(text) == imported
    assert f"{HEAD}.reports" not in resources(written(target_of(ASKED, seen(ASKED))))


def test_what_is_left_out_is_left_out() -> None:
    asked = inventory(optional_fields=(), report_prefix="")
    found = resources(written(target_of(asked, seen(asked))))[f"{HEAD}_inventory.documents_daily"]
    assert not {"optional_fields", "filter"} & found.keys()
    assert "prefix" not in found["destination"][0]["bucket"][0]
    filtered = inventory(filter_prefix="${2026}/", enabled=False)
    found = resources(written(target_of(filtered, seen(filtered))))[f"{HEAD}_inventory.documents_daily"]
    assert (found["filter"], found["enabled"]) == ([{"prefix": "${2026}/"}], False)


@pytest.mark.parametrize("id", ["daily.v2", "2026", "-", "..a"])
def test_a_name_is_made_into_an_identifier(id: str) -> None:
    asked = inventory("1-documents", id=id)
    found = resources(written(target_of(asked, seen(asked))))
    (attributes,) = (each for address, each in found.items() if "_inventory." in address)
    assert (attributes["bucket"], attributes["name"]) == ("1-documents", id)


_NAMES = st.text("ab-1", min_size=1, max_size=4), st.text("ab_.-1", min_size=1, max_size=8)


@given(st.lists(st.tuples(*_NAMES), min_size=2, max_size=2, unique=True))
@example([("a", "b.c"), ("a", "b_c")])
@example([("a", "b-c"), ("a", "b_c")])
@example([("1", "a"), ("1a", "a")])
def test_the_files_of_two_inventories_can_be_put_together(names: list[tuple[str, str]]) -> None:
    labels = set()
    for bucket, id in names:
        asked = inventory(bucket, id=id)
        labels |= {
            each for each in resources(written(target_of(asked, seen(asked)))) if "_inventory." in each
        }
    assert len(labels) == 2


@pytest.mark.parametrize("provider", ["coreweave", "aws"])
def test_the_head_says_whose_a_policy_is(provider: Any) -> None:
    asked = inventory(optional_fields=("Size",))
    head = written(target_of(asked, seen(asked)), provider).split("terraform {")[0]
    assert "_policy is the whole policy of a bucket" in head
    assert "shows as a difference" in head
    assert "is written once" not in head


def test_a_bucket_that_is_created_is_not_destroyed_by_either_provider() -> None:
    asked = inventory(optional_fields=("Size",), create_zone="US-EAST-04A")
    text = written(target_of(asked, seen(asked)), "aws")
    assert resources(text)["aws_s3_bucket.reports"]["lifecycle"] == [{"prevent_destroy": True}]


def test_a_policy_that_is_written_in_two_steps_is_one_document_in_the_end() -> None:
    old = inventory(report_prefix="old/")
    target = target_of(
        ASKED,
        seen(
            ASKED,
            seen(old).buckets[SOURCE],
            seen(old).buckets[REPORTS],
            configuration=old.configuration.s3_document(),
        ),
        placed=placed_by(old),
    )
    (policy_of_reports,) = target.policies
    assert policy_of_reports.afterwards
    text = written(target)
    found = resources(text)[f"{HEAD}_policy.reports"]["policy"]
    assert found == json.loads(policy_of_reports.policy or "")
    assert "old/" in (policy_of_reports.first or "")
    assert "old/" not in json.dumps(found)
    assert "# The policy of reports is written once" in text


def test_the_aws_provider_is_told_of_the_endpoint() -> None:
    asked = inventory(optional_fields=("Size",), create_zone="US-EAST-04A")
    text = written(target_of(asked, seen(asked)), "aws")
    assert set(resources(text)) == {
        "aws_s3_bucket.reports",
        "aws_s3_bucket_policy.reports",
        "aws_s3_bucket_inventory.documents_daily",
    }
    assert f'endpoints {{ s3 = "{ENDPOINT}" }}' in text


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"format": "TSV"}, ["TSV", "LastAccessedDate"]),
        ({"format": "JSON", "optional_fields": ()}, ["JSON"]),
        ({"optional_fields": ("LastAccessedDate",)}, ["LastAccessedDate"]),
        ({"optional_fields": ("Size",)}, []),
    ],
)
def test_what_the_aws_provider_refuses_is_named(change: Any, named: list[str]) -> None:
    words = beyond_aws(inventory(**change))
    assert [each for each in ("TSV", "JSON", "LastAccessedDate") if each in words] == named
    assert bool(words) == ("use provider=coreweave" in words) == bool(named)


def test_a_policy_that_goes_is_told_as_words() -> None:
    old = BucketSeen(exists=True, policy=policy(allow(Sid="StocktakeWrite0000000000")))
    target = target_of(ASKED, seen(ASKED, old=old), placed=(Placed("old", "StocktakeWrite0000000000"),))
    gone = tuple(replace(each, policy=None) if each.bucket == "old" else each for each in target.policies)
    text = written(replace(target, policies=gone))
    assert "# Stocktake would delete the policy of old, which is left out here." in text
    assert f"{HEAD}_policy.old" not in resources(text)


def with_statement(**elements: Any) -> Target:
    there = BucketSeen(exists=True, policy=policy(allow(**elements)))
    return target_of(ASKED, seen(ASKED, target=there))


@given(st.text() | st.text(alphabet='${}%"\\\n*<EOT'), st.text() | st.text(alphabet='${}%"if '))
def test_whatever_others_wrote_is_read_back_as_it_was(value: str, key: str) -> None:
    target = with_statement(Condition={"StringLike": {key: [value, "${aws:username}"]}}, Resource=value)
    found = resources(written(target))[f"{HEAD}_policy.reports"]["policy"]
    assert found == json.loads(target.policies[0].policy or "")


@given(policies(REPORTS, [ANN], ORG))
def test_any_policy_of_others_is_read_back_as_it_was(text: str) -> None:
    target = target_of(ASKED, seen(ASKED, target=BucketSeen(exists=True, policy=text)))
    for each in target.policies:
        assert resources(written(target))[f"{HEAD}_policy.{each.bucket}"]["policy"] == json.loads(
            each.policy or ""
        )


def test_what_hcl_cannot_say_is_refused() -> None:
    with pytest.raises(Refused, match="half of a surrogate pair"):
        written(with_statement(Resource="\ud800"))


def test_a_file_is_plain_ascii_with_nothing_that_is_not_seen() -> None:
    text = written(with_statement(Resource="\u202e\x7f\x00ü"))
    assert all(" " <= each <= "~" or each == "\n" for each in text)
