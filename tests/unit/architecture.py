"""Reading the house from its imports: which rooms know which, and a few things that no file may do.

In comes the root of a source tree; out come sentences, one for each thing that is not as it should be.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

TREES = ("app.py", "bench", "chalicelib", "local", "deploy", "tests")
LONGEST_FILE = 300

_LEAVES = {"errors", "version"}
_CORE = {"core", *_LEAVES}
_FLOWS = {"flows", "ports", "contents_ports", "log", *_CORE}
_ENTRIES = {"api", "wiring", "settings", *_FLOWS}
_ROOMS = {"adapters", "templates", *_ENTRIES}
ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "version": set(),
    "log": set(),
    "metrics": set(),
    "tracing": set(),
    "setting_checks": set(),
    "settings": {"setting_checks", *_CORE},
    "core": _CORE,
    "ports": {"ports", "contents_ports", *_CORE},
    "contents_ports": _CORE,
    "flows": _FLOWS,
    "adapters": {"adapters", *_CORE},
    "templates": {"templates", *_CORE},
    # the entries ask wiring for the services, never the other way
    "configured_channels": {"ports", "contents_ports", "adapters", "templates", "settings", *_CORE},
    "contents_services": {"adapters", "settings", *_FLOWS} - {"log"},
    "wiring": {"metrics", "tracing", "configured_channels", "contents_services", *_ROOMS} - {"api"},
    "api": _ENTRIES,
    "app": _ENTRIES,
    "__main__": _ENTRIES,
    "local.platform": {"local.platform"},  # an independent judge shares nothing with whom it judges
    "local.inbox": {"local.inbox"},
    # it runs the package from outside, as Lambda does, and reads reports
    "bench": {"bench", "deploy", "adapters", *_CORE},
    # it checks settings and secrets as the application does
    "deploy": {"deploy", "adapters", "settings", *_CORE},
    # it describes all of it, and what a deployment takes
    "local.reference": {"local.reference", "app", "deploy", *_ROOMS},
    "local": {"local", "local.platform", "local.inbox", "app", "__main__", *_ROOMS},
}
"""From each room the rooms that it may import. `tests` may import everything."""

NOT_IN_CORE = {
    "asyncio", "boto3", "botocore", "chalice", "glob", "http", "io", "locale", "logging", "os",
    "pathlib", "platform", "random", "requests", "secrets", "shelve", "shutil", "signal", "slack_sdk",
    "smtplib", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time",
    "urllib", "uuid",
}  # fmt: skip
"""Modules that do I/O or know the time; what they know is handed to the core as an argument."""

_CLOCKS = {"now", "utcnow", "today"}
_DOING = {"open", "print", "input", "exec", "eval", "__import__"}


def problems(root: Path) -> list[str]:
    """Everything that is wrong in the tree, file by file."""
    found: list[str] = []
    for path in files(root):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        module = module_of(name)
        said = [*_wrong_arrows(module, tree), *_patching(tree)]
        if room_of(module) == "core":
            said += _impure(tree)
        if len(text.splitlines()) > LONGEST_FILE:
            said.append(f"has {len(text.splitlines())} lines")
        found += [f"{name} {each}" for each in said]
    return found


def files(root: Path) -> list[Path]:
    """The Python files of the tree, in order."""
    found = [each for tree in TREES for each in [root / tree, *(root / tree).rglob("*.py")]]
    return sorted(each for each in found if each.is_file())


def module_of(name: str) -> str:
    """The dotted name of a file; a package keeps its `__init__`, so that relative imports resolve."""
    return name.removesuffix(".py").replace("/", ".")


def room_of(module: str) -> str | None:
    """The room that a module is in, None where it is none of ours."""
    first, *rest = module.split(".")
    if first in ("app", "bench", "deploy", "tests"):
        return first
    if first == "local":
        return f"local.{rest[0]}" if rest and rest[0] in ("platform", "inbox", "reference") else "local"
    if first == "chalicelib" and rest and rest[0] != "__init__":
        return rest[0]
    return None


def imported(module: str, tree: ast.Module) -> Iterator[str]:
    """The dotted names of all that a module imports, wherever in it the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*package, *([node.module] if node.module else [])])
            if base in ("chalicelib", "local"):  # the room itself stands among the names
                yield from (f"{base}.{each.name}" for each in node.names)
            else:
                yield base


def _wrong_arrows(module: str, tree: ast.Module) -> Iterator[str]:
    room = room_of(module)
    if room == "tests":
        return
    for name in imported(module, tree):
        there = room_of(name)
        if there is not None and there not in ARROWS.get(room or "", set()):
            yield f"imports {name}"


def _impure(tree: ast.Module) -> Iterator[str]:
    for name in imported("chalicelib.core.x", tree):
        if name.split(".")[0] in NOT_IN_CORE and name != "urllib.parse":  # which only writes addresses
            yield f"imports {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _CLOCKS:
            yield f"asks for the time with {node.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _DOING:
            yield f"calls {node.func.id}"


def _patching(tree: ast.Module) -> Iterator[str]:
    for name in imported("x", tree):
        if name.split(".")[0] == "mock" or name.startswith("unittest.mock") or name == "pytest_mock":
            yield f"imports {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "unittest":
            yield from ("imports unittest.mock" for each in node.names if each.name == "mock")
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in PATCHES
        ):
            yield f"uses {node.value.id}.{node.attr}"


PATCHES = {
    ("mock", "patch"),
    ("mocker", "patch"),
    ("monkeypatch", "setattr"),
    ("monkeypatch", "delattr"),
    ("monkeypatch", "setitem"),
}
"""Code is not replaced in tests: fakes go through the constructor."""
