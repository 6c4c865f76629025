"""Where each limit stands in the code, its unit, and what it means to who uses Stocktake."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """A constant, `module:NAME` within `chalicelib`, and what is said of it. `unit` is how it is written."""

    about: str
    constant: str
    unit: str
    words: str


LIMITS = (
    Limit("Requests", "api.web:MAX_BODY_BYTES", "bytes", "A body. More is 413."),
    Limit("Requests", "api.web:MAX_DEPTH", "", "Objects and lists within each other in a body. More is 400."),
    Limit("Requests", "wiring:REQUEST_SECONDS", "seconds", "Work of one request; then the answer is 202."),
    Limit("Requests", "flows.results:_MOST", "", "Results in one answer of `/adopt` and `/apply`, about."),
    Limit("Requests", "api.threshold_bodies:MOST", "", "Thresholds of one inventory."),
    Limit("Requests", "core.inventory:_MAX_PREFIX", "bytes", "A prefix, in UTF-8."),
    Limit("Requests", "core.excerpt:MAX_DIFFERENCES", "", "Differences that a record shows."),
    Limit("Requests", "core.unmanaged:MOST_SHOWN", "", "Unmanaged configurations that a record shows."),
    Limit(
        "Pages",
        "core.overview:MOST_RECORDS",
        "",
        "Inventories on the status page, by name. It says where there are more.",
    ),
    Limit(
        "Pages",
        "core.overview:MOST_NOTICES",
        "",
        "Notices that wait or were given up that the status page counts.",
    ),
    Limit("Pages", "core.arrivals:MOST", "", "Expected reports on the page of an inventory, the newest."),
    Limit("Pages", "core.overview:MOST_SEARCHED", "characters", "What is searched for on the status page."),
    Limit(
        "Policies",
        "core.policy:LIKELY_SIZE_LIMIT",
        "bytes",
        "A bucket policy, AWS's limit; CoreWeave documents none. `/apply` refuses what would grow beyond it.",
    ),
    Limit(
        "Policies", "core.policy:MAX_KEPT", "bytes", "A policy of others that can be kept and so replaced."
    ),
    Limit("Policies", "core.record:MAX_BACKUPS", "bytes", "The texts in `backups` of one record together."),
    Limit(
        "Policies",
        "core.history:MAX_TOGETHER",
        "bytes",
        "What one plan replaces; more is refused, because it could not be kept.",
    ),
    Limit("Drift", "core.drift:UNKNOWN_LOOKS_TOLD", "", "Looks that fail in a row before it is told."),
    Limit("Drift", "core.repair:MOST_ROUNDS", "", "Rounds of repair within a day; then it is contested."),
    Limit(
        "Drift",
        "flows.apply:TELL_PENDING_AFTER",
        "seconds",
        "A set-up that has not come through for so long is told.",
    ),
    Limit("Reports", "core.manifest:MAX_BYTES", "bytes", "A manifest; a larger one is refused unread."),
    Limit("Reports", "core.manifest:MAX_FILES", "", "Data files that a manifest may name."),
    Limit("Reports", "core.report:MAX_PROBLEMS", "", "Problems that are kept of one report."),
    Limit("Reports", "adapters.s3_limits:MAX_ANSWER_BYTES", "bytes", "An answer of the platform."),
    Limit(
        "Reports", "adapters.s3_limits:MAX_SECONDS", "seconds", "The reading of one answer of the platform."
    ),
    Limit("Reports", "adapters.s3_objects:MAX_LISTED_PAGES", "", "Pages of one listing, 1,000 keys each."),
    Limit("Reports", "adapters.s3_buckets:MAX_PAGES", "", "Pages of buckets, and of configurations."),
    Limit("Summaries", "wiring:TASK_SECONDS", "seconds", "Work at one task, in one file at most."),
    Limit("Summaries", "core.file_groups:MOST_FILES", "", "Data files of one task."),
    Limit(
        "Summaries", "setting_checks:MOST_TASK_BYTES", "bytes", "The most that `STOCKTAKE_TASK_BYTES` takes."
    ),
    Limit(
        "Summaries", "adapters.row_pieces:LONGEST_ROW", "bytes", "A row of a text file; a longer one fails."
    ),
    Limit("Summaries", "core.summary:MOST_PREFIXES", "", "Prefixes of one depth that are counted exactly."),
    Limit("Summaries", "core.summary:MOST_NAMES", "", "Names in a tally, such as storage classes."),
    Limit("Summaries", "core.summary:MOST_LARGEST", "", "Largest objects in a summary."),
    Limit("Summaries", "api.contents_answers:MOST_PREFIXES", "", "Prefixes in each list of an answer."),
    Limit("Summaries", "core.contents:MOST_MISSING", "", "Missing files that are named; all are counted."),
    Limit(
        "Summaries",
        "core.comparing:MOST_MOVED",
        "",
        "Prefixes of each kind of change since the report before.",
    ),
    Limit("Summaries", "core.prices:MOST_PRICES", "", "Prices of `STOCKTAKE_PRICES`."),
    Limit("Summaries", "core.headline:MOST_SPARKS", "", "Reports in the line of sparks of a notice."),
    Limit("Summaries", "core.headline:MOST_PREFIXES", "", "Prefixes that a notice names."),
    Limit("Notices", "core.notice:LEASE", "seconds", "Sending of one batch; then another may claim it."),
    Limit(
        "Notices",
        "core.notice:GIVE_UP_AFTER",
        "seconds",
        "Trying to send one notice, not counting quiet hours.",
    ),
    Limit(
        "Notices",
        "core.notice:UNATTENDED",
        "seconds",
        "A notice due for longer waited because nothing was running.",
    ),
    Limit(
        "Notices", "core.notice:AFTER_A_STOP", "seconds", "Such a notice is tried so long, however old it is."
    ),
    Limit("Notices", "core.notice:_LONGEST_DELAY", "seconds", "The longest pause between two tries."),
    Limit(
        "Notices", "core.notice:_LONGEST_PAUSE", "seconds", "The longest pause that a channel may ask for."
    ),
    Limit("Notices", "flows.deliver:_BATCH", "", "Notices that are claimed at once."),
    Limit("Notices", "adapters.slack:WHOLE_SECONDS", "seconds", "One request to Slack."),
    Limit("Notices", "adapters.webhook:WHOLE_SECONDS", "seconds", "One request to a webhook."),
    Limit("Notices", "adapters.email:WHOLE_SECONDS", "seconds", "One session with a mail server."),
    Limit("Notices", "adapters.ses:MAX_RECIPIENTS", "", "Recipients of a mail channel with SES."),
    Limit("Notices", "templates.cloud_event:MOST_FACTS", "bytes", "The facts of one event."),
    Limit(
        "Secrets", "adapters.secrets_manager:MAX_AGE", "seconds", "For so long the document is kept on AWS."
    ),
    Limit("Schedules", "wiring:TICK_SECONDS", "seconds", "Work of one tick; the next goes on."),
    Limit("Schedules", "flows.tick:_BATCH", "", "Records that a tick takes at once."),
)

INSIDE = frozenset(
    {
        "core.access_changes:MOST_WORK",
        "core.access_groups:MOST_GROUPS",
        "core.drift:MOST_TOLD",
        "core.excerpt:MAX_DETAIL",
        "core.excerpt:MAX_WORDS",
        "core.file_groups:MOST_TEXT",
        "core.headline:MOST_CROSSED",
        "core.headline:MOST_TIERS",
        "core.history:MAX_CONFIGURATION",
        "core.iam:MAX_DEPTH",
        "core.job_steps:MOST_ROUNDS",
        "core.repair:MOST_TOLD",
        "core.repair:MOST_WRITTEN",
        "core.summary:MOST_SAMPLED",
        "core.tasks:MOST_SPLIT",
        "core.unmanaged:MOST_KNOWN",
    }
)
"""Limits that nobody who uses Stocktake meets."""
