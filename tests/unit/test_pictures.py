"""The pictures of the README: they show a notice like any other, and who has no browser is told so."""

from pathlib import Path

import pytest

from chalicelib.templates.words import words
from local.pictures import landed, main


def test_the_notice_in_the_pictures_has_all_its_figures() -> None:
    said = words(landed())
    assert said.title.endswith(" · 412.6 TiB (+2.1%)")
    assert [len(each.rows) for each in said.headline.tables] == [1, 3, 3]
    assert {"Stored", "Cost a month", "Since 2026-02-28"} <= {each.label for each in said.headline.lines}


def test_without_a_browser_nothing_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main([str(tmp_path / "pictures")]) == 2
    assert list(tmp_path.iterdir()) == []
    assert "chromium" in capsys.readouterr().err
