"""The form as it is filled in: its fields by name, what is wrong with them, and what would come of it.

A field is named by the JSON Pointer of what it becomes in the body of a PUT, where it becomes one value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from chalicelib.core.inventory import OptionalField
from chalicelib.core.preflight import Judgement
from chalicelib.core.preview import Preview
from chalicelib.errors import FieldProblem

BUCKET, ID = "/bucket", "/id"
TARGET = "/configuration/Destination/S3BucketDestination"
ENABLED = "/configuration/IsEnabled"
VERSIONS = "/configuration/IncludedObjectVersions"
COLUMNS = "/configuration/OptionalFields"
FILTER = "/configuration/Filter/Prefix"
FREQUENCY = "/configuration/Schedule/Frequency"
DESTINATION, PREFIX, FORMAT = f"{TARGET}/Bucket", f"{TARGET}/Prefix", f"{TARGET}/Format"
NOTIFY, READERS, THRESHOLDS = "/notify", "/readers", "/thresholds"
ZONE = "/create_destination/zone"
FIRST_POLICY, MANAGEMENT, ON_DRIFT = "/first_policy", "/management", "/on_drift"

SINGLE = (
    BUCKET, ID, DESTINATION, PREFIX, FORMAT, FREQUENCY, VERSIONS, FILTER, COLUMNS, ENABLED,
    NOTIFY, READERS, FIRST_POLICY, ZONE, MANAGEMENT, ON_DRIFT, THRESHOLDS,
)  # fmt: skip
"""The fields, or groups of them, that are there once, in the order of the form."""

OPTIONAL_FIELDS: tuple[OptionalField, ...] = get_args(OptionalField)
ROWS = 20
"""Lines of thresholds that a form may have."""


def column_field(name: str) -> str:
    """The box that asks for a column."""
    return f"{COLUMNS}/{name}"


def channel_field(name: str) -> str:
    """The box that has a channel told."""
    return f"channel {name}"


def kinds_field(name: str) -> str:
    """Where it says of which kinds the channel is told."""
    return f"kinds {name}"


def row_field(number: int, part: str) -> str:
    """A part of a threshold, from 0: `measure`, `side`, `line`."""
    return f"{THRESHOLDS}/{number}/{part}"


@dataclass(frozen=True, slots=True)
class FormValues:
    """What stands in the form. `problems` name fields; `refusal` is about the whole.

    `version` is that of the inventory which is changed, None for a new one. `channels` are those to choose
    from.
    """

    fields: Mapping[str, str]
    channels: tuple[str, ...] = ()
    version: int | None = None
    problems: tuple[FieldProblem, ...] = ()
    refusal: str | None = None

    @property
    def rows(self) -> int:
        """How many lines of thresholds there are: those in use, and some that are free."""
        used = [
            n for n in range(ROWS) if self.value(row_field(n, "measure")) or self.value(row_field(n, "line"))
        ]
        return min(ROWS, max(used, default=-1) + 3)

    def value(self, name: str) -> str:
        """What stands in a field; empty where nothing does, or the box is not ticked."""
        return self.fields.get(name, "")

    def names(self) -> tuple[str, ...]:
        """All fields in their order."""
        lines = [row_field(n, part) for n in range(self.rows) for part in ("measure", "side", "line")]
        boxes = [of(each) for each in self.channels for of in (channel_field, kinds_field)]
        return (*SINGLE, *map(column_field, OPTIONAL_FIELDS), *boxes, *lines)

    def problems_of(self, name: str) -> tuple[str, ...]:
        """What is wrong with a field."""
        return tuple(each.message for each in self.problems if each.path == name)


@dataclass(frozen=True, slots=True)
class FormPlan:
    """What would be done, before somebody confirms it.

    `body` is the JSON that would be sent, `command` sends it without this page. `refusal` says why it cannot
    be done; `judgement` is None where there was no time to look.
    """

    bucket: str
    id: str
    body: str
    command: str
    preview: Preview | None
    judgement: Judgement | None = None
    version: int | None = None
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What an action would do, before somebody confirms it: `action` is `restore` or `remove`.

    `number` is that of the history's entry to restore. `refusal` says why it was not done when it was
    confirmed.
    """

    action: str
    bucket: str
    id: str
    version: int
    preview: Preview | None = None
    number: str = ""
    refusal: str | None = None
