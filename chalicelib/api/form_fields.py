"""Between the fields of the form and the body of a PUT: what is typed becomes the JSON that a program sends.

Nothing is checked here: the body goes the way of every body, so that the form refuses what the API refuses,
in the same words. `Typed.problems` brings those words back to the fields.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core.form_values import (
    BUCKET,
    DESTINATION,
    ENABLED,
    FILTER,
    FIRST_POLICY,
    FORMAT,
    FREQUENCY,
    ID,
    MANAGEMENT,
    NOTIFY,
    ON_DRIFT,
    OPTIONAL_FIELDS,
    PREFIX,
    READERS,
    ROWS,
    SINGLE,
    VERSIONS,
    ZONE,
    channel_field,
    column_field,
    kinds_field,
    row_field,
)
from chalicelib.errors import FieldProblem

_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?", re.ASCII)
_KINDS = re.compile(r"[\s,]*[a-z.*]+([\s,]+[a-z.*]+)*[\s,]*")
_BETWEEN = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the address, the body, and the field that each listed item of the body is from."""

    bucket: str
    id: str
    body: dict[str, Any]
    places: Mapping[str, tuple[str, str]]

    def problems(self, found: Sequence[FieldProblem]) -> tuple[FieldProblem, ...]:
        """The same problems by field, in the order of the form; an unknown path is a problem of none."""
        placed = [self._placed(each) for each in found]
        order = {name: at for at, name in enumerate(SINGLE)}

        def rank(problem: FieldProblem) -> int:
            return min((at for name, at in order.items() if _within(problem.path, name)), default=len(order))

        return tuple(sorted(placed, key=rank))

    def _placed(self, problem: FieldProblem) -> FieldProblem:
        for path, (name, words) in self.places.items():
            if _within(problem.path, path):
                return FieldProblem(name, words + problem.message)
        name = next((each for each in SINGLE if _within(problem.path, each)), "")
        words = problem.message.removeprefix("in the address will not do: ")  # it stands in a field here
        return FieldProblem(name, words if name else f"{problem.path} {words}")


def typed(fields: Mapping[str, str], channels: Sequence[str]) -> Typed:
    """The body that these fields ask for. `channels` are those that have a box."""
    places: dict[str, tuple[str, str]] = {}
    zone = fields.get(ZONE, "").strip()
    body = {
        "configuration": _configuration(fields),
        "notify": _collected(_notify(fields, channels), places, NOTIFY),
        "readers": _collected(_lines(fields, READERS), places, READERS),
        "create_destination": {"zone": zone} if zone else None,
        **{each[1:]: fields[each] for each in (FIRST_POLICY, MANAGEMENT, ON_DRIFT) if each in fields},
        "thresholds": _collected(_thresholds(fields), places, "/thresholds"),
    }
    return Typed(fields.get(BUCKET, "").strip(), fields.get(ID, "").strip(), body, places)


def fields_of(bucket: str, id: str, body: Mapping[str, Any], channels: Sequence[str]) -> dict[str, str]:
    """The form with which this body is asked for: one of an inventory, which has been checked."""
    wanted = body["configuration"]
    target = wanted["Destination"]["S3BucketDestination"]
    zone = body.get("create_destination")
    found = {
        BUCKET: bucket,
        ID: id,
        ENABLED: "on" if wanted["IsEnabled"] else "",
        VERSIONS: wanted["IncludedObjectVersions"],
        FREQUENCY: wanted["Schedule"]["Frequency"],
        FILTER: wanted.get("Filter", {}).get("Prefix", ""),
        DESTINATION: target["Bucket"],
        PREFIX: target.get("Prefix", ""),
        FORMAT: target["Format"],
        READERS: "\n".join(body["readers"]),
        ZONE: zone["zone"] if zone else "",
        **{each: body[each[1:]] for each in (FIRST_POLICY, MANAGEMENT, ON_DRIFT)},
        **{column_field(each): "on" for each in wanted.get("OptionalFields", ())},
        **_fields_of_notify(body["notify"], channels),
    }
    for number, each in enumerate(body["thresholds"]):
        side = "over" if each.get("over") is not None else "under"
        found |= {row_field(number, "measure"): each["measure"], row_field(number, "side"): side}
        found[row_field(number, "line")] = str(each[side])
    return found


def new_fields(bucket: str, channels: Sequence[str]) -> dict[str, str]:
    """The form for a new inventory, filled in with what most people want."""
    columns = ("Size", "LastModifiedDate", "LastAccessedDate", "StorageClass")
    return {
        BUCKET: bucket,
        ID: "daily",
        ENABLED: "on",
        VERSIONS: "Current",
        FREQUENCY: "Daily",
        PREFIX: "inventory/",
        FORMAT: "Parquet",
        FIRST_POLICY: "preserve-organization",
        MANAGEMENT: "apply",
        ON_DRIFT: "notify",
        **{column_field(each): "on" for each in columns},
        **({channel_field(channels[0]): "on"} if len(channels) == 1 else {}),
    }


def _configuration(fields: Mapping[str, str]) -> dict[str, Any]:
    target: dict[str, Any] = {"Bucket": fields.get(DESTINATION, "").strip()}
    if FORMAT in fields:
        target["Format"] = fields[FORMAT]
    if fields.get(PREFIX):
        target["Prefix"] = fields[PREFIX]
    wanted: dict[str, Any] = {"IsEnabled": bool(fields.get(ENABLED))}
    if VERSIONS in fields:
        wanted["IncludedObjectVersions"] = fields[VERSIONS]
    wanted["OptionalFields"] = [each for each in OPTIONAL_FIELDS if fields.get(column_field(each))]
    if fields.get(FILTER):
        wanted["Filter"] = {"Prefix": fields[FILTER]}
    if FREQUENCY in fields:
        wanted["Schedule"] = {"Frequency": fields[FREQUENCY]}
    return {**wanted, "Destination": {"S3BucketDestination": target}}


Item = tuple[Any, str, str]
"""An item of a list in the body, the field that it is from, and what a message about it begins with."""


def _collected(items: Iterator[Item], places: dict[str, tuple[str, str]], path: str) -> list[Any]:
    found: list[Any] = []
    for value, name, words in items:
        places[f"{path}/{len(found)}"] = (name, words)
        found.append(value)
    return found


def _notify(fields: Mapping[str, str], channels: Sequence[str]) -> Iterator[Item]:
    for name in channels:
        if fields.get(channel_field(name)):
            yield _subscription(name, fields.get(kinds_field(name), "")), channel_field(name), ""
    for line, _, words in _lines(fields, NOTIFY):
        name, colon, kinds = line.rpartition(":")
        divided = colon and name.strip() and _KINDS.fullmatch(kinds)
        yield _subscription(name.strip(), kinds) if divided else line, NOTIFY, words


def _subscription(name: str, kinds: str) -> Any:
    wanted = [each for each in _BETWEEN.split(kinds) if each]
    return {"channel": name, "kinds": wanted} if wanted else name


def _lines(fields: Mapping[str, str], name: str) -> Iterator[Item]:
    for number, line in enumerate(re.split(r"\r\n|\r|\n", fields.get(name, "")), 1):
        if line.strip():
            yield line.strip(), name, f"Line {number}: "


def _thresholds(fields: Mapping[str, str]) -> Iterator[Item]:
    for number in range(ROWS):
        measure = fields.get(row_field(number, "measure"), "")
        line = fields.get(row_field(number, "line"), "").strip()
        if not measure and not line:
            continue
        row: dict[str, Any] = {"measure": measure} if measure else {}
        if line:
            row["under" if fields.get(row_field(number, "side")) == "under" else "over"] = _line(line)
        yield row, row_field(number, "measure" if line else "line"), ""


def _line(text: str) -> float | int | str:
    """The number that was typed; what is none stays as it is, and is refused as that."""
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _fields_of_notify(notify: Sequence[Any], channels: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    others = []
    for each in notify:
        name, kinds = (each, []) if isinstance(each, str) else (each["channel"], each["kinds"])
        if name in channels:
            found[channel_field(name)] = "on"
            found[kinds_field(name)] = ", ".join(kinds)
        else:
            others.append(f"{name}: {', '.join(kinds)}" if kinds else name)
    return {**found, NOTIFY: "\n".join(others)}


def _within(path: str, place: str) -> bool:
    return path == place or path.startswith(place + "/")
