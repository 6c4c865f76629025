"""`kill -9` at any moment of the story, and a start afterwards: every complete report is told, and once."""

import time
from collections import Counter
from pathlib import Path

from local.application import Application
from local.story import ADDRESS, Story
from local.world import Addresses, World
from tests.e2e.running import Run, ask, free_offset, messages

MOMENTS = (
    "1. A team",
    "2. Somebody",
    "Answer",
    "4. The platform",
    "In Slack",
    "5. Somebody",
    "6. The same",
    "8. Stocktake",
    "9. From",
)
CHANNELS = ("slack", "mail")


def _told(folder: Path, manifest_key: str, via: str) -> list[str]:
    """The ids of the notices that announced this report on this channel."""
    return [
        each["short_id"]
        for each in messages(folder)
        if each["kind"] == "report.landed"
        and each["via"] == via
        and manifest_key in (_joined(each["text"]) if via == "mail" else each["raw"])
    ]


def _joined(text: str) -> str:
    """Mail breaks its long lines."""
    return "".join(text.split())


def _every_complete_report_was_told(folder: Path, offset: int, twice_at_most: int) -> None:
    """Twice only where a kill fell between sending and settling; then with the same id."""
    reports = ask(folder, offset, ADDRESS + "/reports?limit=1000")["items"]
    keys = [each["manifest"]["key"] for each in reports if each["outcome"] == "complete"]
    assert keys
    deadline = time.monotonic() + 300  # a claim runs out after 60 s, and the pause after four tries is 80 s
    while untold := [(key, via) for key in keys for via in CHANNELS if not _told(folder, key, via)]:
        assert time.monotonic() < deadline, f"not told: {untold}"
        time.sleep(0.5)
    times = Counter(len(_told(folder, key, via)) for key in keys for via in CHANNELS)
    assert set(times) <= {1, 2}
    assert times[2] <= twice_at_most
    assert all(len(set(_told(folder, key, via))) == 1 for key in keys for via in CHANNELS)


def test_a_run_killed_at_every_step_goes_on_and_tells_each_report_once(tmp_path: Path) -> None:
    offset = free_offset()
    for moment in MOMENTS:
        run = Run(tmp_path, offset)
        try:
            run.until(moment)
            run.kill()
        finally:
            run.close()
    run = Run(tmp_path, offset)
    try:
        run.until("Ctrl-C ends it.")
        assert "going on with what it left" in run.lines[0]
        _every_complete_report_was_told(tmp_path, offset, twice_at_most=2 * len(MOMENTS))
        assert run.interrupt() == 0
    finally:
        run.close()


def test_an_application_killed_again_and_again_is_started_again_and_goes_on(tmp_path: Path) -> None:
    offset = free_offset()
    world = World(tmp_path, Addresses(offset))
    world.start()
    said: list[str] = []
    log = tmp_path / "application.log"
    application = Application(Addresses(offset).application, 0.5, world.environment(), log, said.append)
    application.start()

    def say(text: str) -> None:
        said.append(text)
        if text.startswith(("\n2.", "\n4.", "\n5.", "\n6.")):
            application.kill()

    try:
        Story(world, application.url, say).tell()
        _every_complete_report_was_told(tmp_path, offset, twice_at_most=2 * 4)
    finally:
        application.stop()
        world.stop()
    assert sum("started again" in each for each in said) == 4
