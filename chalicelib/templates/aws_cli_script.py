"""An inventory as commands of the AWS CLI: one POSIX shell script, to be read before it is run.

In come a target and the endpoint; out comes the script. Names and policies were written by others: what is
not plain ASCII stands in it as its escape, and what is a word of a command is quoted.
"""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.core.export import PolicyTarget, Target
from chalicelib.core.iam import read_policy, statements
from chalicelib.core.inventory import BUCKET_ARN
from chalicelib.templates.hostile import shown

_NAME = 200


def aws_cli_script(target: Target, endpoint_url: str) -> str:
    """The script."""
    inventory, asked = target.inventory, target.inventory.configuration
    files = {"configuration.json": _json(target.configuration)}
    for each in target.policies:
        if each.policy is not None:
            files[f"{each.bucket}.policy.json"] = _policy(each.policy)
        if each.seen is not None:
            files[f"{each.bucket}.seen.json"] = _policy(each.seen)
    text: str = _template().render(
        name=_comment(inventory.name),
        bucket=inventory.bucket,
        destination=asked.destination,
        place=_comment(f"{asked.destination}/{asked.report_prefix}"),
        endpoint=endpoint_url,
        zone=target.zone,
        id=asked.id,
        delimiter=_delimiter("\n".join(files.values())),
        files=files,
        first=[each for each in target.policies if not each.afterwards],
        afterwards=[each for each in target.policies if each.afterwards],
        rights=list(_rights(target)),
        expected=_expected(target),
    )
    return text


def _template() -> Any:
    # It makes no markup: words of commands are quoted by `word`, and comments are made fit before.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["word"] = lambda text: shlex.quote(str(text))
    environment.filters["conditions"] = _conditions
    return environment.get_template("aws_cli_script.sh.j2")


def _conditions(policy: PolicyTarget) -> str:
    """What may be there instead of what was seen: see `check_policy` in the script."""
    return "none-too" if policy.keeps or policy.seen is None else "as-seen"


def _rights(target: Target) -> Iterator[str]:
    """What whoever runs the script needs, in the words of a policy."""
    inventory = target.inventory
    actions = "s3:PutInventoryConfiguration, s3:GetInventoryConfiguration"
    yield f"{actions} on {BUCKET_ARN}{inventory.bucket}"
    if target.zone is not None:
        yield f"s3:CreateBucket on {BUCKET_ARN}{inventory.configuration.destination}, if it does not exist"
    for each in target.policies:
        verb = "Delete" if each.policy is None else "Put"
        yield f"s3:GetBucketPolicy, s3:{verb}BucketPolicy on {BUCKET_ARN}{_comment(each.bucket)}"


def _expected(target: Target) -> str:
    """What `read_back` of the script prints of the configuration that is to be there."""
    asked = target.inventory.configuration
    return "\t".join((asked.id, str(asked.enabled), asked.versions, asked.frequency, asked.format))


def _comment(text: str) -> str:
    return shown(text, _NAME).encode("ascii", "backslashreplace").decode()


def _policy(text: str) -> str:
    """The policy, a statement a line; what is not plain ASCII is escaped, as JSON allows."""
    document = read_policy(text)
    listed = ",\n  ".join(_json(each) for each in statements(document))
    parts = [
        f"{_json(key)}: " + (f"[\n  {listed}\n]" if key == "Statement" else _json(value))
        for key, value in document.items()
    ]
    return "{" + ",\n ".join(parts) + "}"


def _json(value: Any) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")


def _delimiter(text: str) -> str:
    """A word for the here-documents that stands in none of them."""
    word = "END_OF_JSON"
    while word in text:
        word += "_"
    return word
