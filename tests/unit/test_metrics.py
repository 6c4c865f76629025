"""The line that CloudWatch makes metrics of, in its embedded metric format."""

import json

import pytest

from chalicelib.metrics import write_metrics


def test_what_was_measured_is_one_line_with_units(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "stocktake-prod")
    write_metrics({"SweepDuration": 12.5, "OutboxAge": 0, "ReportsLanded": 3}, "tick-1")
    (line,) = capsys.readouterr().out.splitlines()
    written = json.loads(line)
    (directive,) = written["_aws"]["CloudWatchMetrics"]
    assert directive == {
        "Namespace": "Stocktake",
        "Dimensions": [["service"]],
        "Metrics": [
            {"Name": "SweepDuration", "Unit": "Milliseconds"},
            {"Name": "OutboxAge", "Unit": "Seconds"},
            {"Name": "ReportsLanded", "Unit": "Count"},
        ],
    }
    assert written["service"] == "stocktake-prod"
    assert (written["SweepDuration"], written["OutboxAge"], written["ReportsLanded"]) == ([12.5], [0], [3])
    assert written["correlation_id"] == "tick-1"


def test_two_turns_do_not_mix(capsys: pytest.CaptureFixture[str]) -> None:
    write_metrics({"NoticesSent": 1}, "tick-1")
    write_metrics({"NoticesRetried": 1}, "tick-2")
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert "NoticesSent" not in second
    assert (first["correlation_id"], second["correlation_id"]) == ("tick-1", "tick-2")


def test_nothing_measured_is_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    write_metrics({}, "tick-1")
    assert capsys.readouterr().out == ""
