"""The words of the story: a Slack message as somebody reads it, a request on few lines, a step in a line.

In come values; out comes text of some lines, not indented. Nothing is asked or waited for here.
"""

import html
import json
import re
from typing import Any

_WIDTH = 100
_WORD_JOINER = "\u2060"
"""Invisible; our messages put it where Slack would read a name or a link into a text."""
_LABELLED = re.compile(r"\*(?P<label>[^*\n]+?):?\*\s(?P<rest>.*)", re.DOTALL)


def as_read(blocks: tuple[dict[str, Any], ...]) -> str:
    """The blocks of a Slack message as lines of text, without the header, which is the message's title."""
    lines: list[str] = []
    for block in blocks:
        if block.get("type") == "header":
            continue
        texts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        lines += [_as_read(each) for each in texts if isinstance(each, dict) and "text" in each]
    return "\n".join(lines)


def _as_read(text: dict[str, Any]) -> str:
    """One text object; what Slack makes bold and puts above a value becomes `Label: value`."""
    shown = html.unescape(str(text["text"]))
    if text.get("type") != "mrkdwn":
        return shown
    labelled = _LABELLED.fullmatch(shown)
    if labelled is not None:
        gap = "\n" if labelled["rest"].startswith("```") else " "
        shown = f"{labelled['label']}:{gap}{labelled['rest']}"
    return shown.replace("`", "").replace(_WORD_JOINER, "")


def compact(value: Any, margin: str = "") -> str:
    """JSON in which whatever fits on a line is on one line."""
    flat = json.dumps(value)
    if not isinstance(value, dict) or len(margin) + len(flat) <= _WIDTH:
        return flat
    inner = margin + "  "
    members = [f"{inner}{json.dumps(name)}: {compact(each, inner)}" for name, each in value.items()]
    return "{\n" + ",\n".join(members) + f"\n{margin}}}"


def step_words(step: dict[str, Any]) -> str:
    """One step of a plan: what was done, to which bucket, and why where the record says so."""
    reasons = "; ".join(step.get("reasons", ()))
    return f"- {step['action']} {step['bucket']}" + (f" ({reasons})" if reasons else "")
