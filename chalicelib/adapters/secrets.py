"""The secrets document: JSON, in a file or elsewhere, checked, as frozen values.

In comes text; out goes a `SecretsDocument`, or `Misconfigured` that names each bad field by its path (a
JSON Pointer) and says what would be right. What stands in the document never gets into a message: neither
pydantic's sentences are used, which repeat the input, nor is its exception kept in the chain.
"""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chalicelib.adapters.secrets_channels import USUAL_HOSTS, Hosts
from chalicelib.adapters.secrets_document import Document
from chalicelib.core.access import SecretsDocument
from chalicelib.errors import Misconfigured

MAX_PROBLEMS = 20

WHAT_TO_CREATE = (
    'Create it as JSON: {"caios": {"access_key_id": "...", "secret_access_key": "..."},'
    ' "tokens": [{"name": "...", "sha256": "...", "scope": "read" or "write"}],'
    ' "channels": {"NAME": {"kind": "slack", "url": "..."} or {"kind": "email", "to": ["..."]}}}'
)

_WORDS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not known",
    "string_type": "must be text",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "literal_error": "must be {expected}",
    "union_tag_invalid": "must be of a kind that is known: {expected_tags}",
    "union_tag_not_found": "must have a kind: 'slack', 'email', 'webhook', 'sns' or 'eventbridge'",
    "json_invalid": "is not JSON: {error}",
}
"""By pydantic's kinds of error. The places are filled from its context, by what is no part of the input."""


class FileSecrets:
    """The port `Secrets` over a file, read again when it has changed. Thread-safe."""

    def __init__(self, path: str | Path, hosts: Hosts = USUAL_HOSTS) -> None:
        self._path = Path(path)
        self._hosts = hosts
        self._lock = threading.Lock()
        self._state: tuple[int, int, int] | None = None
        self._document: SecretsDocument | None = None

    def read(self, *, fresh: bool = False) -> SecretsDocument:
        """The document as it is now, whether `fresh` or not.

        Raises `Misconfigured`; a good file heals that at once.
        """
        with self._lock:
            try:
                with self._path.open("rb") as file:
                    about = os.fstat(file.fileno())
                    state = (about.st_mtime_ns, about.st_size, about.st_ino)
                    if self._document is not None and state == self._state:
                        return self._document
                    content = file.read()
            except FileNotFoundError as exc:
                message = f"There is no secrets document at {self._path}. {WHAT_TO_CREATE}"
                raise Misconfigured(message) from exc
            except OSError as exc:
                message = f"The secrets document at {self._path} cannot be read: {exc.strerror}"
                raise Misconfigured(message) from exc
            # Unreadable bytes become marks that JSON has no use for, or that no field takes.
            text = content.decode("utf-8-sig", "replace")
            self._document = parse_secrets(text, self._hosts, f" at {self._path}")
            self._state = state
            return self._document


def parse_secrets(text: str, hosts: Hosts, place: str = "") -> SecretsDocument:
    """The document in this text. `place` says in messages where the text is. Raises `Misconfigured`."""
    problems: list[str]
    try:
        return Document.model_validate_json(text, context=hosts).value()
    except ValidationError as exc:
        problems = [_problem(each) for each in exc.errors(include_url=False, include_input=False)]
    # Outside the except clause, so that pydantic's exception, which has the input, is not in the context.
    more = f"; and {len(problems) - MAX_PROBLEMS} more" if len(problems) > MAX_PROBLEMS else ""
    words = "; ".join(problems[:MAX_PROBLEMS])
    raise Misconfigured(f"The secrets document{place} will not do: {words}{more}")


def _problem(error: Any) -> str:
    """One of pydantic's errors in our words."""
    kind, context = error["type"], error.get("ctx", {})
    # The tag of the union is no part of the document's path: channels/NAME/slack/url.
    location = [ascii(each)[1:-1] if isinstance(each, str) else str(each) for each in error["loc"]]
    if location[:1] == ["channels"] and len(location) > 3:
        del location[2]
    path = "".join("/" + each.replace("~", "~0").replace("/", "~1")[:100] for each in location)
    if kind == "value_error":
        words = str(context["error"])
    elif kind.startswith(("datetime", "timezone")):
        words = "must be a time with its zone, such as 2026-01-31T12:00:00Z"
    else:
        words = _WORDS.get(kind, "will not do").format_map(context)
    return f"{path or 'it'}: {words}" if path else f"it {words}"
