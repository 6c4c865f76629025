"""What the reference says of a setting beyond what the table of settings in the code says, by its name."""

from collections.abc import Mapping

SETTINGS: Mapping[str, str] = {
    "STOCKTAKE_STORE": "`dynamodb:` on AWS, where the stage names the table. One process at a time may write"
    " an SQLite file from another machine; put it on a local disk.",
    "STOCKTAKE_SECRETS": "`secretsmanager:` on AWS, where the stage names the secret.",
    "STOCKTAKE_ENDPOINT_URL": "`http://cwlota.com` inside a CoreWeave cluster.",
    "STOCKTAKE_ADDRESSING": "CoreWeave takes `virtual` alone; `path` is for stand-ins.",
    "STOCKTAKE_ORG_ID": "It stands in the statement that keeps the access of your organization.",
    "STOCKTAKE_PRINCIPAL": "It stands in the statements by which Stocktake reads reports.",
    "STOCKTAKE_MAIL": "With `smtp` STARTTLS is used where the server offers it. `ses` is for AWS. A server"
    " that asks for a login finds it in the secrets document.",
    "STOCKTAKE_MAIL_FROM": "Required where `STOCKTAKE_MAIL` is set. SES must know it.",
    "STOCKTAKE_SLACK_HOSTS": "Plain http is taken for loopback hosts alone.",
    "STOCKTAKE_WEBHOOK_HOSTS": "Hosts inside your network. Plain http is taken for loopback hosts alone.",
    "STOCKTAKE_URL": "Such as `https://HOST`, with the path before the pages. Not set, it is on AWS the"
    " address of the API, and with `make serve` and `make run` where they listen.",
    "STOCKTAKE_SWEEP_SECONDS": "Of one inventory. A schedule fires once a minute on AWS.",
    "STOCKTAKE_DRIFT_SECONDS": "Of one inventory.",
    "STOCKTAKE_PENDING_SECONDS": "Longer where your reports take hours to be written.",
    "STOCKTAKE_DAY_SECONDS": "For demonstrations: periods, grace and first reports are counted in it.",
    "STOCKTAKE_REMIND_SECONDS": "Overdue, incomplete, corrupt, drift, and looks that fail.",
    "STOCKTAKE_DIGEST_OVER": "For Slack and mail. Machines get each event by itself.",
    "STOCKTAKE_KEEP_DAYS": "The history of what was replaced is kept for ever.",
    "STOCKTAKE_TASKS": "`sqs:` on AWS, set by the stack. `off`: reports are told without what they say. The"
    " file is one of its own, beside that of the store.",
    "STOCKTAKE_SUMMARY_WAIT_SECONDS": "After that the notice goes out without figures.",
    "STOCKTAKE_PREFIX_DEPTH": "`2` counts `a/b/` of `a/b/c/d`.",
    "STOCKTAKE_TASK_BYTES": "Of larger reports several workers read a part each.",
    "STOCKTAKE_PRICES": "The currency, the date of the list, and the price of each tier: `hot`, `warm`,"
    " `cold`, or a storage class. A tier without a price is named as not in the cost.",
    "STOCKTAKE_METRICS": "`emf` is for CloudWatch. A deployment has `emf` unless told otherwise; `off` takes"
    " the alarms that need metrics with it.",
    "STOCKTAKE_TRACING": "Each request and each tick is a trace.",
}
