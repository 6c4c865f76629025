"""Tracing: what a turn did and called, as a subsegment of the function's trace in AWS X-Ray.

Only imported where tracing is on (`STOCKTAKE_TRACING=on`), because the X-Ray SDK costs a cold start some
100 ms. Outside Lambda it does nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from aws_lambda_powertools import Tracer


@contextmanager
def traced(name: str, correlation_id: str) -> Iterator[None]:
    """A subsegment around the block; the id can be searched for, and calls by botocore are parts of it."""
    tracer = _tracer()
    with tracer.provider.in_subsegment(name=name) as subsegment:
        subsegment.put_annotation(key="correlation_id", value=correlation_id)
        yield


@cache
def _tracer() -> Tracer:
    return Tracer(service="stocktake", patch_modules=["botocore"])
