"""JSON Pointers (RFC 6901) to what somebody sent. A name can be anything, so each part is bounded."""

_LONGEST = 100


def pointer(*parts: int | str) -> str:
    """The pointer made of these names and positions; empty for the whole document.

    A query parameter, a header or a part of the address is pointed at by its name: `/limit`, `/If-Match`.
    """
    return "".join("/" + str(each)[:_LONGEST].replace("~", "~0").replace("/", "~1") for each in parts)
