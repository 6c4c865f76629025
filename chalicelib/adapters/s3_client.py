"""A botocore S3 client for CoreWeave AI Object Storage that takes nothing from its surroundings.

In come keys, endpoint and addressing; out comes a client. On AWS Lambda the environment is full of
settings for the function's own AWS account: keys, session token, region, endpoints, retries, CA. None of
them may reach another company's platform, nor may a profile on a developer's machine, so the client's
session has constants where botocore looks into environment variables and files. Only the standard
proxy variables (`HTTPS_PROXY`, `NO_PROXY`) are honoured, except for loopback endpoints: they say how a
machine reaches the network.
"""

import logging
import threading
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider
from botocore.handlers import add_recursion_detection_header, parse_get_bucket_location
from botocore.parsers import ResponseParserError
from botocore.session import Session

from chalicelib.adapters.aws_models import models
from chalicelib.adapters.s3_limits import LimitedSession
from chalicelib.core.access import Credentials

Addressing = Literal["virtual", "path"]

REGION = "us-east-1"
"""The platform does not check the region of a signature, but there must be one."""

CONNECT_SECONDS = 3
READ_SECONDS = 10
ATTEMPTS = 2
"""Few, because whoever calls has patience of their own and knows how much time is left."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LOCATION = "after-call.s3.GetBucketLocation"
_FILES = ("config_file", "credentials_file", "profile")

_MAKING = threading.Lock()
"""Clients are thread-safe, making one out of a shared session is not (boto3 guide, "Multithreading")."""


def new_client(credentials: Credentials, *, endpoint_url: str, addressing: Addressing) -> Any:
    """A client that signs with these keys and no others. Any thread may make and use one."""
    config = Config(
        signature_version="s3v4",
        proxies={} if urlsplit(endpoint_url).hostname in _LOOPBACK else None,
        s3={"addressing_style": addressing},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        # Not every server knows the checksums that AWS added of late: only where the S3 API demands one.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        # botocore's own text names the execution environment.
        user_agent="stocktake",
    )
    with _MAKING:
        client = _isolated_session().create_client(
            "s3",
            region_name=REGION,
            endpoint_url=endpoint_url,
            verify=True,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            aws_session_token=credentials.session_token,
            config=config,
        )
    client.meta.events.register("before-parameter-build.s3", _stay_here)
    endpoint = client._endpoint  # botocore has no public place for a session of one's own
    endpoint.http_session = LimitedSession(endpoint.http_session)
    return client


@cache
def _isolated_session() -> Session:
    """A session that reads neither environment variables nor configuration files.

    There is one, because loading the model of S3 takes far longer than making a client.
    """
    defaults = {name: default for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    defaults.update(dict.fromkeys(_FILES))
    # At DEBUG botocore logs what it signs, a session token among it, and whole answers.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    session = Session()
    session.register_component(
        "config_store",
        ConfigValueStore(mapping={name: ConstantProvider(value=value) for name, value in defaults.items()}),
    )
    session.register_component("data_loader", models())
    # On Lambda it would send the trace id of the function's own account along.
    session.unregister("before-call", add_recursion_detection_header)
    session.unregister(_LOCATION, parse_get_bucket_location)
    session.register(_LOCATION, _read_location)
    return session


def _stay_here(context: dict[str, Any], **_: Any) -> None:
    """Tell botocore not to follow a redirection to another region of AWS.

    It asks for the bucket's region by a HEAD that is redirected in turn, without end where any other
    server redirects, for instance to HTTPS.
    """
    context.setdefault("s3_redirect", {})["redirected"] = True


def _read_location(parsed: dict[str, Any], http_response: Any, **_: Any) -> None:
    """The zone, which is the root element of the answer: botocore reads it by itself, beside its parsers.

    It reads refusals, too, and a proxy's page, and what comes of that is none of its errors.
    """
    if http_response.status_code != 200:
        return
    try:
        parse_get_bucket_location(parsed, http_response)
    except ParseError as exc:
        raise ResponseParserError(f"it is no XML: {exc}") from exc
