"""Looking into a package: what is missing, what is wrong, and what may go."""

import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.archive import pack, unpack
from deploy.bytecode import compile_all
from deploy.contents import pins, problems
from deploy.errors import DeployError
from deploy.layer import Layer
from deploy.package import MOST_UNPACKED, MOST_WITH_LAYER, MOST_ZIPPED, Package, build, check_size
from deploy.pruning import prune, unused
from deploy.running import Ran, run

REQUIREMENTS = "# what is deployed\nTyping_Extensions==4.16.0\nmarkupsafe==3.0.4  # for jinja2\n"
PYTHON = (3, 13)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package with two dependencies that has nothing wrong with it."""
    files = {
        "app.py": "",
        "chalicelib/__init__.py": "",
        "chalice/app.py": "",
        "typing_extensions.py": "",
        "typing_extensions-4.16.0.dist-info/METADATA": "",
        "typing_extensions-4.16.0.dist-info/RECORD": "typing_extensions.py,sha256=x,1\n"
        "typing_extensions-4.16.0.dist-info/METADATA,,\n../../bin/tool,,\n__pycache__/x.cpython-313.pyc,,\n",
        "markupsafe/_speedups.cpython-313-x86_64-linux-gnu.so": "",
        "markupsafe-3.0.4.dist-info/METADATA": "",
        "markupsafe-3.0.4.dist-info/RECORD": '"markupsafe/_speedups.cpython-313-x86_64-linux-gnu.so",,\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_pins_are_read_by_normalised_name() -> None:
    assert pins(REQUIREMENTS) == {"typing-extensions": "4.16.0", "markupsafe": "3.0.4"}


def test_a_whole_package_has_no_problems(folder: Path) -> None:
    assert problems(REQUIREMENTS, folder, PYTHON) == []


def without(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def renamed(name: str, other: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).rename(folder / other)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without("markupsafe-3.0.4.dist-info/METADATA"), "markupsafe 3.0.4 is missing"),
        (
            renamed("markupsafe-3.0.4.dist-info", "markupsafe-3.0.3.dist-info"),
            "markupsafe is 3.0.3 where requirements.txt says 3.0.4",
        ),
        (
            without("typing_extensions.py"),
            "typing-extensions lacks 1 of its files, typing_extensions.py among",
        ),
        (without("app.py"), "app.py is missing"),
        (without("chalice/app.py"), "chalice/app.py is missing"),
    ],
)
def test_what_is_missing_is_said(folder: Path, spoil: Callable[[Path], object], words: str) -> None:
    spoil(folder)
    (problem,) = problems(REQUIREMENTS, folder, PYTHON)
    assert problem.startswith(words)


def test_what_nobody_asked_for_is_said(folder: Path) -> None:
    (problem,) = problems("typing-extensions==4.16.0", folder, PYTHON)
    assert problem == "markupsafe 3.0.4 is there and not in requirements.txt"


@pytest.mark.parametrize(("python", "machine"), [((3, 12), "x86_64"), ((3, 13), "aarch64")])
def test_modules_for_another_python_or_machine_are_said(
    folder: Path, python: tuple[int, int], machine: str
) -> None:
    (problem,) = problems(REQUIREMENTS, folder, python, machine)
    assert problem.endswith("is for another Python or machine")


@pytest.mark.parametrize(
    "name",
    [
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
        "botocore/data/s3control/2018-08-20/service-2.json.gz",
        "botocore/data/s3/2006-03-01/examples-1.json",
        "boto3/data/s3/2006-03-01/resources-1.json",
        "boto3/examples/s3.rst",
        "jmespath-1.1.0.data/scripts/jp.py",
        "slack_sdk/__pycache__/x.cpython-313.pyc",
        "six/tests/test_six.py",
        "aws_xray_sdk/x/test/x.py",
        "wrapt-stubs/__init__.pyi",
    ],
)
def test_what_is_never_used_goes(name: str) -> None:
    assert unused(name)


@pytest.mark.parametrize(
    "name",
    [
        "app.py",
        "botocore/data/s3/2006-03-01/service-2.json.gz",
        "botocore/data/s3/2006-03-01/endpoint-rule-set-1.json.gz",
        "botocore/data/endpoints.json",
        "botocore/data/partitions.json",
        "botocore/data/sdk-default-configuration.json",
        "botocore/data/_retry.json",
        "botocore/cacert.pem",
        "boto3/session.py",
        "chalicelib/templates/mail.html.j2",
        "pydantic/_internal/_testing.py",
        "requests_test.py",
        "six-1.17.0.dist-info/METADATA",
        "aws_xray_sdk/ext/resources/aws_para_whitelist.json",
    ],
)
def test_what_may_be_used_stays(name: str) -> None:
    assert not unused(name)


def test_pruning_leaves_no_empty_folders(tmp_path: Path) -> None:
    for name in ("boto3/data/s3/x.json", "boto3/session.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    prune(tmp_path)
    assert [each.name for each in sorted(tmp_path.rglob("*"))] == ["boto3", "session.py"]


def test_the_same_files_give_the_same_bytes(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("zips")
    pack(folder, out / "1.zip")
    unpack(out / "1.zip", out / "again")
    for each in (out / "again").rglob("*"):
        os.utime(each, (time.time() - 9999, time.time() - 9999))
        each.chmod(0o700)
    pack(out / "again", out / "2.zip")
    assert (out / "1.zip").read_bytes() == (out / "2.zip").read_bytes()


def test_everybody_may_read_what_was_packed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / "app.py").chmod(0o600)
    archive = tmp_path_factory.mktemp("zips") / "x.zip"
    pack(folder, archive)
    with zipfile.ZipFile(archive) as packed:
        assert {each.external_attr >> 16 for each in packed.infolist()} == {0o644}


def test_code_that_is_no_code_is_not_packed(folder: Path) -> None:
    (folder / "app.py").write_text("def", encoding="utf-8")
    with pytest.raises(DeployError, match=r"app\.py"):
        compile_all(folder, run)


def test_a_package_that_chalice_could_not_make_is_told(tmp_path: Path) -> None:
    def failing(*_: object, **__: object) -> Ran:
        return Ran(1, "", "ImportError: app")

    with pytest.raises(DeployError, match="ImportError: app"):
        build(tmp_path, failing)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("python", [(3, 10), (3, 15)])
def test_nothing_is_packaged_for_a_python_that_lambda_has_not(
    tmp_path: Path, python: tuple[int, int]
) -> None:
    def never(*_: object, **__: object) -> Ran:
        raise AssertionError("nothing is to be run")

    with pytest.raises(DeployError, match=r"Package with one of 3\.11"):
        build(tmp_path, never, python)


@pytest.mark.parametrize(("zipped", "unpacked"), [(MOST_ZIPPED + 1, 1), (1, MOST_UNPACKED + 1)])
def test_a_package_that_has_outgrown_its_bounds_is_refused(zipped: int, unpacked: int) -> None:
    def sized(zipped: int, unpacked: int, layer: int = 1) -> Package:
        return Package(Path("t"), Path("z"), PYTHON, zipped, unpacked, 1, Layer(Path("l"), 1, layer, 1))

    check_size(sized(MOST_ZIPPED, MOST_UNPACKED))
    with pytest.raises(DeployError, match="is the most"):
        check_size(sized(zipped, unpacked))
    with pytest.raises(DeployError, match="with its layer"):
        check_size(sized(1, 1, MOST_WITH_LAYER))
