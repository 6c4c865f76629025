"""`python -m deploy.token --name NAME --scope SCOPE`: a new token, and its line for the secrets document."""

import argparse
import hashlib
import json
import secrets
import sys

_BYTES = 32


def entry(name: str, scope: str, token: str) -> str:
    """What the secrets document has of a token: its SHA-256, from which nobody can tell the token."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return json.dumps({"name": name, "sha256": digest, "scope": scope})


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.token")
    parser.add_argument("--name", required=True, help="whose it is; the log has it")
    parser.add_argument("--scope", required=True, choices=("read", "write"))
    given = parser.parse_args(arguments)
    token = secrets.token_urlsafe(_BYTES)
    print(f"The token, kept nowhere else:\n\n  {token}\n")
    print(f'For the list "tokens" of the secrets document:\n\n  {entry(given.name, given.scope, token)}\n')
    return 0


if __name__ == "__main__":
    sys.exit(main())
