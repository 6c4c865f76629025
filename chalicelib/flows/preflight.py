"""Preflight: look at all that setting an inventory up needs, change nothing, and judge what was seen.

In comes an inventory as a PUT would ask for it; out goes a `Judgement`. Each call is tried by itself and
what comes of it is a fact, whatever it is. Nothing is written, neither to the platform nor to the store.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from chalicelib.core.excerpt import excerpt
from chalicelib.core.grants import Deployment
from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import buckets_concerned
from chalicelib.core.preflight import Judgement, preflight
from chalicelib.core.preflight_facts import BAD_KEY, Came, Facts, Try
from chalicelib.errors import BucketMissing, NotYet, PlatformAway, PlatformError, PlatformRefused
from chalicelib.flows.portion import Portion
from chalicelib.ports import BucketSetup, ReportSource, StateStore, Turn

_BEGIN_WITHIN = 8.0
"""Seconds in which a call may begin: one that then hangs still ends before whoever asks gives up."""

_PROBE = "stocktake-preflight/nothing-is-here"
"""What is looked for under the report prefix, where nobody puts anything of that name."""

_LONGEST_WORDS = 400

T = TypeVar("T")


class Preflight:
    """The flow, with its ports and what is fixed for this deployment."""

    def __init__(
        self, setup: BucketSetup, source: ReportSource, store: StateStore, deployment: Deployment
    ) -> None:
        self._setup = setup
        self._source = source
        self._store = store
        self._deployment = deployment

    def look(self, wanted: Inventory, turn: Turn) -> Judgement:
        """Try all that changes nothing, as long as there is time, and judge."""
        record = self._store.get(wanted.bucket, wanted.id)
        placed = () if record is None else record.placed
        elsewhere = self._store.needed(
            buckets_concerned(wanted, placed), apart_from=(wanted.bucket, wanted.id)
        )
        known = Facts(
            wanted, self._deployment, placed=placed, elsewhere=elsewhere, managed=record is not None
        )
        return preflight(self._looked(known, _Tries(Portion(turn, _BEGIN_WITHIN))))

    def _looked(self, known: Facts, tries: "_Tries") -> Facts:
        """The facts with what the platform says, in the order of what is needed most: time may run out."""
        setup, source, destination = self._setup, known.source, known.destination
        id, probe = known.inventory.id, known.inventory.configuration.report_prefix + _PROBE
        both = tuple(dict.fromkeys((source, destination)))
        others = buckets_concerned(known.inventory, known.placed)[len(both) :]
        listed = tries.answer("ListBuckets", "", setup.buckets)
        policies = tries.answers("GetBucketPolicy", both, setup.policy)
        there = tries.answer(
            "GetBucketInventoryConfiguration", source, lambda: setup.configuration(source, id)
        )
        tries.answer("ListObjectsV2", destination, lambda: self._source.list(destination, probe))
        tries.answer("GetObject", destination, lambda: self._source.read(destination, probe, limit=1))
        configurations = tries.answer(
            "ListBucketInventoryConfigurations", source, lambda: setup.configurations(source)
        )
        policies |= tries.answers("GetBucketPolicy", others, setup.policy)
        zones = tries.answers("GetBucketLocation", both, setup.zone)
        return replace(
            known,
            tries=tuple(tries.made),
            policies=policies,
            zones=zones,
            buckets=None if listed is None else tuple(listed),
            configuration=there,
            configurations=None if configurations is None else tuple(configurations),
        )


class _Tries:
    """Calls that are made one after the other, and what came of each, in `made`."""

    def __init__(self, turn: Turn) -> None:
        self.made: list[Try] = []
        self._turn = turn
        self._over = ""

    def answers(self, call: str, buckets: Iterable[str], ask: Callable[[str], T]) -> dict[str, T]:
        """The answers to one call on several buckets, of those that answered."""
        found: dict[str, T] = {}
        for bucket in buckets:
            answer = self.answer(call, bucket, partial(_in_one, ask, bucket))
            if answer is not None:
                found[bucket] = answer[0]
        return found

    def answer(self, call: str, bucket: str, ask: Callable[[], T]) -> T | None:
        """The answer, None where there is none. A bucket that is not there is not asked a second time."""
        if bucket and any(each.bucket == bucket and each.came == "missing" for each in self.made):
            return None
        if not self._over and not self._turn.has_time():
            self._over = "the platform had taken too long over the calls before"
        if self._over:
            self.made.append(Try(call, bucket, "untried", said=self._over))
            return None
        try:
            found = ask()
        except (PlatformAway, NotYet) as exc:
            self._note(call, bucket, "away", exc)
        except BucketMissing as exc:
            self._note(call, bucket, "missing", exc)
        except PlatformRefused as exc:
            self._note(call, bucket, "refused", exc)
        else:
            self.made.append(Try(call, bucket, "allowed"))
            return found
        return None

    def _note(self, call: str, bucket: str, came: Came, error: PlatformError) -> None:
        self.made.append(Try(call, bucket, came, error.code, excerpt(str(error), _LONGEST_WORDS)))
        if error.code in BAD_KEY:
            self._over = "the platform does not take the keys now"


def _in_one(ask: Callable[[str], T], bucket: str) -> tuple[T]:
    """The answer in a tuple, which tells that there is no policy from that there is no answer."""
    return (ask(bucket),)
