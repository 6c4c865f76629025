"""What a report says of a bucket as training runs fill it, for notices that are drawn.

In comes nothing; out comes what a landed report has as its fact `summary`.
"""

from typing import Any

_GIB, _TIB = 1024**3, 1024**4

_DAYS = (356.1, 357.4, 358.9, 359.2, 364.8, 366.0, 371.5, 370.2, 376.9, 384.0, 383.1, 390.7, 404.2, 412.6)
"""TiB, one report a day."""


def summary() -> dict[str, Any]:
    """The fact `summary` of a landed report."""
    tiers = [
        ("hot", 20_414_012, 210.4, 0.06),
        ("warm", 9_306_450, 90.8, 0.03),
        ("cold", 18_392_441, 111.4, 0.015),
    ]
    return {
        "objects": sum(objects for _, objects, _, _ in tiers),
        "bytes": _bytes(_DAYS[-1]),
        "older_objects": 1_203_345,
        "older_bytes": _bytes(3.1),
        "delete_markers": 20_114,
        "tiers": [
            {"name": name, "objects": objects, "bytes": _bytes(tib)} for name, objects, tib, _ in tiers
        ],
        "cold_bytes": _bytes(111.4),
        "cost": {
            "amount": f"{sum(_bytes(tib) / _GIB * price for _, _, tib, price in tiers):.2f}",
            "currency": "USD",
            "as_of": "2025-10-31",
            "without": [],
        },
        "files": 40,
        "missing_files": 0,
        "change": {
            "since": "2026-02-28T01:00:00+00:00",
            "objects": 1_204_331,
            "bytes": _bytes(_DAYS[-1] - _DAYS[-2]),
            "cold_bytes": _bytes(0.9),
            "moved": [
                _moved("training/checkpoints/", "grew", 120_331, 7.4),
                _moved("datasets/web-2026-02/", "came", 1_090_112, 2.2),
                _moved("scratch/ablations/", "went", -6_112, -1.2),
            ],
        },
        "sparks": [_bytes(each) for each in _DAYS],
        "sparks_of": "bytes",
    }


def _moved(prefix: str, how: str, objects: int, tib: float) -> dict[str, Any]:
    return {"prefix": prefix, "how": how, "objects": objects, "bytes": _bytes(tib)}


def _bytes(tib: float) -> int:
    return round(tib * _TIB)
