"""The page at `/_standin/`: what the stand-in holds, for people. Everything on it is hostile input, hence
escaped.
"""

import json
from collections.abc import Iterable
from html import escape
from typing import Any

ROWS_SHOWN = 200
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}"
    "td,th{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #ddd;vertical-align:top;"
    "overflow-wrap:anywhere}td:nth-child(2),td:nth-child(3),th{white-space:nowrap}"
    "pre{background:#f6f6f6;padding:.75rem;overflow:auto}h2{margin-top:2rem}"
)


def page(state: dict[str, Any]) -> str:
    """The state, as `Control.state` gives it, as HTML."""
    buckets = "".join(_bucket(bucket) for bucket in state["buckets"]) or "<p>No buckets yet.</p>"
    runs = _table(
        ("At", "Bucket", "Inventory", "Outcome", "Manifest", "Why"),
        (
            (run["at"], run["bucket"], run["id"], run["outcome"], run["manifest_key"], run["why"])
            for run in reversed(state["runs"])
        ),
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Platform stand-in</title>'
        f"<style>{STYLE}</style><h1>Platform stand-in</h1><p>What it holds at {escape(state['now'])}.</p>"
        f"{buckets}<h2>Inventory runs, newest first</h2>{runs}</html>"
    )


def _bucket(bucket: dict[str, Any]) -> str:
    policy = (
        "<p>None.</p>" if bucket["policy"] is None else f"<pre>{escape(_indented(bucket['policy']))}</pre>"
    )
    configurations = "".join(map(_document, bucket["configurations"])) or "<p>None.</p>"
    objects = _table(
        ("Key", "Bytes", "Last modified"),
        ((found["key"], found["size"], str(found["last_modified"])[:19]) for found in bucket["objects"]),
    )
    return (
        f"<h2>{escape(bucket['name'])}</h2>"
        f"<p>{escape(bucket['zone'])}, created {escape(str(bucket['created'])[:19])}</p>"
        f"<h3>Policy</h3>{policy}<h3>Inventory configurations</h3>{configurations}<h3>Objects</h3>{objects}"
    )


def _indented(policy: str) -> str:
    return json.dumps(json.loads(policy), indent=2, ensure_ascii=False)  # what was taken is JSON


def _document(document: dict[str, Any]) -> str:
    return f"<pre>{escape(json.dumps(document, indent=2))}</pre>"


def _table(names: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    listed = list(rows)
    if not listed:
        return "<p>None.</p>"
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(value))}</td>' for value in row)}</tr>"
        for row in listed[:ROWS_SHOWN]
    )
    more = f"<p>and {len(listed) - ROWS_SHOWN} more</p>" if len(listed) > ROWS_SHOWN else ""
    return f"<table><tr>{head}</tr>{body}</table>{more}"
