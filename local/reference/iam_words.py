"""What each function on AWS is for, what each statement of its policy lets it do, and the platform keys."""

from collections.abc import Mapping

FUNCTIONS: Mapping[str, str] = {
    "api_handler": "answers requests",
    "token": "says whose token a request carries",
    "sweep": "looks for reports",
    "deliver": "sends notices",
    "reconcile": "goes on with what is pending, and looks for drift",
    "summarise": "has reports summed up that came, and adds up large ones",
    "read_files": "reads data files of reports; the only one with DuckDB and pyarrow",
    "give_up": "goes on without files that several workers failed to read",
}
STATEMENTS: Mapping[str, str] = {
    "ItsOwnLog": "write its own log",
    "TheTable": "read and write the state",
    "ItsIndexes": "find what is due, waits, or is listed",
    "TheSecretsDocument": "read the secrets document; nobody may change it",
    "MailFromTheSenderOnly": "send mail, from `STOCKTAKE_MAIL_FROM` alone; only with `STOCKTAKE_MAIL=ses`",
    "TheTopicsOfChannels": "publish to the topics of `STOCKTAKE_TOPIC_ARNS`; only where there are some",
    "TheBusesOfChannels": "put events on the buses of `STOCKTAKE_BUS_ARNS`; only where there are some",
    "TracesHaveNoNarrowerResource": "write traces; only with `STOCKTAKE_TRACING=on`",
    "WhereFailedTicksGo": "keep what a tick was asked when it failed",
    "WhereItsMessagesAre": "take messages from its queue",
    "WhereTasksWait": "put tasks into the queue",
    "WhereTasksArePutOff": "put a task back, for later",
}
KEYS: Mapping[str, tuple[str, str]] = {
    "s3:GetBucketPolicy": (
        "both",
        "Without it nothing is set up: what cannot be read is never written over.",
    ),
    "s3:PutBucketPolicy": ("both", "Not for `management: observe`."),
    "s3:DeleteBucketPolicy": ("both", "Only to take away a policy that was Stocktake's alone."),
    "s3:GetInventoryConfiguration": ("source", "To see what is there."),
    "s3:PutInventoryConfiguration": ("source", "Not for `management: observe`."),
    "s3:ListInventoryConfigurations": (
        "source",
        "For what nobody asked Stocktake for, and for `GET /buckets`.",
    ),
    "s3:DeleteInventoryConfiguration": ("source", "Only for `DELETE`."),
    "s3:ListBucket": ("destination", "Without it no report is ever found."),
    "s3:GetObject": ("destination", "Without it no report can be read."),
    "s3:CreateBucket": ("destination", "Only with `create_destination`."),
    "s3:ListAllMyBuckets": ("the account", "Only for `GET /buckets`, and for patterns of buckets."),
    "s3:GetBucketLocation": ("both", "Only for a preflight, which shows the zones."),
}
"""Each right on the platform: on which bucket, and what it is for."""

PURPOSES: Mapping[str, str] = {
    "write": "The inventory service writes reports, and ends uploads of its own that were cut short. Always.",
    "self": "Stocktake finds and reads the reports, and reads and removes the policy.",
    "read": "The `readers` of the inventory list the bucket and read the reports. Only where there are some.",
    "setup": "Stocktake sets inventory up on the source. Only where the source has a policy, or is the"
    " destination, too: a bucket without a policy allows what the organization allows.",
}
