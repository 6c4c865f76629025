"""Names and texts as somebody would write them who wants a page to do what it should not.

Each would show a dialog, or leave an element with the attribute `data-planted`, if a page took it as markup.
"""

import re
from dataclasses import replace
from datetime import datetime

from chalicelib.core.difference import Difference
from chalicelib.core.unmanaged import Configured, Unmanaged
from tests.browser.situations import Situation, in_order

SCRIPT = "<script>alert(1)</script>"
TEXTS = (
    SCRIPT,
    '"><img src=x onerror=alert(2) data-planted>',
    "' autofocus onfocus=alert(3) data-planted='",
    "</style><b data-planted>bold</b>",
    "javascript:alert(4)",
    "{{ 7919 * 7919 }}{% raw %}",
    "&lt;b&gt; &amp;",
    "gnp.\u202egpj.exe\u202c",
    "half \ud800 a pair \udfff",
    "\x00\x1b[31m\u200b\u2028\ufeff",
    "w" * 600,
)
EVERY = " ".join(TEXTS)
_NO_NAME = re.compile("[/\ud800-\udfff]")
"""A slash would be another address, and no store takes halves of pairs in a name."""


def hostile(now: datetime, text: str) -> Situation:
    """An inventory that is all right, but for the text in every place that takes one."""
    base = in_order(now, 3)
    name = _NO_NAME.sub("-", text)
    bucket, id, channel = f"bucket {name}", f"id {name}", f"channel {name}"
    configuration = replace(
        base.record.inventory.configuration,
        id=id,
        destination=bucket,
        report_prefix=f"prefix {text}/",
        filter_prefix=f"filter {text}",
    )
    wanted = replace(
        base.record.inventory,
        bucket=bucket,
        configuration=configuration,
        notify=(channel,),
        readers=(f"arn:aws:iam::{text}",),
    )
    drift = replace(
        base.record.drift,
        status="changed",
        differences=(
            Difference(f"/path/{text}", {"wanted": text}, text),
            Difference(f"/buckets/{bucket}/policy/{text}", {"Sid": text}, None),
        ),
        warnings=(f"warning {text}",),
        obstacles=(f"obstacle {text}",),
        since=now,
    )
    record = replace(
        base.record,
        inventory=wanted,
        reason=f"reason {text}",
        drift=drift,
        unmanaged=Unmanaged((Configured(f"unmanaged {text}", bucket, text),), known=("x",)),
    )
    return replace(
        base,
        record=record,
        reports=[
            replace(
                each,
                id=each.id,
                manifest=replace(each.manifest, bucket=bucket, key=f"key {text}"),
                schema=f"schema {text}",
                outcome="corrupt",
                problems=(f"problem {text}",),
            )
            for each in base.reports
        ],
        contents=[],
        notices=[
            replace(
                each,
                bucket=bucket,
                inventory_id=id,
                channel=channel,
                last_error=f"error {text}",
                facts={name: text if isinstance(value, str) else value for name, value in each.facts.items()},
            )
            for each in base.notices
        ],
        history=[
            replace(each, bucket=bucket, text=f'{{"Sid": "{text}"}}', reasons=(f"because {text}",))
            for each in base.history
        ],
    )
