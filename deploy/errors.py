"""The one error of this package: something that whoever deploys can mend, said in a sentence."""


class DeployError(Exception):
    """It cannot go on. The message says what is wrong and what to do."""
