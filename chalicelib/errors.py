"""Every error that Stocktake raises on purpose.

    StocktakeError
    ├── Invalid               what was asked will not do; names each field        (422)
    ├── NotFound              nothing is stored under that name                   (404)
    ├── Stale                 the caller looked at an older version               (412)
    ├── Refused               the state of the platform forbids it                (409)
    │   └── WrongState        the state of what was asked for forbids it          (409)
    ├── Conflict              somebody else wrote the row first; read it again
    │   └── StoreBusy         the store did not answer for as long as it was asked
    ├── QueueAway             the queue of tasks did not take them: trying again helps
    ├── Misconfigured         a setting or the secrets document will not do
    ├── PlatformError         the storage platform did not do what it was asked
    │   ├── PlatformAway      slow, throttling, unreachable: trying again helps
    │   ├── NotYet            refused only because an earlier write still spreads
    │   └── PlatformRefused   no: trying again does not help
    │       └── BucketMissing
    └── DeliveryError         a channel did not take a notice
        ├── DeliveryDelayed   trying again helps, at the earliest after `retry_after`
        └── DeliveryRefused   trying again does not help
            └── ChannelRefused    and not with any other notice either: the channel itself is gone

`retry_helps` says of each error whether doing the same again may succeed.
"""

from dataclasses import dataclass


class StocktakeError(Exception):
    """The root: an expected failure with a sentence for the person who reads it."""

    retry_helps = False


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One bad field: where it is (a JSON Pointer) and what would be accepted."""

    path: str
    message: str


class Invalid(StocktakeError):
    """What was asked will not do. `problems` names each bad field."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__("; ".join(f"{each.path}: {each.message}" for each in problems))
        self.problems = problems


class NotFound(StocktakeError):
    """Nothing is stored under that name."""


class Stale(StocktakeError):
    """The caller's `If-Match` names a version that is no longer the current one."""


class Refused(StocktakeError):
    """The state of the platform forbids what was asked, and nothing was changed."""


class WrongState(Refused):
    """The state of a notice or a channel forbids what was asked, and nothing was changed."""


class Conflict(StocktakeError):
    """Somebody else wrote the same row first. Reading it again and deciding anew helps."""

    retry_helps = True


class StoreBusy(Conflict):
    """The store is locked, throttling or unreachable, and was asked again for as long as is of use.

    What was to be written may have been written all the same; asking for the same again is harmless.
    """


class QueueAway(StocktakeError):
    """The queue of tasks was unreachable or throttling. Some of the tasks may have been put in."""

    retry_helps = True


class Misconfigured(StocktakeError):
    """A setting or the secrets document will not do; whoever deploys can mend it."""


class PlatformError(StocktakeError):
    """The storage platform did not do what it was asked."""

    def __init__(self, message: str, *, operation: str = "", code: str = "") -> None:
        super().__init__(message)
        self.operation = operation
        self.code = code


class PlatformAway(PlatformError):
    """The platform is slow, throttling or unreachable."""

    retry_helps = True


class NotYet(PlatformError):
    """Refused because an earlier write is not visible everywhere: a fresh bucket, a fresh grant."""

    retry_helps = True


class PlatformRefused(PlatformError):
    """The platform said no, and would say it again."""


class BucketMissing(PlatformRefused):
    """There is no such bucket."""


class DeliveryError(StocktakeError):
    """A channel did not take a notice."""


class DeliveryDelayed(DeliveryError):
    """Not delivered now. `retry_after` is in seconds, when the channel gave one.

    `unknown` says that it may have been delivered all the same: nobody knows.
    """

    retry_helps = True

    def __init__(self, message: str, *, retry_after: float | None = None, unknown: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.unknown = unknown


class DeliveryRefused(DeliveryError):
    """The channel will not take this notice, however often it is sent."""


class ChannelRefused(DeliveryRefused):
    """The channel takes no notice any more, whatever it says: its address is gone, or was never good."""
