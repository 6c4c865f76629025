"""Which S3 operation a request is, and which right it needs.

What goes in: a call. What comes out: the operation under the name that boto3 gives it (`PutBucketPolicy`),
and the pairs of IAM action and resource that have to be allowed for it. The names follow AWS's table of
actions for S3; the four inventory actions are the ones that CoreWeave documents.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from . import xmltext
from .wire import Call

Names = tuple[str, str]  # (operation, action without `s3:`)

BUCKET_GET: Mapping[str, Names] = {
    "location": ("GetBucketLocation", "GetBucketLocation"),
    "policyStatus": ("GetBucketPolicyStatus", "GetBucketPolicyStatus"),
    "uploads": ("ListMultipartUploads", "ListBucketMultipartUploads"),
    "versions": ("ListObjectVersions", "ListBucketVersions"),
}
SUB_RESOURCES: Mapping[str, Names] = {  # bucket sub-resources with the usual Get, Put and Delete
    "policy": ("BucketPolicy", "BucketPolicy"),
    "acl": ("BucketAcl", "BucketAcl"),
    "tagging": ("BucketTagging", "BucketTagging"),
    "versioning": ("BucketVersioning", "BucketVersioning"),
    "lifecycle": ("BucketLifecycleConfiguration", "LifecycleConfiguration"),
    "cors": ("BucketCors", "BucketCORS"),
    "encryption": ("BucketEncryption", "EncryptionConfiguration"),
    "notification": ("BucketNotificationConfiguration", "BucketNotification"),
    "logging": ("BucketLogging", "BucketLogging"),
    "website": ("BucketWebsite", "BucketWebsite"),
    "replication": ("BucketReplication", "ReplicationConfiguration"),
    "object-lock": ("ObjectLockConfiguration", "BucketObjectLockConfiguration"),
    "publicAccessBlock": ("PublicAccessBlock", "BucketPublicAccessBlock"),
    "ownershipControls": ("BucketOwnershipControls", "BucketOwnershipControls"),
    "accelerate": ("BucketAccelerateConfiguration", "AccelerateConfiguration"),
    "requestPayment": ("BucketRequestPayment", "BucketRequestPayment"),
}
BUCKET: Mapping[str, Names] = {
    "GET": ("ListObjects", "ListBucket"),
    "HEAD": ("HeadBucket", "ListBucket"),
    "PUT": ("CreateBucket", "CreateBucket"),
    "DELETE": ("DeleteBucket", "DeleteBucket"),
}
INVENTORY: Mapping[str, Names] = {
    "GET": ("GetBucketInventoryConfiguration", "GetInventoryConfiguration"),
    "PUT": ("PutBucketInventoryConfiguration", "PutInventoryConfiguration"),
    "DELETE": ("DeleteBucketInventoryConfiguration", "DeleteInventoryConfiguration"),
}
LIST_INVENTORY = ("ListBucketInventoryConfigurations", "ListInventoryConfigurations")
OBJECT: Mapping[str, Names] = {
    "GET": ("GetObject", "GetObject"),
    "HEAD": ("HeadObject", "GetObject"),
    "PUT": ("PutObject", "PutObject"),
    "DELETE": ("DeleteObject", "DeleteObject"),
}
OBJECT_SUB: Mapping[tuple[str, str], Names] = {
    ("GET", "uploadId"): ("ListParts", "ListMultipartUploadParts"),
    ("GET", "attributes"): ("GetObjectAttributes", "GetObjectAttributes"),
    ("PUT", "uploadId"): ("UploadPart", "PutObject"),
    ("POST", "uploads"): ("CreateMultipartUpload", "PutObject"),
    ("POST", "uploadId"): ("CompleteMultipartUpload", "PutObject"),
    ("POST", "restore"): ("RestoreObject", "RestoreObject"),
    ("DELETE", "uploadId"): ("AbortMultipartUpload", "AbortMultipartUpload"),
}
OBJECT_PARTS = {"acl": "Acl", "tagging": "Tagging", "retention": "Retention", "legal-hold": "LegalHold"}
VERBS = {"GET": "Get", "PUT": "Put", "DELETE": "Delete"}
OTHER: Names = ("Unknown", "Unknown")


@dataclass(frozen=True)
class Operation:
    """`name` is boto3's; `needs` are (action, resource) pairs, all of which have to be allowed."""

    name: str
    needs: tuple[tuple[str, str], ...]


def operation(call: Call) -> Operation:
    """What a call asks for. An unknown one is `Unknown`, whose right nobody but a wildcard grants."""
    if call.bucket is None:
        names = ("ListBuckets", "ListAllMyBuckets") if call.method == "GET" else OTHER
        return Operation(names[0], ((f"s3:{names[1]}", "*"),))
    arn = f"arn:aws:s3:::{call.bucket}"
    if call.key is None:
        if call.method == "POST" and "delete" in call.params:
            keys = _keys_to_delete(call)
            return Operation("DeleteObjects", tuple(("s3:DeleteObject", f"{arn}/{key}") for key in keys))
        name, action = _on_bucket(call.method, call.params)
        return Operation(name, ((f"s3:{action}", arn),))
    name, action = _on_object(call.method, call.params)
    needs = [(f"s3:{action}", f"{arn}/{call.key}")]
    if source := call.headers.get("x-amz-copy-source"):
        name = "UploadPartCopy" if name == "UploadPart" else "CopyObject"
        needs.append(("s3:GetObject", f"arn:aws:s3:::{_copied(source)}"))
    return Operation(name, tuple(needs))


def _on_bucket(method: str, params: Mapping[str, str]) -> Names:
    if "inventory" in params:
        return LIST_INVENTORY if method == "GET" and "id" not in params else INVENTORY.get(method, OTHER)
    for sub, (noun, right) in SUB_RESOURCES.items():
        if sub in params and method in VERBS:
            return f"{VERBS[method]}{noun}", f"{VERBS[method]}{right}"
    for sub, names in BUCKET_GET.items():
        if sub in params and method == "GET":
            return names
    if method == "GET" and params.get("list-type") == "2":
        return "ListObjectsV2", "ListBucket"
    return BUCKET.get(method, OTHER)


def _on_object(method: str, params: Mapping[str, str]) -> Names:
    for (verb, sub), names in OBJECT_SUB.items():
        if verb == method and sub in params:
            return names
    for sub, noun in OBJECT_PARTS.items():
        if sub in params and method in VERBS:
            return f"{VERBS[method]}Object{noun}", f"{VERBS[method]}Object{noun}"
    name, action = OBJECT.get(method, OTHER)
    if "versionId" in params and action in ("GetObject", "DeleteObject"):
        action += "Version"
    return name, action


def _copied(source: str) -> str:
    return unquote(source.partition("?")[0]).lstrip("/")


def _keys_to_delete(call: Call) -> list[str]:
    """The keys in a DeleteObjects body; every one has to be allowed, else the whole request is refused."""
    return [key.text or "" for key in xmltext.parse(call.body, "Delete").iter("Key")] or ["*"]
