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


def widen_mail(aws: MiniStack, stack: str) -> None:
    """Allow whoever may send mail to send any: MiniStack does not know from whom and as whom a mail is sent.

    The policies as they were are held against what was really sent.
    """
    iam = aws.client("iam")
    for role in role_names(aws, stack).values():
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = read_policy(aws, role, policy)
            statements = [each for each in document["Statement"] if "ses:SendEmail" in each["Action"]]
            for statement in statements:
                statement.pop("Condition", None)
                statement["Resource"] = "*"
            if statements:
                iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


def _api(aws: MiniStack, stack: str) -> str:
    found = aws.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId="RestAPI")
    api: str = found["StackResourceDetail"]["PhysicalResourceId"]
    return api
