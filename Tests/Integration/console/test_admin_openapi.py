"""The served OpenAPI document against the API itself: schemathesis makes calls from it, right and wrong ones."""
import pathlib
import subprocess
import sys

import pytest

SETTINGS = """
[checks.positive_data_acceptance]
# A policy that fits the document may have mistakes, and another version may be in force.
expected-statuses = ["2xx", "401", "403", "404", "409", "412", "422"]

[checks.missing_required_header]
expected-statuses = ["401", "403", "428"]

[auth.openapi.key]
bearer = "KEY"
"""


# schemathesis uses what answers hold: it would find the key that it calls with in the list of keys, and end it.
ENDING = "deleteKeysKey"
# An answer that goes on for an hour: test_admin_events.py reads it.
STREAM = ["--exclude-operation-id", "getEvents"]


@pytest.mark.parametrize("role, choice", [
    ("admin", ["--exclude-operation-id", ENDING]), ("admin", ["--include-operation-id", ENDING]),
    ("approver", []), ("auditor", []), ("developer", ["--exclude-operation-id", ENDING])])
def test_no_call_breaks_it_and_every_answer_is_described(admin, tmp_path, role, choice):
    gateway = admin(at=1)
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS.replace("KEY", gateway.keys[role]))
    command = pathlib.Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        # Wrong keys are another test's: they slow everything of this address down.
        [command, "--config-file", settings, "run", f"{gateway.address}/api/v1/openapi.json", *choice, *(STREAM if "--include-operation-id" not in choice else []), "--phases", "examples,coverage,fuzzing", "--max-examples", "8", "--seed", "4711",
         "--exclude-checks", "ignored_auth", "--max-response-time", "20", "--no-color", "--generation-database", "none"],
        capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    assert gateway.call("GET", "/health").status == 200
    assert gateway.call_as(role, "GET", "/me").status == 200
