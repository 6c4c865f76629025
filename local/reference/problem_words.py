"""When a request is answered with each type of problem, and what to do then."""

from collections.abc import Mapping

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "not-json": (
        "The body is not JSON, has a value twice, or is nested too deeply.",
        "Send JSON; the detail says where it ends to be that.",
    ),
    "bad-request": (
        "The request could not be read at all: its line, its headers, or two `Authorization` headers.",
        "Send it with an HTTP client.",
    ),
    "unauthorized": (
        "There is no token, or none that is in the secrets document.",
        "Send `Authorization: Bearer TOKEN`, or Basic with the token as the password. A token that was put"
        " into the document a moment ago works within two minutes.",
    ),
    "forbidden": (
        "The token has the scope `read`, and the request would change something.",
        "Use a token of the scope `write`.",
    ),
    "cross-site": (
        "A browser says that a page of another site has sent this.",
        "Send it from a page of Stocktake, or with a program.",
    ),
    "not-found": (
        "There is no such address, or nothing of that name: an inventory, a report, a notice, a channel.",
        "The detail says what was not found. `GET /inventories` and `GET /openapi.json` list what there is.",
    ),
    "method-not-allowed": ("The address is there, and not with this method.", "See [routes](routes.md)."),
    "timeout": ("The request did not arrive within its time.", "Send it again."),
    "refused": (
        "The platform, or what is on it, forbids it: a Deny that defeats the grant, a policy that cannot be"
        " read, a destination that is missing. Nothing was changed.",
        "The detail names the statement or the bucket, and who can mend it. `POST /preflight` shows all"
        " at once.",
    ),
    "wrong-state": (
        "What is asked for is in a state that forbids it: a notice that was sent cannot be sent again, a"
        " report that is not whole cannot be summed up.",
        "Look at it by GET; the detail says what is missing.",
    ),
    "platform-away": (
        "The platform was slow, throttled or could not be reached. Nothing was changed.",
        "Ask again later. Requests that set something up answer 202 instead, and go on by themselves.",
    ),
    "conflict": (
        "Somebody else was writing the same at the same time, or the state could not be stored now.",
        "Look at the record, and ask again.",
    ),
    "length-required": ("A body came without its length.", "Send `Content-Length`."),
    "stale": (
        "`If-Match` names a version that is no longer the current one.",
        "Read the record, and decide anew; its `ETag` is the version.",
    ),
    "too-large": ("The body has more than 64 KB.", "Send less; see [limits](limits.md)."),
    "address-too-long": ("The address is too long.", "Send a shorter one."),
    "media-type": (
        "`Content-Type` says that the body is something else than JSON.",
        "Send `application/json`, or `application/merge-patch+json` with PATCH.",
    ),
    "invalid": (
        "Fields of the body, or parameters, will not do.",
        "`errors` names each by its path, as a JSON Pointer, and says what would be accepted.",
    ),
    "headers-too-large": ("The headers are too large.", "Send fewer or shorter ones."),
    "bug": (
        "A bug in Stocktake.",
        "Trying again may help. `X-Request-Id` of the answer finds the lines about it in the log.",
    ),
    "misconfigured": (
        "A setting or the secrets document will not do, so that nothing can be answered.",
        "The log says which. Whoever deploys can mend it; see [settings](settings.md).",
    ),
}
