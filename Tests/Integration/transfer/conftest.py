"""The gateway of main_job, with codings and HTTP/2 on its client's side and on its upstream's."""
import importlib.util
import os
import pathlib
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

MAIN_JOB = pathlib.Path(__file__).resolve().parents[1] / "main_job"
sys.path.insert(0, str(MAIN_JOB))
_spec = importlib.util.spec_from_file_location("main_job_conftest", MAIN_JOB / "conftest.py")
main_job = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(main_job)
upstream, make_gateway, gateway = main_job.upstream, main_job.make_gateway, main_job.gateway

from h2_upstream import H2Upstream  # noqa: E402 - which imports from main_job


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """A private authority and a certificate of it for localhost."""
    folder = tmp_path_factory.mktemp("authority")

    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test authority")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "names")
    return folder


class TLSGateway(main_job.Gateway):
    """Listens with TLS."""

    def __init__(self, folder, upstream, authority, **settings):
        self.authority = authority
        super().__init__(folder, upstream, **settings)

    def start(self):
        self.said = os.path.getsize(self.log.name)
        self.process = subprocess.Popen(
            [main_job.SLUICE, "serve", self.pipeline, "--listen", f"127.0.0.1:{self.port}", "--data", self.data,
             "--certificate", self.authority / "server.pem", "--key", self.authority / "server.key"],
            stdout=self.log, stderr=self.log, env={**os.environ, "TEST_CREDENTIAL": main_job.SECRET})
        self.wait_until_ready()

    def get(self, path):
        try:
            context = ssl.create_default_context(cafile=self.authority / "ca.pem")
            return urllib.request.urlopen(f"https://localhost:{self.port}{path}", timeout=5, context=context).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    @property
    def base(self):
        return f"https://localhost:{self.port}/openai/v1"


@pytest.fixture
def tls_gateway(tmp_path, upstream, authority):
    folder = tmp_path / "tls"
    folder.mkdir()
    made = TLSGateway(folder, upstream, authority)
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()


@pytest.fixture
def h2_upstream(authority):
    server = H2Upstream(authority)
    yield server
    server.close()


@pytest.fixture
def h2_behind(make_gateway, h2_upstream, authority):
    """A gateway before an upstream that speaks HTTP/2."""
    return make_gateway(url=f"https://localhost:{h2_upstream.port}", trust=f"\n  ca: {authority}/ca.pem", idle="5s", response_time="5s")
