"""Running an exported script as a person does: `/bin/sh` and the AWS CLI, against the platform stand-in."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from chalicelib.core.export import Target
from chalicelib.core.freshness import Times
from chalicelib.core.inventory import Inventory
from chalicelib.core.record import Record
from chalicelib.flows.foresee import Foresee
from chalicelib.templates.aws_cli_script import aws_cli_script
from local.platform import Key
from tests.contract.flow_site import DEPLOYMENT, Site
from tests.warm_aws import warm_aws


@dataclass(frozen=True)
class Ran:
    """What became of a script."""

    status: int
    output: str


def script_for(site: Site, record: Record) -> str:
    """The export of a record, made by a look at the platform as it is now."""
    return aws_cli_script(target_of(site, record), "https://cwobject.com")


def target_of(site: Site, record: Record) -> Target:
    foresee = Foresee(site.buckets, site.store, DEPLOYMENT, Times())
    return Target.of(foresee.described(record), DEPLOYMENT)


def script_before(site: Site, wanted: Inventory) -> str:
    """The export of a dry run, before anything is there."""
    record = site.configure.put(wanted, site.turn(), dry_run=True).record
    assert record is not None
    return script_for(site, record)


def run(text: str, url: str, key: Key, folder: Path, **more: str) -> Ran:
    """Run the script in a folder, as whoever holds the key, waiting for nothing."""
    path = folder / "export.sh"
    path.write_text(text, encoding="ascii")
    done = subprocess.run(
        ["/bin/sh", str(path)],
        cwd=folder,
        env={
            "PATH": f"{warm_aws()}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "AWS_ENDPOINT_URL_S3": url,
            "AWS_ACCESS_KEY_ID": key.access_key_id,
            "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
            "AWS_EC2_METADATA_DISABLED": "true",
            "WAIT": "0",
            **more,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout + done.stderr)


def folders(folder: Path) -> list[Path]:
    """Those that scripts left there."""
    return [each for each in folder.glob("stocktake.*") if each.is_dir()]
