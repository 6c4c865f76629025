"""Clients for the AWS account that Stocktake itself runs in: DynamoDB, Secrets Manager, what channels use.

In comes a service's name; out comes a botocore client that takes keys, region and endpoint from its
surroundings, as Lambda sets them. The client for the storage platform is another one, made in
`s3_client`, and takes nothing from there.
"""

import logging
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from chalicelib.adapters.aws_models import models

ATTEMPTS = 5
"""Throttling and passing faults are tried again by botocore, with a back-off (AWS, "Retry behavior")."""


def aws_client(
    service: str, *, attempts: int = ATTEMPTS, read_timeout: float = 10.0, region: str | None = None
) -> Any:
    """A client for one service, such as `dynamodb`. Costs some 50 ms, so make it once, when it is needed.

    `attempts` is 1 for calls that must not be made twice, whatever became of the first, and where the caller
    tries again itself. `read_timeout` is in seconds, from one byte of the answer to the next. `region` is
    that of this process unless it is given.
    """
    # At DEBUG botocore logs whole requests and answers: a secret's value, the recipients of a mail.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    config = Config(
        connect_timeout=3,
        read_timeout=read_timeout,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
    session = get_session()
    session.register_component("data_loader", models())
    return session.create_client(service, region_name=region, config=config)
