"""Pydantic's errors in our words: where, and what would be accepted there."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from chalicelib.api.field_words import problems_of
from chalicelib.api.pointer import pointer


def _even(number: str) -> str:
    if len(number) % 2:
        raise ValueError("must have an even length")
    return number


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Inner(_Strict):
    colour: Literal["Red", "Green"]
    name: Annotated[str, AfterValidator(_even)] = ""


class _Outer(_Strict):
    inner: _Inner
    maybe: _Inner | None = None
    colours: list[Literal["Red", "Green"]] = Field(default=[], max_length=2)
    good: bool
    renamed: str = Field(default="", alias="S3Name")


GOOD: dict[str, Any] = {"inner": {"colour": "Red"}, "good": True}


def said(document: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as raised:
        _Outer.model_validate(document)
    return {each.path: each.message for each in problems_of(raised.value, _Outer)}


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"inner": {}}, "/inner/colour", "is required, and must be one of Red, Green"),
        ({"inner": 1}, "/inner", "must be a JSON object with colour, name"),
        ({"maybe": []}, "/maybe", "must be a JSON object with colour, name"),
        ({"maybe": {}}, "/maybe/colour", "is required, and must be one of Red, Green"),
        ({"inner": {"colour": "red"}}, "/inner/colour", "must be one of Red, Green (did you mean Red?)"),
        ({"inner": {"colour": 5}}, "/inner/colour", "must be one of Red, Green"),
        ({"inner": {"colour": "Red", "name": "odd"}}, "/inner/name", "must have an even length"),
        ({"inner": {"colour": "Red", "name": None}}, "/inner/name", "must be text"),
        ({"colours": ["Red", "Gren"]}, "/colours/1", "must be one of Red, Green (did you mean Green?)"),
        ({"colours": "Red"}, "/colours", "must be a list"),
        ({"colours": ["Red"] * 3}, "/colours", "must have 2 items at most"),
        ({"good": "yes"}, "/good", "must be true or false"),
        ({"Good": 1}, "/Good", "is not known here (did you mean good?); known: {all}"),
        ({"colour": 1}, "/colour", "is not known here (did you mean colours?); known: {all}"),
        ({"S3name": 1}, "/S3name", "is not known here (did you mean S3Name?); known: {all}"),
        ({"renamed": ""}, "/renamed", "is not known here; known: {all}"),
        ({"maybe": {"colour": "Red", "good": 1}}, "/maybe/good", "{good}; known: colour, name"),
        ({"a/b~c": 1}, "/a~1b~0c", "is not known here; known: {all}"),
    ],
)
def test_a_problem_says_where_and_what_would_do(change: dict[str, Any], path: str, words: str) -> None:
    everything = "inner, maybe, colours, good, S3Name"
    good = "is not known here (it belongs to /good)"
    assert said({**GOOD, **change}) == {path: words.format(all=everything, good=good)}


def test_a_document_that_is_no_object_is_told_what_it_has_to_have() -> None:
    assert said([]) == {"": "must be a JSON object with inner, maybe, colours, good, S3Name"}


def test_problems_come_in_the_order_of_the_fields() -> None:
    assert list(said({"zzz": 1, "colours": 1})) == ["/inner", "/colours", "/good", "/zzz"]


def test_there_are_fifty_problems_at_most_and_each_is_short() -> None:
    found = said({**GOOD, **{f"{n}{'x' * 1000}": 1 for n in range(100)}})
    assert len(found) == 50
    assert all(len(path) <= 101 and len(words) < 200 for path, words in found.items())


@pytest.mark.parametrize(
    ("parts", "expected"), [((), ""), (("a", 0, "b/c~"), "/a/0/b~1c~0"), (("",), "/"), (("x" * 500,), None)]
)
def test_a_pointer_is_escaped_and_bounded(parts: tuple[int | str, ...], expected: str | None) -> None:
    assert pointer(*parts) == (expected if expected is not None else "/" + "x" * 100)
