"""The one table from errors to statuses: every error has its place, and a bug has none."""

import inspect

import pytest

from chalicelib import errors
from chalicelib.api import web
from chalicelib.api.problems import gateway_problem, problem_of
from chalicelib.errors import FieldProblem, Invalid, StocktakeError

RAISED = [
    (web.NotJson("x"), 400),
    (errors.NotFound("x"), 404),
    (errors.Refused("x"), 409),
    (errors.WrongState("x"), 409),
    (errors.PlatformRefused("x"), 409),
    (errors.BucketMissing("x"), 409),
    (errors.PlatformAway("x"), 409),
    (errors.NotYet("x"), 409),
    (errors.Conflict("x"), 409),
    (errors.StoreBusy("x"), 409),
    (errors.Stale("x"), 412),
    (web.TooLarge("x"), 413),
    (web.WrongMediaType("x"), 415),
    (Invalid((FieldProblem("/a", "b"),)), 422),
    (errors.Misconfigured("x"), 503),
]


@pytest.mark.parametrize(("error", "status"), RAISED, ids=lambda each: type(each).__name__)
def test_an_error_has_its_status(error: Exception, status: int) -> None:
    answer = problem_of(error)
    assert answer is not None
    assert (answer.status, answer.body["status"]) == (status, status)
    assert answer.media_type == "application/problem+json"
    assert answer.body["type"].startswith("urn:stocktake:problem:")
    assert answer.body["title"]
    assert answer.body["detail"]


def test_every_error_that_a_view_may_raise_is_in_the_table() -> None:
    kinds = {
        each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, StocktakeError)
    }
    # roots are not raised themselves, and deliveries and tasks are no view's business
    kinds -= {StocktakeError, errors.PlatformError, errors.QueueAway}
    kinds = {each for each in kinds if not issubclass(each, errors.DeliveryError)}
    assert kinds == {type(error) for error, _ in RAISED if isinstance(error, StocktakeError)}


def test_a_bug_is_no_problem_of_ours() -> None:
    assert problem_of(KeyError("x")) is None
    assert problem_of(RuntimeError("x")) is None


def test_bad_fields_are_all_named_and_the_first_is_told() -> None:
    found = problem_of(Invalid((FieldProblem("/a", "must be text"), FieldProblem("", "is odd"))))
    assert found is not None
    assert found.body["detail"] == "/a must be text (and 1 more, see errors)"
    assert found.body["errors"] == [
        {"path": "/a", "message": "must be text"},
        {"path": "", "message": "is odd"},
    ]
    whole = problem_of(Invalid((FieldProblem("", "must be an object"),)))
    assert whole is not None
    assert whole.body["detail"] == "The body must be an object"


def test_a_wrong_setting_is_not_shown_to_whoever_asks() -> None:
    found = problem_of(errors.Misconfigured("STOCKTAKE_STORE is 'sqlite:/srv/x'"))
    assert found is not None
    assert "srv" not in found.body["detail"]
    assert "log" in found.body["detail"]


def test_a_platform_that_is_away_is_worth_trying_again() -> None:
    found = problem_of(errors.PlatformAway("GetBucketPolicy on data: SlowDown."))
    assert found is not None
    assert found.body["detail"].endswith("Try again later.")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 411, 413, 414, 431, 500, 418, 599])
def test_what_never_reaches_a_view_has_the_same_form(status: int) -> None:
    answer = gateway_problem(status)
    assert (answer.status, answer.body["status"]) == (status, status)
    assert {"type", "title", "detail"} <= answer.body.keys()
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
