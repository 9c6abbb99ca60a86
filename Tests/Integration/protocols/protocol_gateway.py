"""A gateway for each protocol: the built executable in front of a scripted upstream. One process serves one file of tests; at the end
it has to stop in order, its log has to verify, and nothing planted may be on its disk."""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
MAIN = HERE.parent / "main_job"
sys.path[:0] = [str(HERE), str(MAIN)]

import pytest

import main_gateway  # noqa: E402
from scripted import Scripted
from values import KINDS


def main_job():
    """What the main job's tests start their gateways with."""
    return main_gateway


SECRET = main_job().SECRET
SLUICE = main_job().SLUICE

PIPELINE = """
pipeline: {name}
listen: {path}
protocol: {protocol}
upstream:
  url: {url}
  credential: env:TEST_CREDENTIAL
limits: {{ request: 8MiB, hold: 1s, stream-idle: 20s, request-time: 20s, response-time: 20s }}
stages:
  - authenticate: keys
  - guard: rules
    with:
      deny:
        - {{ name: no-bulk-export, text: "(?i)\\\\b(dump|export) all patients\\\\b" }}
  - detect: phi
  - mask: phi
  - sink: file
    with: {{ directory: {evidence} }}
"""


class ProtocolGateway(main_job().Gateway):
    def __init__(self, folder, upstream, protocol, path, base=""):
        self.folder = folder
        self.text = PIPELINE.format(
            name="test", path=path, protocol=protocol, url=f"http://127.0.0.1:{upstream.port}{base}", evidence=folder / "evidence"
        )
        super().__init__(folder, upstream)

    def start(self):
        self.pipeline.write_text(self.text)
        super().start()


class Site:
    """A gateway that speaks one protocol, its upstream, and a key."""

    def __init__(self, folder, protocol, path=None, base=""):
        self.protocol = protocol
        self.path = path or f"/{protocol}"
        self.upstream = Scripted()
        self.gateway = ProtocolGateway(folder, self.upstream, protocol, self.path, base)
        self.key = self.gateway.key()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.gateway.port}{self.path}"

    def reset(self):
        self.upstream.reset()

    def end(self):
        try:
            self.gateway.stop()
            checked = self.gateway.verify()
            assert checked.returncode == 0, checked.stdout + checked.stderr
            disk = self.gateway.everything_on_disk()
            text = disk.lower()
            seen = sorted({kind for kind, (_, words) in KINDS.items() for word in words if word.encode() in text})
            assert not seen, f"on the disk of the gateway: {seen}"
            assert self.key.encode() not in disk and SECRET.encode() not in disk
        finally:
            if self.gateway.process.poll() is None:
                self.gateway.process.kill()
                self.gateway.process.wait()
            self.upstream.close()


def knows(protocol):
    """Whether the built executable speaks a protocol."""
    text = PIPELINE.format(name="test", path="/x", protocol=protocol, url="http://127.0.0.1:9", evidence="/tmp/evidence")
    file = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"knows-{os.getpid()}.yaml"
    file.write_text(text)
    try:
        return subprocess.run([SLUICE, "check", file], capture_output=True, env={**os.environ, "TEST_CREDENTIAL": "x"}).returncode == 0
    finally:
        file.unlink()


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Makes the gateway for a protocol when a test first asks."""
    made = {}

    def site(protocol, **more):
        name = (protocol, *sorted(more.items()))
        if name not in made:
            made[name] = Site(tmp_path_factory.mktemp(protocol), protocol, **more)
        made[name].reset()
        return made[name]

    yield site
    problems = []
    for name, site in made.items():
        try:
            site.end()
        except AssertionError as error:
            problems.append(f"{name[0]}: {error}")
    assert not problems, "\n".join(problems)


@pytest.fixture
def site(sites, request):
    """The gateway for the protocol that the test's file names in `PROTOCOL`."""
    return sites(request.module.PROTOCOL)
