"""The upstream's certificate is verified: against the authorities that the pipeline names, and against its host."""
import ssl
import subprocess

import openai
import pytest

from test_exchange import client, messages
from upstream import Upstream


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authority")

    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test authority")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "names")
    return folder


@pytest.fixture
def tls_upstream(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.pem", authority / "server.key")
    server = Upstream(context)
    yield server
    server.close()


def test_a_certificate_of_the_named_authority(make_gateway, tls_upstream, authority):
    gateway = make_gateway(url=f"https://localhost:{tls_upstream.port}", trust=f"\n  ca: {authority}/ca.pem")
    assert client(gateway).chat.completions.create(model="m", messages=messages()).choices


@pytest.mark.parametrize("host, trusts", [("localhost", False), ("127.0.0.1", True)])
def test_any_other_certificate(make_gateway, tls_upstream, authority, host, trusts):
    gateway = make_gateway(url=f"https://{host}:{tls_upstream.port}", trust=f"\n  ca: {authority}/ca.pem" if trusts else "")
    with pytest.raises(openai.InternalServerError) as caught:
        client(gateway).chat.completions.create(model="m", messages=messages())
    assert caught.value.status_code == 502 and caught.value.code == "upstream_tls_failed"
    assert tls_upstream.requests == []
