"""Where MiniStack makes less of a template than AWS does, done by its API.

In comes a stack as CloudFormation made it. On AWS nothing of this is needed.
"""

import json

from tests.deploy.ministack import MiniStack
from tests.deploy.roles import read_policy, role_names

_KEY = "x-amazon-apigateway-gateway-responses"


def set_gateway_responses(aws: MiniStack, stack: str) -> None:
    """Give the API the answers of its own that stand in its OpenAPI document, and deploy them."""
    cloudformation = aws.client("cloudformation")
    template = cloudformation.get_template(StackName=stack, TemplateStage="Processed")["TemplateBody"]
    document = json.loads(template) if isinstance(template, str) else template
    body = document["Resources"]["RestAPI"]["Properties"]["Body"]
    gateway = aws.client("apigateway")
    api = _api(aws, stack)
    for kind, response in body[_KEY].items():
        status = {"statusCode": str(response["statusCode"])} if "statusCode" in response else {}
        gateway.put_gateway_response(
            restApiId=api,
            responseType=kind,
            responseParameters=response["responseParameters"],
            responseTemplates=response["responseTemplates"],
            **status,
        )
    gateway.create_deployment(restApiId=api, stageName="api")


def widen_policies(aws: MiniStack, stack: str) -> None:
    """Allow whoever may send mail to send any: MiniStack does not know from whom and as whom a mail is sent.
    Allow whoever may send a message to send several at once, for which it asks by the operation's name.

    The policies as they were are held against what was really sent.
    """
    iam = aws.client("iam")
    for role in role_names(aws, stack).values():
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = read_policy(aws, role, policy)
            mails = [each for each in document["Statement"] if "ses:SendEmail" in each["Action"]]
            for statement in mails:
                statement.pop("Condition", None)
                statement["Resource"] = "*"
            queues = [each for each in document["Statement"] if "sqs:SendMessage" in each["Action"]]
            for statement in queues:
                statement["Action"] = ["sqs:SendMessage", "sqs:SendMessageBatch"]
            if mails or queues:
                iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


def set_tasks_at_once(aws: MiniStack, stack: str) -> None:
    """Say again as a number how many tasks may be read at once; the value of a parameter is a text there."""
    functions = aws.client("lambda")
    for source in functions.list_event_source_mappings()["EventSourceMappings"]:
        most = source.get("ScalingConfig", {}).get("MaximumConcurrency")
        if most is not None:
            functions.update_event_source_mapping(
                UUID=source["UUID"], ScalingConfig={"MaximumConcurrency": int(most)}
            )


def _api(aws: MiniStack, stack: str) -> str:
    found = aws.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId="RestAPI")
    api: str = found["StackResourceDetail"]["PhysicalResourceId"]
    return api
