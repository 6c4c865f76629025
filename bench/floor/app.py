"""The floor of a cold start: bare Chalice with one route, one schedule and one S3 client of boto3.

No application on Chalice that talks to buckets starts faster than this one.
"""

import boto3
from chalice.app import Chalice, CloudWatchEvent, Rate

app = Chalice(app_name="floor")
client = boto3.client("s3")


@app.route("/")
def route() -> dict[str, str]:
    """Answer with something that the client knows."""
    return {"region": client.meta.region_name}


@app.schedule(Rate(1, unit=Rate.MINUTES))
def schedule(event: CloudWatchEvent) -> None:
    """Do nothing."""
