"""When each kind of notice is told, and what to do then."""

from collections.abc import Mapping

from chalicelib.core.notice import Kind

WHEN: Mapping[Kind, str] = {
    "report.landed": "A report is whole: every file that its manifest names is there, with its size and"
    " checksum. With what it lists, where that was summed up in time.",
    "report.incomplete": "Files that the manifest names are missing two hours after it was found"
    " (`STOCKTAKE_PENDING_SECONDS`).",
    "report.corrupt": "What lies there is not what the manifest says, two hours after it was found.",
    "report.overdue": "No report came within its day (or week) and half a day more; the first has two days."
    " With the cause, if one can be seen.",
    "report.recovered": "A report came after it was told as overdue; how late, and how many were missed.",
    "report.threshold": "What a report lists crossed one of the inventory's thresholds, or is within it"
    " again; once each time.",
    "drift.found": "The configuration or a policy differs from what was asked for.",
    "drift.changed": "It still differs, and in another way than was told before.",
    "drift.unknown": "Nobody could look, three times in a row: neither drift nor in sync.",
    "drift.resolved": "It is as asked for again, or can be looked at again.",
    "drift.repaired": "It differed and Stocktake put it back (`on_drift: repair`); stands for found and"
    " resolved.",
    "drift.contested": "It was put back, or that was begun, three times within a day, and changed again. It"
    " is left as it is.",
    "drift.unmanaged": "A configuration that nobody asked Stocktake for appeared on a bucket that it watches;"
    " once for each.",
    "setup.failed": "The platform refused the set-up for good, or it has not come through for 15 minutes.",
    "setup.applied": "A set-up came through after `setup.failed` was told.",
    "channel.disabled": "A channel refuses for good, or did not take a notice in three days. Told to another"
    " channel, once a day.",
    "channel.test": "Somebody tried the channel: `POST /channels/{channel}/test`.",
}
DO: Mapping[Kind, str] = {
    "report.landed": "Read the report. With the *fixed* layout the next run writes over it. A pipeline can"
    " begin with `manifest_uri`.",
    "report.incomplete": "Do not count on the listing. See whether the destination has quota left, and"
    " whether something removes files there. When the rest comes, `report.landed` says so.",
    "report.corrupt": "Do not use the report. See whether anything else writes under the prefix; two"
    " inventories with one destination and prefix overwrite each other. The next run usually brings a good"
    " report.",
    "report.overdue": "Mend the cause that it names. Where none is named, ask `POST …/preflight` for what is"
    " in the way, and look at quota. CoreWeave gives no sign when a run fails.",
    "report.recovered": "Nothing. Whoever needs each listing does without the missed ones.",
    "report.threshold": "Look into the summary by prefix, age and tier. Where the line is no longer the right"
    " one, change `thresholds` by PATCH.",
    "drift.found": "See the plan (`GET …/plan?format=text`). Send the PUT again to put it back, or ask for"
    " what is there now, if that is wanted. An obstacle, such as a new Deny, is mended by its owner first.",
    "drift.changed": "As for `drift.found`, by what differs now.",
    "drift.unknown": "Mend what the reason names: the access key, a policy that refuses, the network. Reports"
    " that came meanwhile are told afterwards.",
    "drift.resolved": "Nothing.",
    "drift.repaired": "Nothing. If the change was wanted, ask for it by PUT, or it is put back again.",
    "drift.contested": "Find the other writer (Terraform, a script, a colleague) and agree on one of both."
    " Then send the PUT again, or ask with `on_drift: notify`.",
    "drift.unmanaged": "Take it under management with `POST …/adopt`, which writes nothing, or delete it if"
    " nobody needs it.",
    "setup.failed": "Mend what the reason names. Where the state is `failed`, send the PUT again; where it is"
    " `pending`, Stocktake goes on by itself.",
    "setup.applied": "Nothing.",
    "channel.disabled": "Correct the channel's address in the secrets document, or mend it where it leads"
    " to; test the channel; then send what was kept (`POST /notices/{id}/redrive`). See"
    " [a channel that is disabled](../how-to/mend-a-channel.md).",
    "channel.test": "Nothing: it arrived.",
}
