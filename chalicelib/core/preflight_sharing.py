"""Who else writes where the reports are to go, and whether the configuration's id is taken.

In come the facts and the outlook of a preflight; out goes one check. Where the platform writes its manifest
to the same key each time, two inventories with one prefix overwrite each other.
"""

from collections.abc import Iterator

from chalicelib.core.conditions import as_list
from chalicelib.core.grants import write_grant
from chalicelib.core.iam import sid_of, statements
from chalicelib.core.inventory import BUCKET_ARN, configuration_differences, normalised
from chalicelib.core.plan import Placed
from chalicelib.core.preflight_facts import Check, Facts, Findings, unanswered
from chalicelib.core.preflight_outlook import Outlook


def shared_prefix(facts: Facts, outlook: Outlook) -> Check:
    """Whether somebody else's reports go to the same place, and whether the id is taken."""
    found = Findings("shared_prefix")
    prefix = facts.inventory.configuration.report_prefix
    here = f"{facts.destination} under {prefix!r}"
    for id, other in _others(facts):
        _add_other(found, facts, f"The configuration {id[:100]} of {facts.source}", other)
    if _is_needed_elsewhere(facts) and not any(other == prefix for _, other in _others(facts)):
        _add_other(found, facts, "Another inventory of this application", prefix)
    for other in _prefixes_of_ours(facts, outlook):
        _add_other(found, facts, "Another inventory of this application", other)
    if facts.configurations is None and not facts.is_missing(facts.source):
        asked = facts.of("ListBucketInventoryConfigurations", facts.source)
        why = "the list was refused" if asked.came == "refused" else unanswered(asked).rstrip(".")
        words = f"Whether another configuration of {facts.source} writes there is not known: {why}."
        found.add("unknown", words)
    elif not found.seen:
        words = (
            f"No other configuration of {facts.source} and no other inventory of this application writes to"
        )
        found.add("ok", f"{words} {here}.")
    _add_same_id(found, facts)
    tried = ("ListBucketInventoryConfigurations", "GetBucketInventoryConfiguration")
    return found.check(facts.on(facts.source, *tried))


def _add_other(found: Findings, facts: Facts, who: str, other: str) -> None:
    prefix = facts.inventory.configuration.report_prefix
    how = "the same prefix" if other == prefix else f"{other[:100]!r}, and one of the two is within the other"
    words = f"{who} writes to {facts.destination} under {how}. They may overwrite each other."
    found.add("warning", words, "Give each inventory a destination prefix of its own.")


def _others(facts: Facts) -> Iterator[tuple[str, str]]:
    """The other enabled configurations that write to the same or a nested prefix: id and prefix."""
    prefix = facts.inventory.configuration.report_prefix
    for each in facts.configurations or ():
        if each.get("Id") == facts.inventory.id or each.get("IsEnabled") in (False, "false"):
            continue
        target = normalised(each)["Destination"]["S3BucketDestination"]
        other = str(target.get("Prefix", ""))
        if target["Bucket"] == facts.destination and (other.startswith(prefix) or prefix.startswith(other)):
            yield str(each.get("Id", "")), other


def _prefixes_of_ours(facts: Facts, outlook: Outlook) -> Iterator[str]:
    """Nested prefixes of other inventories of ours, as their statements in the destination's policy say."""
    mine, prefix = write_grant(facts.inventory), facts.inventory.configuration.report_prefix
    document = outlook.before.get(facts.destination)
    head = f"{BUCKET_ARN}{facts.destination}/"
    for each in () if document is None else statements(document):
        placed = Placed(facts.destination, sid_of(each))
        if placed not in facts.elsewhere or each.get("Principal") != mine.statement()["Principal"]:
            continue
        for resource in as_list(each.get("Resource")):
            other = str(resource).removeprefix(head).removesuffix("*")
            if other != prefix and (other.startswith(prefix) or prefix.startswith(other)):
                yield other


def _is_needed_elsewhere(facts: Facts) -> bool:
    write = write_grant(facts.inventory)
    return Placed(write.bucket, write.sid) in facts.elsewhere


def _add_same_id(found: Findings, facts: Facts) -> None:
    there, id = facts.configuration, facts.inventory.id
    if there is None:
        return
    differs = configuration_differences(facts.inventory.configuration.document(), there)
    if not differs:
        found.add("ok", f"The configuration {id} is on the platform already, as it is asked for.")
    elif facts.managed or not facts.writes:
        found.add("ok", f"The configuration {id} on the platform differs from what is asked for.")
    else:
        paths = ", ".join(each.path[:100] for each in differs[:5])
        found.add(
            "warning",
            f"{facts.source} has a configuration {id} already, which Stocktake did not make and which differs"
            f" ({paths}). It will be replaced.",
            f"Take another id, or POST /inventories/{facts.source}/{id}/adopt to take it over as it is.",
        )
