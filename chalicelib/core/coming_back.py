"""What comes back with a policy that is restored: statements of others that are not there now.

In come the policy of now and the one that is to be written; out go words on each statement that comes back
and on who gains by it, and words on what is not done unasked: a Deny that forbids again, and access that
somebody certainly loses. People may have taken such a statement out by hand, and for good reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.core.access_changes import access_changes
from chalicelib.core.access_groups import AccessChange
from chalicelib.core.excerpt import excerpt
from chalicelib.core.grants import SERVICE_PRINCIPAL, Deployment, preserve_statement
from chalicelib.core.iam import Statement, meaning, read_policy, sid_of, statement_name, statements

_MOST_GROUPS = 5
_MOST_NAMES = 5
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ComingBack:
    """`words` are what people should know, `unasked` what is done only where it is asked for."""

    words: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()


def coming_back(
    bucket: str, now: str | None, after: str | None, ours: frozenset[str], deployment: Deployment
) -> ComingBack:
    """What comes back, apart from the statements whose Sid is in `ours`.

    Raises `Refused` where one of the texts is not a policy.
    """
    found = _returning(bucket, now, after, ours, deployment)
    access = access_changes(bucket, now, after, deployment)
    forbidding = tuple(words for statement, words in found if statement.get("Effect") != "Allow")
    losses = _people("lost", [each for each in access.loses if each.certain])
    words = [words for _, words in found]
    if len(forbidding) < len(found):  # something that may allow comes back
        words += _people("gained", access.gains)
    if found and not access.complete:
        words.append(f"The policies of {bucket} are too large to say who gains and who loses access.")
    return ComingBack(tuple(words), (*forbidding, *losses))


def _returning(
    bucket: str, now: str | None, after: str | None, ours: frozenset[str], deployment: Deployment
) -> list[tuple[Statement, str]]:
    """The statements that come back, with words on each."""
    there = [meaning(each) for each in statements(read_policy(now))]
    if now is None:  # no policy at all is what that statement means
        there.append(meaning(preserve_statement(bucket, deployment)))
    return [
        (each, _returning_words(bucket, each, position))
        for position, each in enumerate(statements(read_policy(after)))
        if sid_of(each) not in ours and meaning(each) not in there
    ]


def _returning_words(bucket: str, statement: Statement, position: int) -> str:
    kind = "Deny statement" if statement.get("Effect") == "Deny" else "statement"
    name = statement_name(statement, position)
    return f"The {kind} {name}, which is not in the policy of {bucket} now, comes back."


def _people(fate: str, changes: Sequence[AccessChange]) -> list[str]:
    """One sentence for each group of people, and one on how many more there are."""
    words = [
        f"Access {fate} by {_listed(map(_person, each.who))}: {_listed(each.actions)}"
        f" on {_listed(each.resources)}{'' if each.certain else ' (perhaps: a condition decides)'}."
        for each in changes[:_MOST_GROUPS]
    ]
    more = len(changes) - _MOST_GROUPS
    return [*words, f"And {more} more such changes."] if more > 0 else words


def _person(who: str) -> str:
    return f"the inventory service ({who})" if who == SERVICE_PRINCIPAL else who


def _listed(names: Iterable[str]) -> str:
    listed = [excerpt(each, _LONGEST_NAME) for each in names]
    more = len(listed) - _MOST_NAMES
    return ", ".join((*listed[:_MOST_NAMES], *([f"and {more} more"] if more > 0 else [])))
