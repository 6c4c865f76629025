"""The same source is packaged once, and any other anew."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from deploy.chalice_package import TEMPLATE, ZIP
from deploy.kept import made_or_taken

FILES = (
    "app.py",
    "chalicelib/core/plan.py",
    "requirements.txt",
    "requirements-dev.txt",
    ".chalice/config.json",
    "deploy/pruning.py",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project."""
    root = tmp_path / "project"
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("1")
    return root


@pytest.fixture
def packaged(root: Path, tmp_path: Path) -> Callable[[], str]:
    """Packages the project; which making it is of, the first, the second and so on."""
    numbers = count(1)

    def make(folder: Path) -> None:
        number = str(next(numbers))
        for name in (TEMPLATE, ZIP):
            (folder / name).write_text(number)

    def packaged() -> str:
        folder = tmp_path / "out"
        folder.mkdir(exist_ok=True)
        made_or_taken(folder, tmp_path / "kept", root, make)
        found = {(folder / name).read_text() for name in (TEMPLATE, ZIP)}
        assert len(found) == 1
        return found.pop()

    return packaged


def test_the_same_source_is_packaged_once(packaged: Callable[[], str]) -> None:
    assert [packaged(), packaged()] == ["1", "1"]


@pytest.mark.parametrize("name", [*FILES, "chalicelib/new.py"])
def test_any_other_is_packaged_anew_and_the_one_before_is_known_still(
    packaged: Callable[[], str], root: Path, name: str
) -> None:
    found = [packaged()]
    before = (root / name).read_text() if (root / name).exists() else None
    (root / name).write_text("2")
    found += [packaged(), packaged()]
    if before is None:
        (root / name).unlink()
    else:
        (root / name).write_text(before)
    assert [*found, packaged()] == ["1", "2", "2", "1"]


def test_a_file_that_moved_makes_another(packaged: Callable[[], str], root: Path) -> None:
    first = packaged()
    (root / "chalicelib/core/plan.py").rename(root / "chalicelib/plan.py")
    assert (first, packaged()) == ("1", "2")


@pytest.mark.parametrize(
    "name", ["README.md", "tests/test_a.py", "chalicelib/core/__pycache__/plan.pyc", ".chalice/deployed/x"]
)
def test_what_does_not_belong_into_it_changes_nothing(
    packaged: Callable[[], str], root: Path, name: str
) -> None:
    first = packaged()
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("2")
    assert (first, packaged()) == ("1", "1")


def test_another_region_is_packaged_for_itself(
    packaged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    first = packaged()
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert (first, packaged()) == ("1", "2")


def test_what_could_not_be_made_is_not_kept(packaged: Callable[[], str], root: Path, tmp_path: Path) -> None:
    def failing(folder: Path) -> None:
        (folder / TEMPLATE).write_text("half")
        raise OSError

    (tmp_path / "out").mkdir()
    with pytest.raises(OSError):  # noqa: PT011
        made_or_taken(tmp_path / "out", tmp_path / "kept", root, failing)
    assert packaged() == "1"


def test_source_that_changed_meanwhile_is_not_kept(
    packaged: Callable[[], str], root: Path, tmp_path: Path
) -> None:
    def changing(folder: Path) -> None:
        for name in (TEMPLATE, ZIP):
            (folder / name).write_text("which?")
        (root / "app.py").write_text("2")

    (tmp_path / "out").mkdir()
    made_or_taken(tmp_path / "out", tmp_path / "kept", root, changing)
    (root / "app.py").write_text("1")
    assert packaged() == "1"


def test_few_are_kept(packaged: Callable[[], str], root: Path, tmp_path: Path) -> None:
    for number in range(6):
        (root / "app.py").write_text(str(number))
        packaged()
    names = sorted(each.suffix for each in (tmp_path / "kept").iterdir())
    assert names == [".json"] * 3 + [".zip"] * 3
