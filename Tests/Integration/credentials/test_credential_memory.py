"""Where a credential is in memory: on pages of its own while it is good, and nowhere afterwards; in no child, and in no core dump."""
import os
import pathlib
import re
import resource
import signal
import subprocess
import time

import pytest
from identity_gateway import SLUICE
from test_credentials import FAST, PIPELINE, model, place, serve, sends, until  # noqa: F401

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="memory of a process that is not dumpable is root's alone")


def found(process, text):
    """In which of a process's mappings a text stands: their flags, as proc(5) has them."""
    places = []
    smaps = pathlib.Path(f"/proc/{process}/smaps").read_text()
    mappings = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) (r\S+) .*?^VmFlags: ([^\n]*)", smaps, re.M | re.S)
    with open(f"/proc/{process}/mem", "rb") as memory:
        for start, end, _, flags in mappings:
            memory.seek(int(start, 16))
            try:
                data = memory.read(int(end, 16) - int(start, 16))
            except (OSError, ValueError, OverflowError):
                continue  # what the kernel keeps for itself
            places += [set(flags.split())] * data.count(text)
    return places


def children(process):
    listed = pathlib.Path(f"/proc/{process}/task").glob("*/children")
    return [int(number) for file in listed for number in file.read_text().split()]


@needs_root
@pytest.mark.parametrize("kind", ["file", "command"])
def test_it_is_in_one_place_and_overwritten_when_it_is_replaced(serve, model, tmp_path, kind):  # noqa: F811
    file = place(tmp_path, "key", "sk-canary-in-memory-4711")
    source = f"file:{file}" if kind == "file" else f"command:/bin/cat {file}"
    gateway = serve("secret:openai", f"secrets: {{ openai: '{source}' }}\n" + FAST)
    # Nothing was sent yet: a request's head carries it, in memory of the network's.
    places = found(gateway.process.pid, b"sk-canary-in-memory-4711")
    assert len(places) == 1, places
    # Locked, and left out of dumps.
    assert {"lo", "dd"} <= places[0]
    file.write_text("sk-another-in-memory-4712")
    until(lambda: "credential-replaced" in gateway.read_log(), 10)
    until(lambda: not found(gateway.process.pid, b"sk-canary-in-memory-4711"), 10)
    assert len(found(gateway.process.pid, b"sk-another-in-memory-4712")) == 1
    assert sends(gateway, model, "sk-another-in-memory-4712")


@needs_root
def test_it_is_in_no_isolated_plugin(serve, model, tmp_path, monkeypatch):  # noqa: F811
    file = place(tmp_path, "key", "sk-canary-in-memory-4711")
    monkeypatch.setattr("test_credentials.PIPELINE", PIPELINE.replace(
        "  - detect: phi\n", "  - detect: phi\n    isolation: process\n").replace("  - mask: phi\n", "  - mask: phi\n    isolation: process\n"))
    gateway = serve("secret:openai", f"secrets: {{ openai: 'file:{file}' }}\n", {"OTHER_CREDENTIAL": "sk-canary-of-the-environment"})
    for _ in range(3):
        assert sends(gateway, model, "sk-canary-in-memory-4711")
    isolated = children(gateway.process.pid)
    assert isolated, "nothing runs in a process of its own"
    for child in isolated:
        assert b"sk-canary" not in pathlib.Path(f"/proc/{child}/environ").read_bytes()
        assert found(child, b"sk-canary") == []
        # And none of the gateway's files: this plugin's own, and the memory that both share.
        names = [os.readlink(file) for file in pathlib.Path(f"/proc/{child}/fd").iterdir()]
        assert not any(str(gateway.data) in name for name in names), names


def test_it_is_in_no_core_dump(model, tmp_path):  # noqa: F811
    def unlimited():
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    # What others do on this machine, so that the test could fail.
    other = subprocess.Popen(["sleep", "60"], cwd=tmp_path, preexec_fn=unlimited)
    other.send_signal(signal.SIGSEGV)
    _, status = os.waitpid(other.pid, 0)
    other.returncode = status
    if not os.WCOREDUMP(status):
        pytest.skip("this machine dumps nothing")
    for core in tmp_path.glob("core*"):
        core.unlink()
    pipeline = tmp_path / "pipeline.yaml"
    pipeline.write_text(PIPELINE.format(upstream=model.port, credential="env:PROBE", authenticate="  - authenticate: keys", evidence=tmp_path / "evidence"))
    process = subprocess.Popen([SLUICE, "serve", pipeline, "--listen", "127.0.0.1:0", "--data", tmp_path / "data"], cwd=tmp_path,
                               stderr=subprocess.PIPE, text=True, preexec_fn=unlimited,
                               env={**os.environ, "PROBE": "sk-canary-4711", "SWIFT_BACKTRACE": "enable=no"})
    next(line for line in process.stderr if "serving" in line)
    process.send_signal(signal.SIGSEGV)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = status
    assert os.WIFSIGNALED(status) and not os.WCOREDUMP(status)
    time.sleep(0.2)
    assert not list(tmp_path.glob("core*"))
