"""What the body of a PUT may have beside `configuration`: each field, its default, and what it means."""

from collections.abc import Mapping

BODY: Mapping[str, tuple[str, str]] = {
    "notify": (
        "none",
        "Names of [channels](../how-to/channels.md), which are told of everything; or"
        ' `{"channel": "pipeline", "kinds": ["report.landed", "drift.*"]}`'
        " for some [kinds](notices.md) alone.",
    ),
    "readers": ("none", "ARNs that may list the destination and read under the report prefix."),
    "first_policy": (
        "`preserve-organization`",
        "What becomes of a destination that has no policy yet; or `restrict`, which needs `readers`. See"
        " [what it does to your policies](../how-it-works.md#what-it-does-to-your-policies).",
    ),
    "create_destination": (
        "none",
        '`{"zone": "US-EAST-04A"}` creates the destination if it is missing.',
    ),
    "management": ("`apply`", "`observe` never writes to the platform: notices and drift only."),
    "on_drift": (
        "`notify`",
        "`repair` puts back what somebody changed, and says so. See [drift](../how-it-works.md#drift).",
    ),
    "thresholds": (
        "none",
        'Lines that reports are not to cross, such as `{"measure": "bytes", "over": 1000000000000000}`. See'
        " [what a report says](../how-it-works.md#what-a-report-says).",
    ),
}
