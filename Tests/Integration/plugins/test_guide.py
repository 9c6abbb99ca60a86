"""docs/filter-abi.md as a newcomer follows it: every command of its code blocks, in order, in a fresh folder, in each
language. Nothing is changed but the port that is served on."""
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
import xml.etree.ElementTree

import pytest
from support import RELEASE, ROOT

PAGE = (ROOT / "docs" / "filter-abi.md").read_text()
BLOCKS = re.findall(r"^```sh([^\n]*)\n(.*?)^```$", PAGE, flags=re.S | re.M)
ENVIRONMENT = {**os.environ, "PATH": f"{RELEASE}:{os.environ['PATH']}"}


def script(language):
    """The blocks of a language and those of all, as one script: a newcomer's shell keeps its folder and its variables."""
    chosen = [text for words, text in BLOCKS if not words.split() or language in words.split()]
    text = "set -euo pipefail\n" + "".join(chosen)
    if language == "cpp":
        text = text.replace("--language c ", "--language cpp ")
    # Serving goes on for ever: it is what the test starts itself.
    served = re.findall(r"^sluice serve .*\n", text, flags=re.M)
    assert len(served) == 1
    return text.replace(served[0], ""), served[0].split("#")[0].split()


def test_all_blocks_are_there():
    assert len(BLOCKS) >= 6
    assert {word for words, _ in BLOCKS for word in words.split()} == {"c", "cpp", "rust", "swift"}
    # No other block pretends to be commands.
    assert not re.findall(r"^```(bash|shell|console)", PAGE, flags=re.M)


@pytest.mark.parametrize("language", ["c", "cpp", "rust", "swift"])
def test_the_guide(language, tmp_path):
    commands, serve = script(language)
    done = subprocess.run(["bash", "-c", commands], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    # With and without a lock, what the page says comes out.
    assert len(re.findall(r"^Moved to \[WARD_LIST_\w+\] today$", done.stdout, flags=re.M)) == 2, done.stdout
    assert done.stdout.count("It keeps to every rule.") >= (2 if language in ("rust",) else 3)
    assert "signed by acme" in done.stdout or "listed" in done.stdout
    project = tmp_path / "ward-list"
    reports_hold(project)
    served(project, serve)


def reports_hold(project):
    """What a vendor ships beside the plugin."""
    report = json.loads((project / "report.json").read_text())
    assert report["verdict"] == "pass" and report["plugin"]["id"] == "org.example.ward-list" and report["plugin"]["abi"] == "1.0"
    assert report["kit"]["version"] and report["seed"] and len(report["plugin"]["digest"]) == 64
    suite = xml.etree.ElementTree.parse(project / "report.xml").getroot()
    assert suite.get("failures") == "0" and {"digest", "kit", "seed", "abi"} <= {p.get("name") for p in suite.iter("property")}


def served(project, words):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    words = [word.replace(":8080", f":{port}") for word in words]
    process = subprocess.Popen(words, cwd=project, env={**ENVIRONMENT, "SLUICE_PLUGINS": str(project)},
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for _ in range(300):
            try:
                assert urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).status == 200
                break
            except OSError:
                assert process.poll() is None, process.stdout.read()
                time.sleep(0.1)
        else:
            raise AssertionError("it did not become ready")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
