"""Pieces of Markdown: tables, code, and text that stays as it is. Pure."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

MADE = "<!-- Made by `make reference` from the code; a change here is lost. -->"


def page(title: str, *parts: str) -> str:
    """A whole page, with its parts set apart by an empty line."""
    return "\n\n".join([f"# {title}", MADE, *(each.strip("\n") for each in parts if each)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar in a cell is written so that it does not end it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(each) for each in line) + " |" for line in lines)


def code(text: str) -> str:
    """A text as it is, within a line."""
    return f"`{text}`" if text else ""


def block(value: Any, language: str = "json") -> str:
    """A value as JSON, or a text as it is, in lines of its own."""
    text = value if isinstance(value, str) else brief_json(value)
    return f"```{language}\n{text.rstrip()}\n```"


def brief_json(value: Any, width: int = 100) -> str:
    """JSON in which what is short stays on one line."""
    return _told(value, "", width)


def anchor(heading: str) -> str:
    """How a page is linked to at this heading, as GitHub makes it of the text."""
    kept = "".join(each for each in heading.lower() if each.isalnum() or each in " -_")
    return "#" + kept.replace(" ", "-")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _told(value: Any, indent: str, width: int) -> str:
    short = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(short) <= width or not isinstance(value, dict | list) or not value:
        return short
    deeper = indent + "  "
    if isinstance(value, dict):
        lines = [f"{json.dumps(name)}: {_told(each, deeper, width)}" for name, each in value.items()]
        begin, end = "{", "}"
    else:
        lines = [_told(each, deeper, width) for each in value]
        begin, end = "[", "]"
    inner = ",\n".join(deeper + each for each in lines)
    return f"{begin}\n{inner}\n{indent}{end}"
