"""The pictures of the README: they show a notice like any other, and who has no browser is told so."""

from pathlib import Path
from typing import get_args

import pytest

from chalicelib.core.kinds import Kind
from chalicelib.templates.words import words
from local.pictures import main, pages
from local.sample_notices import samples


def test_the_notice_in_the_pictures_has_all_its_figures() -> None:
    said = words(samples()["landed"])
    assert said.title.endswith(" · 412.6 TiB (+2.1%)")
    assert said.figure == "412.6 TiB in 48,112,903 objects"
    assert [len(each.rows) for each in said.headline.tables] == [1, 3, 3]
    assert {"Cost a month", "Since 2026-02-28"} <= {each.label for each in said.headline.lines}


def test_without_a_browser_nothing_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main([str(tmp_path / "pictures")]) == 2
    assert list(tmp_path.iterdir()) == []
    assert "chromium" in capsys.readouterr().err


def test_every_kind_of_notice_can_be_drawn_in_slack_and_as_mail() -> None:
    assert {each.kind for each in samples().values()} == set(get_args(Kind))
    for channel in ("slack", "mail"):
        drawn = pages(channel)
        assert drawn.keys() == {*samples(), "digest"}
        assert all("https://stocktake.example.com/api/" in page for page in drawn.values())


def test_the_pictures_of_the_readme_are_small() -> None:
    folder = Path(__file__).parents[2] / "docs" / "pictures"
    assert {each.name: each.stat().st_size for each in folder.iterdir() if each.stat().st_size > 60_000} == {}
