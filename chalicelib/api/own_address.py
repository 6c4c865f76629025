"""Where this application answers, for whoever is to write it down: a command, a picture's address."""

import re

from chalicelib.api.web import Ask
from chalicelib.wiring import Services

_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")


def own_address(ask: Ask, services: Services) -> str:
    """The address without a slash at its end: as it is set, else as it was asked for."""
    if services.settings.url:
        return services.settings.url
    host = ask.headers.get("host", "").strip()
    secure = ask.headers.get("x-forwarded-proto", "http").strip().lower() == "https"
    named = host if _HOST.fullmatch(host) else "localhost"
    return f"{'https' if secure else 'http'}://{named}{ask.base}"
