"""The first checks of a preflight: names, keys, and whether the organization lets this application in.

In come the facts; out goes one check each. The order of judgement is CoreWeave's: first the organization
access policies, which nobody can read over S3, then the bucket's policy.
"""

from chalicelib.core.preflight_facts import ACTIONS, BAD_KEY, Check, Facts, Findings, Try, unanswered
from chalicelib.core.preflight_outlook import Outlook

_KEY_MENDS = {
    "SignatureDoesNotMatch": "The secret access key does not belong to the access key: write both anew into"
    " `caios` of the secrets document.",
    "AuthorizationHeaderMalformed": "Write the access key anew into `caios` of the secrets document, without"
    " anything around it.",
}
_EXPIRED = frozenset({"ExpiredToken", "ExpiredKeys"})
_NEEDED = (
    "GetBucketPolicy",
    "GetBucketInventoryConfiguration",
    "ListBucketInventoryConfigurations",
    "ListObjectsV2",
    "GetObject",
)
"""The calls that the application makes for its work. The others are made by this look alone."""

_SPARED = "ListBucketInventoryConfigurations"
"""Setting up and watching do without it."""


def names(facts: Facts, outlook: Outlook) -> Check:
    """Bucket names, id and prefixes; what breaks a rule did not come this far."""
    configuration = facts.inventory.configuration
    found = Findings("names")
    buckets = " and ".join(dict.fromkeys((facts.source, facts.destination)))
    found.add(
        "ok",
        f"The bucket names {buckets} keep CoreWeave's rules (3 to 63 of a-z, 0-9 and -, no reserved"
        f" beginning), and the id {configuration.id} has 1 to 64 of A-Z a-z 0-9 . _ -.",
    )
    where = f"under {configuration.report_prefix!r}" if configuration.report_prefix else "in the root"
    found.add("ok", f"Reports are written {where} of {facts.destination}.")
    return found.check()


def access_key(facts: Facts, outlook: Outlook) -> Check:
    """Whether the platform knows the keys. A call that is refused for want of a right proves that, too."""
    found = Findings("access_key")
    bad = next((each for each in facts.tries if _is_bad(each)), None)
    good = next((each for each in facts.tries if _knows_the_key(each)), None)
    if bad is not None:
        found.add("failed", f"The platform does not take the keys: {bad.said.rstrip('.')}.", _key_mend(bad))
    elif good is not None:
        how = "was answered" if good.came != "refused" else f"was refused with {good.code}, not for the keys"
        found.add("ok", f"The keys sign calls that the platform knows: {_call(good)} {how}.")
    else:
        first = facts.tries[0] if facts.tries else Try("ListBuckets", "")
        found.add("unknown", unanswered(first), _away_mend(first))
    return found.check([bad or good or facts.of("ListBuckets")])


def organization_access(facts: Facts, outlook: Outlook) -> Check:
    """Whether an organization access policy lets this application's principal through.

    It is asked before any bucket's policy, so that whatever is allowed proves that it allows that.
    """
    found = Findings("organization_access")
    calls = [each for each in facts.tries if each.bucket and each.call in _NEEDED]
    allowed = [each for each in calls if each.came == "allowed"]
    refused = [each for each in calls if _is_refused(each)]
    surely = [each for each in refused if facts.has_no_policy(each.bucket)]
    if allowed:
        rights = ", ".join(dict.fromkeys(ACTIONS[each.call] for each in allowed))
        found.add("ok", f"The organization's access policies let {_who(facts)} through for {rights}.")
    if surely:
        rights = ", ".join(dict.fromkeys(ACTIONS[each.call] for each in surely))
        where = " and ".join(dict.fromkeys(each.bucket for each in surely))
        words = f"No organization access policy allows {rights} on {where} to {_who(facts)}:"
        why = "it was refused, and there is no bucket policy that could forbid it."
        spared = all(each.call == _SPARED for each in surely)
        found.add("warning" if spared else facts.worst, f"{words} {why}", _organization_mend(facts))
    elif refused and not allowed and _is_refused(facts.of("ListBuckets")):
        words = f"No organization access policy allows anything to {_who(facts)}: all calls were refused,"
        found.add("failed", f"{words} also the list of buckets.", _organization_mend(facts))
    elif refused and not allowed:
        where = " and ".join(dict.fromkeys(each.bucket for each in refused))
        found.add(
            "unknown",
            f"All calls on {where} were refused: either no organization access policy allows them to"
            f" {_who(facts)}, or the bucket's policy does not, and it cannot be read to tell which.",
            _organization_mend(facts),
        )
    elif not allowed:
        first = next((each for each in calls if not each.answered), None)
        words = unanswered(first) if first else "There is no bucket on which anything could be tried."
        found.add("unknown", words, _away_mend(first) if first else None)
    return found.check(calls)


def _is_refused(one: Try) -> bool:
    return one.came == "refused" and one.code not in BAD_KEY


def _is_bad(one: Try) -> bool:
    """Whether the keys are to blame. New keys are refused for some seconds, which is no answer yet."""
    return one.code in _EXPIRED or (one.came == "refused" and one.code in BAD_KEY)


def _knows_the_key(one: Try) -> bool:
    return one.came in ("allowed", "missing") or (one.came == "refused" and one.code == "AccessDenied")


def _key_mend(bad: Try) -> str:
    if bad.code in _EXPIRED:
        return "Write newer keys into `caios` of the secrets document; temporary ones last 12 hours at most."
    usual = "Check `access_key_id` in `caios` of the secrets document; a key that was just made works after"
    return _KEY_MENDS.get(bad.code, f"{usual} some seconds.")


def _organization_mend(facts: Facts) -> str:
    buckets = " and ".join(dict.fromkeys((facts.source, facts.destination)))
    create = ", s3:CreateBucket" if facts.inventory.create_zone is not None else ""
    return (
        f"Have an organization access policy allow {_who(facts)}, on {buckets}: s3:GetBucketPolicy,"
        " s3:PutBucketPolicy, s3:DeleteBucketPolicy, s3:GetInventoryConfiguration,"
        " s3:PutInventoryConfiguration, s3:ListInventoryConfigurations, s3:DeleteInventoryConfiguration,"
        f" s3:ListBucket, s3:GetObject{create}. STOCKTAKE_PRINCIPAL has to be the principal of the keys."
    )


def _away_mend(one: Try) -> str | None:
    return "Ask again in some minutes." if one.came == "away" else None


def _call(one: Try) -> str:
    return f"{one.call} on {one.bucket}" if one.bucket else one.call


def _who(facts: Facts) -> str:
    return facts.deployment.principal
