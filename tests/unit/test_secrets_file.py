"""The secrets document in a file: read again when it has changed, and clear words where it cannot be read."""

import json
import logging
import os
from pathlib import Path

import pytest

from chalicelib.adapters.secrets import FileSecrets, parse_secrets
from chalicelib.adapters.secrets_channels import USUAL_HOSTS
from chalicelib.core.access import SecretsDocument
from chalicelib.errors import Misconfigured

DIGEST = "ab" * 32


def document(name: str = "ops") -> str:
    """A document with one token of this name."""
    return json.dumps(
        {
            "caios": {"access_key_id": "CWKEY", "secret_access_key": "s3cr3t"},
            "tokens": [{"name": name, "sha256": DIGEST, "scope": "write"}],
        }
    )


def parse(text: str) -> SecretsDocument:
    return parse_secrets(text, USUAL_HOSTS)


def test_a_file_is_parsed_again_only_when_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(document())
    secrets = FileSecrets(path)
    first = secrets.read()
    assert secrets.read() is first
    replacement = tmp_path / "new.json"
    replacement.write_text(document("other"))
    replacement.replace(path)
    assert secrets.read().tokens[0].name == "other"


def test_a_fresh_read_is_no_other(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(document())
    secrets = FileSecrets(path)
    assert secrets.read(fresh=True) is secrets.read() is secrets.read(fresh=True)


def test_a_change_of_the_same_size_is_seen_by_its_time(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(document())
    os.utime(path, ns=(1, 1))
    secrets = FileSecrets(path)
    assert secrets.read().tokens[0].name == "ops"
    path.write_text(document("spo"))
    os.utime(path, ns=(2, 2))
    assert secrets.read().tokens[0].name == "spo"


def test_a_half_written_file_is_an_error_until_it_is_whole(tmp_path: Path) -> None:
    path, text = tmp_path / "secrets.json", document()
    path.write_text(text)
    secrets = FileSecrets(path)
    secrets.read()
    path.write_text(text[:-30])
    for _ in range(2):
        with pytest.raises(Misconfigured, match="is not JSON"):
            secrets.read()
    path.write_text(text)
    assert secrets.read() == parse(text)


def test_a_document_that_will_not_do_is_told_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("{}")
    with pytest.raises(Misconfigured) as caught:
        FileSecrets(path).read()
    assert str(caught.value) == f"The secrets document at {path} will not do: /caios: is missing"


def test_a_missing_file_is_told_with_what_to_create(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        FileSecrets(tmp_path / "none.json").read()
    assert str(tmp_path / "none.json") in str(caught.value)
    assert '"caios": {"access_key_id"' in str(caught.value)


def test_a_directory_in_the_place_of_the_file_is_misconfigured(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        FileSecrets(tmp_path).read()


def test_a_file_that_is_no_text_is_misconfigured(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(b"\xff\xfe\x00{")
    with pytest.raises(Misconfigured) as caught:
        FileSecrets(path).read()
    assert caught.value.__context__ is None


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(b"\xef\xbb\xbf" + document().encode())
    assert FileSecrets(path).read() == parse(document())


def test_nothing_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "secrets.json"
    path.write_text(document())
    FileSecrets(path).read()
    assert not caplog.records
