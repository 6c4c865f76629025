"""The views of badges: the picture, open to whoever has its address, and the address, for who may read."""

from chalicelib.api.own_address import own_address
from chalicelib.api.reading import record_asked_for
from chalicelib.api.web import SVG, Answer, Ask
from chalicelib.core import page_address
from chalicelib.core.badge import badge_key, badge_of, opens
from chalicelib.core.record import Record
from chalicelib.errors import NotFound, WrongState
from chalicelib.ports import Turn
from chalicelib.wiring import Services

_ENDING = ".svg"
_NONE = "There is no such badge, or this is not its key."
_OFF = "Badges are off: put a `badge_key` of 32 characters or more into the secrets document."


def badge(ask: Ask, services: Services, turn: Turn) -> Answer:
    """The picture. A wrong key is told as a badge that is not there, before anything is looked up."""
    ask.allow_query("key")
    bucket, file = ask.name("bucket"), ask.name("file")
    id = file.removesuffix(_ENDING)
    secret = services.secrets.read().badge_key
    if id == file or not opens(secret, bucket, id, ask.query.get("key", "")):
        raise NotFound(_NONE)
    record = services.store.get(bucket, id)
    if record is None:
        raise NotFound(_NONE)
    headers = {
        "Cache-Control": "max-age=60",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(200, services.pages.badge(badge_of(record, turn.now())), headers, SVG)


def get_badge(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Where the badge of an inventory is. `WrongState` where badges are off."""
    ask.allow_query()
    record = record_asked_for(ask, services)
    address = badge_address(ask, services, record)
    if address is None:
        raise WrongState(_OFF)
    page = page_address.inventory_page(own_address(ask, services), record.bucket, record.id)
    return Answer(200, {"address": address, "markdown": f"[![Inventory]({address})]({page})"})


def badge_address(ask: Ask, services: Services, record: Record) -> str | None:
    """The whole address of its badge, None where badges are off."""
    secret = services.secrets.read().badge_key
    if secret is None:
        return None
    key = badge_key(secret, record.bucket, record.id)
    return page_address.badge(own_address(ask, services), record.bucket, record.id, key)
