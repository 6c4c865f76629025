"""The bucket that packages are put in for CloudFormation to take them from."""

from collections.abc import Callable

from deploy.aws import Aws, AwsError
from deploy.errors import DeployError


def bucket_for(aws: Aws, wanted: str, say: Callable[[str], None]) -> str:
    """The name of a bucket that is there and ours: the wanted one, or one for this account and region.

    The name can be guessed, so that somebody else may have taken it: S3 is asked whether it is ours
    before code is put into it. Raises `DeployError`.
    """
    account = aws.json("sts", "get-caller-identity")["Account"]
    name = wanted or f"stocktake-artifacts-{account}-{aws.region}"
    try:
        aws("s3api", "head-bucket", "--bucket", name, "--expected-bucket-owner", account)
    except AwsError as exc:
        if exc.code == "404" and not wanted:
            say(f"Making the bucket {name} for packages.")
            _make(aws, name)
        elif exc.code == "404":
            raise DeployError(f"There is no bucket {name}.") from exc
        else:
            raise DeployError(
                f"The bucket {name} cannot be used, or belongs to another account. {exc}"
            ) from exc
    return name


def _make(aws: Aws, name: str) -> None:
    # S3 takes every region here but its first one
    where = (
        ()
        if aws.region == "us-east-1"
        else ("--create-bucket-configuration", f"LocationConstraint={aws.region}")
    )
    aws("s3api", "create-bucket", "--bucket", name, *where)
    blocked = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    settings = ",".join(f"{each}=true" for each in blocked)
    aws("s3api", "put-public-access-block", "--bucket", name, "--public-access-block-configuration", settings)
