"""Metrics: what a turn measured, as one line in CloudWatch's embedded metric format on standard output.

On AWS Lambda, CloudWatch makes metrics of such lines by itself, in the namespace `Stocktake` with the
dimension `service` (`POWERTOOLS_SERVICE_NAME`); no call is made and no permission is needed.
"""

from collections.abc import Mapping

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

NAMESPACE = "Stocktake"

_UNITS = {"OutboxAge": MetricUnit.Seconds, "SweepDuration": MetricUnit.Milliseconds}


def write_metrics(measured: Mapping[str, float], correlation_id: str) -> None:
    """Write the line. Nothing is written where nothing was measured."""
    if not measured:
        return
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    for name, number in measured.items():
        metrics.add_metric(name, _UNITS.get(name, MetricUnit.Count), number)
    metrics.add_metadata("correlation_id", correlation_id)
    metrics.flush_metrics()
