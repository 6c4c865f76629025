"""Checks of the buckets themselves: whether they are there, in which zone, and how many there may be.

In come the facts of a preflight; out goes one check each.
"""

from chalicelib.core.preflight_facts import BAD_KEY, Check, Facts, Findings, unanswered
from chalicelib.core.preflight_outlook import Outlook

BUCKET_QUOTA = 1000
"""Buckets of one account, as CoreWeave documents it."""

LIKELY_CONFIGURATIONS = 1000
"""Inventory configurations of one bucket. AWS's limit; CoreWeave documents none."""


def source_bucket(facts: Facts, outlook: Outlook) -> Check:
    """Whether the bucket that is listed is there, and where."""
    found = Findings("source_bucket")
    if facts.is_missing(facts.source):
        words = f"The bucket {facts.source}, which is to be listed, does not exist."
        found.add(facts.worst, words, "Create it, or name the bucket that is meant in `?bucket=`.")
    else:
        _add_there(found, facts, facts.source)
    return found.check(facts.on(facts.source, "GetBucketLocation"))


def destination_bucket(facts: Facts, outlook: Outlook) -> Check:
    """Whether the bucket that reports go to is there or will be, and where."""
    found = Findings("destination_bucket")
    destination, zone = facts.destination, facts.inventory.create_zone
    if destination == facts.source:
        found.add("ok", f"{destination} is the bucket that is listed, too.")
        return found.check()
    if not facts.is_missing(destination):
        _add_there(found, facts, destination)
        actual = facts.zones.get(destination)
        if zone is not None and facts.is_there(destination):
            _add_zone_asked_for(found, destination, zone, actual)
        _add_two_zones(found, facts, actual)
    elif facts.to_be_created() and zone is not None:
        found.add(
            "ok",
            f"The bucket {destination} does not exist; it will be created in {zone}. Whether there is such a"
            " zone, and whether the name is free, shows only then.",
        )
        _add_two_zones(found, facts, zone)
    else:
        known = facts.zones.get(facts.source)
        where = f'"{known}"' if known else '"…"'
        mend = f'Create it, or say "create_destination": {{"zone": {where}}} to have it created.'
        found.add(facts.worst, f"The destination bucket {destination} does not exist.", mend)
    return found.check(facts.on(destination, "GetBucketLocation"))


def _add_zone_asked_for(found: Findings, bucket: str, asked: str, actual: str | None) -> None:
    if actual is None:
        words = f"It is there already, so nothing is created in {asked}: its zone stays, whichever that is."
        found.add("ok", words)
    elif actual != asked:
        words = f"`create_destination` asks for {asked}, and the existing zone {actual} stays."
        found.add("warning", words, f'Say "create_destination": {{"zone": "{actual}"}}, or leave it out.')


def _add_two_zones(found: Findings, facts: Facts, zone: str | None) -> None:
    source = facts.zones.get(facts.source)
    if source and zone and source != zone:
        found.add("ok", f"{facts.source} is in {source}, and the reports go to another zone, {zone}.")


def _add_there(found: Findings, facts: Facts, bucket: str) -> None:
    """That a bucket is there and where, or why nobody can say so."""
    asked = facts.of("GetBucketLocation", bucket)
    if bucket in facts.zones:
        zone = facts.zones[bucket]
        found.add(
            "ok", f"The bucket {bucket} is there, in {zone or 'a zone that the platform does not name'}."
        )
    elif facts.is_there(bucket):
        reason = "GetBucketLocation was refused" if asked.came == "refused" else unanswered(asked).rstrip(".")
        found.add("ok", f"The bucket {bucket} is there. Its zone is not known: {reason}.")
    elif any(each.came == "refused" and each.code not in BAD_KEY for each in facts.on(bucket)):
        words = f"All calls on {bucket} were refused, so nobody can say whether it is there."
        found.add("unknown", words, "See organization_access.")
    else:
        first = facts.of("GetBucketPolicy", bucket)
        found.add(
            "unknown", unanswered(first), "Ask again in some minutes." if first.came == "away" else None
        )


def quota(facts: Facts, outlook: Outlook) -> Check:
    """Whether there is room for one bucket and one configuration more."""
    found = Findings("quota")
    if facts.to_be_created():
        listed = facts.of("ListBuckets")
        if facts.buckets is None:
            reason = "it was refused" if listed.came == "refused" else unanswered(listed).rstrip(".")
            found.add("unknown", f"The buckets could not be counted ({reason}); {BUCKET_QUOTA} are allowed.")
        else:
            full = len(facts.buckets) >= BUCKET_QUOTA
            found.add(
                "failed" if full else "ok",
                f"{len(facts.buckets)} of {BUCKET_QUOTA} buckets are there, and one is to be created.",
                "Take a bucket that is there, delete one, or have the quota raised." if full else None,
            )
    _add_configurations(found, facts)
    found.add(
        "ok",
        "The capacity quota cannot be seen over S3; when it is used up, no report can be written, and that is"
        " told as a report that does not come.",
    )
    return found.check([facts.of("ListBuckets")] if facts.to_be_created() else ())


def _add_configurations(found: Findings, facts: Facts) -> None:
    if facts.is_missing(facts.source):
        return
    asked = facts.of("ListBucketInventoryConfigurations", facts.source)
    if facts.configurations is None:
        reason = "it was refused" if asked.came == "refused" else unanswered(asked).rstrip(".")
        found.add("unknown", f"The configurations of {facts.source} could not be counted: {reason}.")
        return
    number = len(facts.configurations)
    is_new = all(each.get("Id") != facts.inventory.id for each in facts.configurations)
    words = f"{facts.source} has {number} inventory configurations; AWS allows {LIKELY_CONFIGURATIONS} on one"
    full = is_new and number >= LIKELY_CONFIGURATIONS
    mend = "Delete those that nobody needs." if full else None
    found.add("warning" if full else "ok", f"{words} bucket, and CoreWeave documents no limit.", mend)
