"""The zip that is deployed: everything is in it, small, compiled, and enough to work with."""

import json
import re
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path

from deploy.contents import problems
from deploy.package import MOST_UNPACKED, MOST_ZIPPED, ROOT, Package
from deploy.pruning import SERVICES

UNCHECKED = b"\x01\x00\x00\x00"
"""The flags of bytecode that is never checked against its source (PEP 552)."""


def test_everything_that_is_required_is_in_it(package: Package, code: Path) -> None:
    requirements = (ROOT / "requirements.txt").read_text("utf-8")
    # what pruning took is in the lists of its distributions still
    wrong = [each for each in problems(requirements, code, package.python) if "lacks" not in each]
    assert wrong == []


def test_nothing_of_the_project_is_in_it_but_the_application(code: Path) -> None:
    names = {each.name for each in code.iterdir()}
    assert {"app.py", "chalicelib"} <= names
    assert not names & {"deploy", "local", "tests", "bench", "docs", "Makefile", ".chalice"}


def test_the_whole_application_is_in_it(code: Path) -> None:
    def files(root: Path) -> set[str]:
        found = (each.relative_to(root).as_posix() for each in (root / "chalicelib").rglob("*.*"))
        return {each for each in found if "__pycache__" not in each}

    assert files(code) == files(ROOT)


def test_it_is_as_small_as_it_should_be(package: Package) -> None:
    assert package.zipped <= MOST_ZIPPED
    assert package.unpacked <= MOST_UNPACKED


def test_each_module_has_bytecode_that_is_not_checked_again(code: Path) -> None:
    sources = list(code.rglob("*.py"))
    assert len(sources) > 500
    flags = {Path(cache_from_source(str(each))).read_bytes()[4:8] for each in sources}
    assert flags == {UNCHECKED}


def test_bytecode_does_not_tell_where_it_was_made(code: Path) -> None:
    content = Path(cache_from_source(str(code / "app.py"))).read_bytes()
    assert b"/var/task/app.py" in content
    assert b"/tmp" not in content


def test_every_client_can_be_made_of_what_is_left(code: Path) -> None:
    named = re.compile(r'aws(?:_client)?(?:\(|,)\s*"(\w+)"|create_client\(\s*"(\w+)"')
    texts = [each.read_text("utf-8") for each in (ROOT / "chalicelib").rglob("*.py")]
    used = {match[1] or match[2] for text in texts for match in named.finditer(text)}
    assert {"dynamodb", "events", "s3", "secretsmanager", "sesv2", "sns"} <= used
    assert used <= set(SERVICES)
    script = f"""
import json, sys
sys.path[:] = [{str(code)!r}, *(each for each in sys.path if "site-packages" not in each)]
import botocore.session
session = botocore.session.get_session()
found = {{}}
for service in {sorted(used)!r}:
    client = session.create_client(service, "eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
    found[service] = client.meta.endpoint_url
print(json.dumps([botocore.__file__, found]))
"""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, env={}, check=True
    )
    where, endpoints = json.loads(ran.stdout)
    assert where.startswith(str(code))
    assert set(endpoints) == used
