"""From variables of the environment to parameters of the template."""

import json
from pathlib import Path

import pytest

from chalicelib.settings import VARIABLES, Variable
from deploy.errors import DeployError
from deploy.parameters import SET_BY_STAGE, check, given, parameter_of, unknown, variable_of
from deploy.stage import name_of

TEMPLATE = json.loads((Path(__file__).parents[2] / ".chalice" / "resources.json").read_text("utf-8"))
PARAMETERS = TEMPLATE["Parameters"]
REQUIRED = {"Stage": "prod", "OrgId": "acme", "Principal": "arn:aws:iam::acme:coreweave/stocktake"}


@pytest.mark.parametrize("name", [name for name in PARAMETERS if name != "Stage"])
def test_each_parameter_has_its_variable(name: str) -> None:
    assert parameter_of(variable_of(name)) == name


@pytest.mark.parametrize("variable", [each for each in VARIABLES if each.name not in SET_BY_STAGE])
def test_each_setting_is_a_parameter_that_reaches_the_functions(variable: Variable) -> None:
    environment = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    assert environment[variable.name] == {"Ref": parameter_of(variable.name)}
    assert parameter_of(variable.name) in PARAMETERS


DIFFERENT_ON_AWS = {"STOCKTAKE_METRICS": "emf"}
"""On one machine the lines would be read by nobody."""


@pytest.mark.parametrize("variable", [each for each in VARIABLES if each.name not in SET_BY_STAGE])
def test_each_setting_has_the_same_default_everywhere(variable: Variable) -> None:
    there = PARAMETERS[parameter_of(variable.name)].get("Default")
    wanted = DIFFERENT_ON_AWS.get(variable.name, variable.default)
    assert (None if there is None else str(there)) == wanted


def test_store_and_secret_follow_from_the_stage() -> None:
    environment = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    assert environment["STOCKTAKE_STORE"]["Fn::If"][1:] == [
        {"Fn::Sub": "dynamodb:${Table}"},  # so that no function runs before the table is there
        {"Fn::Sub": "dynamodb:stocktake-${Stage}"},
    ]
    assert environment["STOCKTAKE_SECRETS"] == {"Fn::Sub": "secretsmanager:stocktake-${Stage}"}


def test_the_template_takes_the_stages_that_the_command_takes() -> None:
    assert PARAMETERS["Stage"]["AllowedPattern"] == "[a-z][a-z0-9-]{0,19}"
    assert name_of("a-1" + "x" * 17) == "stocktake-a-1" + "x" * 17


def test_what_is_not_set_is_not_given() -> None:
    assert given(PARAMETERS, {"PATH": "x"}) == {}


def test_what_is_set_is_given_without_blanks_around_it() -> None:
    assert given(PARAMETERS, {"STOCKTAKE_ORG_ID": " acme "}) == {"OrgId": "acme"}


def test_what_is_set_to_nothing_gets_its_default_back() -> None:
    environment = {"STOCKTAKE_MAIL": "", "STOCKTAKE_SWEEP_SECONDS": ""}
    assert given(PARAMETERS, environment) == {"Mail": "", "SweepSeconds": "300"}


def test_the_stage_is_no_variable() -> None:
    assert given(PARAMETERS, {"STOCKTAKE_STAGE": "x"}) == {}
    assert unknown(PARAMETERS, {"STOCKTAKE_STAGE": "x"}) == ["STOCKTAKE_STAGE"]


def test_what_the_stack_has_counts_as_set() -> None:
    check(PARAMETERS, REQUIRED, {"Stage": "prod"})
    with pytest.raises(DeployError, match="STOCKTAKE_SWEEP_SECONDS"):
        check(PARAMETERS, REQUIRED, {"Stage": "prod", "SweepSeconds": "often"})


TOPIC = "arn:aws:sns:eu-west-1:111122223333:reports"
BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/reports"


@pytest.mark.parametrize(
    ("name", "good"), [("TopicArns", f"{TOPIC}, {TOPIC}.fifo"), ("BusArns", BUS), ("TopicArns", "")]
)
def test_topics_and_buses_are_given_by_their_arns(name: str, good: str) -> None:
    check(PARAMETERS, REQUIRED, {"Stage": "prod", name: good})


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("TopicArns", "*"),
        ("TopicArns", f"{TOPIC},{TOPIC}*"),
        ("TopicArns", BUS),
        ("TopicArns", "reports"),
        ("BusArns", "default"),
        ("BusArns", BUS.replace("eu-west-1", "*")),
    ],
)
def test_what_would_allow_more_than_one_place_is_not_deployed(name: str, bad: str) -> None:
    with pytest.raises(DeployError, match=variable_of(name)):
        check(PARAMETERS, REQUIRED, {"Stage": "prod", name: bad})
