"""Terraform files read back by python-hcl2, with every string as the text that it stands for."""

import re
from typing import Any

import hcl2

_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))|(\$\$|%%)(?=\{)", re.DOTALL)
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_CALL = re.compile(r"\$\{jsonencode\((.*)\)\}", re.DOTALL)
_TEMPLATE = re.compile(r"(?<![$])\$\{|(?<![%])%\{")


def parsed(text: str) -> dict[str, Any]:
    """The blocks of a file, by name."""
    found: dict[str, Any] = _plain(hcl2.loads(text))
    return found


def resources(text: str) -> dict[str, dict[str, Any]]:
    """The resources of a file by their addresses, `type.label`."""
    return {
        f"{kind}.{label}": attributes
        for block in parsed(text)["resource"]
        for kind, labelled in block.items()
        for label, attributes in labelled.items()
    }


def imports(text: str) -> dict[str, str]:
    """The id that is imported to each address."""
    return {each["to"].strip("${}"): each["id"] for each in parsed(text).get("import", ())}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items() if key not in _ABOUT}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, str):
        return value
    if value.startswith('"'):
        inner = value[1:-1]
        assert not _TEMPLATE.search(inner.replace("$${", "").replace("%%{", "")), inner
        return _ESCAPE.sub(_sign, inner)
    call = _CALL.fullmatch(value)
    return _plain(hcl2.loads(f"x = {call[1]}\n"))["x"] if call else value


_ABOUT = ("__is_block__", "__comments__", "__inline_comments__")


def _sign(found: re.Match[str]) -> str:
    if found[4]:
        return found[4][0]
    if found[3]:
        return _SIGNS[found[3]]
    return chr(int(found[1] or found[2], 16))
