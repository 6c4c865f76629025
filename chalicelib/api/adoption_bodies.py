"""The bodies of taking over, and those that are about many buckets: checked as a PUT body is.

In comes foreign JSON, out go wishes, patterns and the inventory that many buckets are to have; or `Invalid`
with one problem for each bad field, before anything is done for any bucket.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError

from chalicelib.api.bodies import parse_inventory
from chalicelib.api.field_words import problems_of
from chalicelib.api.strict import Strict
from chalicelib.api.threshold_bodies import thresholds_of
from chalicelib.api.wishes import Address, WishesBody, channels_of, only_of, without
from chalicelib.core.adoption import Wishes
from chalicelib.core.inventory import Inventory, id_problem, prefix_problem
from chalicelib.core.selection import (
    BUCKET,
    LONGEST_BUCKET,
    bucket_pattern_problem,
    filled,
    id_pattern_problem,
    placeholder_problem,
)
from chalicelib.errors import FieldProblem, Invalid

_ANY_ID = "any"
_PREFIXES = {
    "/configuration/Destination/S3BucketDestination/Prefix": "report_prefix",
    "/configuration/Filter/Prefix": "filter_prefix",
}

Body = TypeVar("Body", bound=Strict)


@dataclass(frozen=True, slots=True)
class Adoptions:
    """Which inventories of which buckets are to be adopted, and what is wished for them."""

    buckets: tuple[str, ...]
    ids: tuple[str, ...]
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class Applications:
    """Which buckets are to have which inventory; its own bucket's name stands for those of all."""

    buckets: tuple[str, ...]
    template: Inventory


@dataclass(frozen=True, slots=True)
class Names:
    """The names that `notify` may use, and others that are set and cannot be used, and why not."""

    channels: Collection[str]
    unusable: Mapping[str, str]


def parse_wishes(body: Any, names: Names) -> Wishes:
    """What is wished for one that is adopted. Raises `Invalid`."""
    return _wishes(_parsed(WishesBody, body, names))


def parse_adoptions(body: Any, names: Names) -> Adoptions:
    """What is to be adopted of many buckets. Raises `Invalid`."""
    asked = _parsed(_Adoptions, body, names)
    return Adoptions(tuple(asked.buckets), tuple(asked.ids), _wishes(asked))


def parse_applications(body: Any, names: Names) -> Applications:
    """What many buckets are to have. Raises `Invalid`, with all problems of the inventory in it, too."""
    problems: tuple[FieldProblem, ...] = ()
    asked = template = None
    try:
        asked = _parsed(_Applications, body, names)
    except Invalid as exc:
        problems = exc.problems
    inventory = body.get("inventory") if isinstance(body, dict) else None
    if isinstance(inventory, dict):
        try:
            template = _template(inventory, asked.id if asked else body.get("id"), names)
        except Invalid as exc:
            below = (FieldProblem(f"/inventory{each.path}", each.message) for each in exc.problems)
            problems = (*problems, *below)
    if problems or asked is None or template is None:
        raise Invalid(problems)
    return Applications(tuple(asked.buckets), template)


def _template(body: dict[str, Any], id: Any, names: Names) -> Inventory:
    """The inventory, good for a bucket of whatever name."""
    good = id if isinstance(id, str) and id_problem(id) is None else None
    own = _own_id(body)
    problems: tuple[FieldProblem, ...] = ()
    if own is not None and good is not None and own != good:
        problems = (FieldProblem("/configuration/Id", f"must be left out or equal `id`, {good}"),)
    try:
        found = parse_inventory(body, LONGEST_BUCKET, own or good or _ANY_ID, names.channels, names.unusable)
    except Invalid as exc:
        raise Invalid((*problems, *exc.problems)) from None
    longest = filled(found, LONGEST_BUCKET).configuration
    for path, name in _PREFIXES.items():
        words = placeholder_problem(getattr(found.configuration, name) or "")
        too_long = prefix_problem((getattr(longest, name) or "").removesuffix("/"))
        if words is None and too_long is not None:
            words = f"{too_long}, also where a long name stands for {BUCKET}"
        problems += () if words is None else (FieldProblem(path, words),)
    if problems:
        raise Invalid(problems)
    return found


def _own_id(body: Mapping[str, Any]) -> str | None:
    """The id in the configuration itself, where there is one that will do."""
    configuration = body.get("configuration")
    own = configuration.get("Id") if isinstance(configuration, dict) else None
    return own if isinstance(own, str) and id_problem(own) is None else None


_Buckets = Annotated[
    list[Annotated[str, without(bucket_pattern_problem)]], Field(min_length=1, max_length=100)
]


class _Adoptions(WishesBody):
    buckets: _Buckets
    ids: list[Annotated[str, without(id_pattern_problem)]] = Field(
        default=["*"], min_length=1, max_length=100
    )


class _Applications(Strict):
    buckets: _Buckets
    id: Annotated[str, without(id_problem)]
    inventory: dict[str, Any]


def _parsed(model: type[Body], body: Any, names: Names) -> Body:
    context = Address("", tuple(sorted(names.channels)), names.unusable)
    try:
        return model.model_validate(body, context=context)
    except ValidationError as exc:
        raise Invalid(problems_of(exc, model)) from None


def _wishes(asked: WishesBody) -> Wishes:
    return Wishes(
        notify=channels_of(asked.notify),
        only=only_of(asked.notify),
        readers=tuple(sorted(set(asked.readers))),
        first_policy=asked.first_policy,
        management=asked.management,
        on_drift=asked.on_drift,
        thresholds=thresholds_of(asked.thresholds),
    )
