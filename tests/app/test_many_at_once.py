"""Many requests at once: no answer is mixed up, and a slow one holds up no other."""

import threading
from concurrent.futures import ThreadPoolExecutor

from local.platform import StandIn
from tests.app.asking import ONE, READ_TOKEN, Api, body, touched


def test_answers_are_not_mixed_up_while_a_write_waits(api: Api, platform: StandIn) -> None:
    for number in range(8):
        assert api.put(body(management="observe"), f"/inventories/data/id-{number}").status == 201
    platform.fault("GetBucketPolicy", delay=1.0)
    slow: list[int] = []
    waiting = threading.Thread(target=lambda: slow.append(api.put(body()).status))
    waiting.start()

    def ask(number: int) -> tuple[str, object]:
        wanted = f"id-{number % 8}"
        if number % 3 == 0:  # another token, which may not write: its scope must not reach the others
            return wanted, Api(api.url, READ_TOKEN).put(body(), f"/inventories/data/{wanted}").status
        return wanted, api.get(f"/inventories/data/{wanted}").json["id"]

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(ask, range(120)))
    assert all(answer in (wanted, 403) for wanted, answer in found)
    assert sum(answer == 403 for _, answer in found) == 40
    assert slow == []
    waiting.join()
    assert slow == [201]


def test_the_same_put_many_times_at_once_creates_one_and_writes_once(api: Api, platform: StandIn) -> None:
    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(lambda _: api.put(body()).status, range(6)))
    assert statuses == [200, 200, 200, 200, 200, 201]
    assert sorted(touched(platform)) == ["PutBucketInventoryConfiguration", "PutBucketPolicy"]
    assert api.get(ONE).json["version"] == 1


def test_two_writes_from_the_same_version_let_one_through(api: Api) -> None:
    api.put(body())
    patches = [{"notify": ["storage-team"]}, {"notify": ["storage-mail"]}]
    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda patch: api.patch(patch, If_Match='"1"'), patches))
    assert sorted(each.status for each in replies) == [200, 412]
    won = next(patch for patch, reply in zip(patches, replies, strict=True) if reply.status == 200)
    assert api.get().json["notify"] == won["notify"]
