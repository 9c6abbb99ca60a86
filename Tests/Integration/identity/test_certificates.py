"""Clients known by their certificates: real ones, made by openssl, over HTTP/1.1 and HTTP/2."""
import json
import ssl
import subprocess
import time

import httpx
import pytest

from identity_gateway import Gateway


class Authority:
    """A certificate authority in a folder, with its list of revocations."""

    def __init__(self, folder, name="Test authority"):
        self.folder, self.ca = folder, folder / "ca.pem"
        self.folder.mkdir(parents=True)
        (folder / "index.txt").write_text("")
        (folder / "crlnumber").write_text("01")
        (folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\nserial=serial\nnew_certs_dir=.\n"
            "default_md=sha256\npolicy=any\nunique_subject=no\n[any]\ncommonName=optional\norganizationalUnitName=optional\n")
        self.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "3", "-subj", f"/CN={name}")
        self.list_revocations()

    def run(self, *words):
        subprocess.run(["openssl", *map(str, words)], cwd=self.folder, check=True, capture_output=True)

    def issue(self, file, subject, names="", usage="clientAuth", days="2"):
        (self.folder / "ext").write_text(f"basicConstraints=CA:FALSE\nextendedKeyUsage={usage}\n" + (f"subjectAltName={names}\n" if names else ""))
        self.run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{file}.key", "-out", f"{file}.csr", "-subj", subject, "-multivalue-rdn")
        self.run("ca", "-config", "ca.cnf", "-batch", "-rand_serial", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", f"{file}.csr", "-out", f"{file}.pem", "-days", days, "-extfile", "ext", "-preserveDN", "-notext")
        return str(self.folder / f"{file}.pem"), str(self.folder / f"{file}.key")

    def revoke(self, file):
        self.run("ca", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-revoke", f"{file}.pem")
        self.list_revocations()

    def list_revocations(self, *times):
        self.run("ca", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-gencrl", "-out", "new.pem", *(times or ("-crldays", "2")))
        (self.folder / "new.pem").replace(self.folder / "crl.pem")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority") / "own")


@pytest.fixture(scope="module")
def server(authority):
    return authority.issue("server", "/CN=localhost", "DNS:localhost", "serverAuth")


def client(authority, certificate=None, http2=False):
    context = ssl.create_default_context(cafile=authority.ca)
    if certificate:
        context.load_cert_chain(*certificate)
    return httpx.Client(verify=context, http2=http2, timeout=15)


@pytest.fixture
def make(tmp_path, upstream, authority, server):
    made = []

    def make(more="\n  - authenticate: keys", **settings):
        folder = tmp_path / str(len(made))
        folder.mkdir()
        values = {"ca": str(authority.ca), "crl": str(authority.folder / "crl.pem"), **settings}
        stage = "  - authenticate: mtls\n    with: " + json.dumps({k: v for k, v in values.items() if v is not None}) + more

        def ready(gateway):
            try:
                gateway.secure = f"https://localhost:{gateway.port}"
                return client(authority).get(gateway.secure + "/readyz").status_code == 200
            except httpx.TransportError:
                return False

        options = ["--certificate", server[0], "--key", server[1], "--client-ca", authority.ca]
        made.append(Gateway(folder, upstream, stage, options=options, ready=ready))
        return made[-1]

    yield make
    for gateway in made:
        gateway.process.kill()
        gateway.process.wait()


def ask(gateway, authority, certificate=None, **options):
    with client(authority, certificate, **options) as http:
        answer = http.get(gateway.secure + "/openai/v1/models")
        return answer.status_code, gateway.recorded_reason(answer.text) if "is not accepted" in answer.text else ""


GROUPS = [{"unit": "Clinic", "group": "clinicians"}, {"uri": "spiffe://example.org/ns/care/*", "group": "agents"}]


@pytest.mark.parametrize("http2", [False, True])
def test_a_certificate_says_who_it_is(make, authority, http2):
    gateway = make(groups=GROUPS, subject="email")
    ana = authority.issue("ana", "/OU=Clinic/CN=Ana", "email:ana@example.org,URI:spiffe://example.org/ns/care/agent")
    assert ask(gateway, authority, ana, http2=http2) == (200, "")
    gateway.stop()
    request = next(r for r in gateway.records() if r["type"] == "request")
    principal = request["data"]["principal"]
    assert principal["subject"] == "ana@example.org" and principal["established"] == "mtls"
    assert principal["groups"] == ["clinicians", "agents"]


def test_without_one_the_next_stage_is_asked(make, authority):
    assert ask(make(), authority)[0] == 401
    gateway = make()
    key = subprocess.run([*_sluice(gateway, "keys", "create", "--subject", "bob", "--data", gateway.data)], capture_output=True, text=True).stdout.strip()
    with client(authority) as http:
        assert http.get(gateway.secure + "/openai/v1/models", headers={"authorization": f"Bearer {key}"}).status_code == 200


def _sluice(gateway, *words):
    from identity_gateway import SLUICE
    return [SLUICE, *words]


def test_a_revoked_one_is_refused_without_a_restart(make, authority):
    gateway = make()
    eve = authority.issue("eve", "/CN=Eve")
    assert ask(gateway, authority, eve) == (200, "")
    authority.revoke("eve")
    time.sleep(1.5)
    assert ask(gateway, authority, eve) == (401, "revoked")


def test_a_list_that_has_expired_covers_nobody(make, authority, tmp_path):
    gateway = make()
    fay = authority.issue("fay", "/CN=Fay")
    assert ask(gateway, authority, fay) == (200, "")
    try:
        authority.list_revocations("-crl_lastupdate", "20200101000000Z", "-crl_nextupdate", "20200102000000Z")
        time.sleep(1.5)
        assert ask(gateway, authority, fay) == (401, "no-revocation-list")
        (authority.folder / "crl.pem").unlink()
        time.sleep(1.5)
        assert ask(gateway, authority, fay)[0] == 503
    finally:
        authority.list_revocations()
    time.sleep(1.5)
    assert ask(gateway, authority, fay) == (200, "")


def test_names_and_groups(make, authority):
    gateway = make(subject="uri", groups=GROUPS, **{"required-groups": ["agents"]})
    issue = authority.issue
    good = issue("agent", "/CN=x", "URI:spiffe://example.org/ns/care/a")
    assert ask(gateway, authority, good) == (200, "")
    assert ask(gateway, authority, issue("near", "/CN=x", "URI:spiffe://example.org/ns/care2/a")) == (401, "no-access")
    assert ask(gateway, authority, issue("two", "/CN=x", "URI:spiffe://example.org/ns/care/a,URI:spiffe://example.org/ns/care/b")) == (401, "no-name")
    assert ask(gateway, authority, issue("none", "/CN=spiffe:\\/\\/example.org\\/ns\\/care\\/a")) == (401, "no-name")


def test_a_certificate_for_servers_is_none_for_clients(make, authority):
    gateway = make()
    for certificate in [authority.issue("other", "/CN=Other", usage="serverAuth")]:
        with pytest.raises(httpx.TransportError):  # the listener ends the handshake
            ask(gateway, authority, certificate)


def test_a_stranger_is_refused_by_the_listener(make, authority, tmp_path):
    stranger = Authority(tmp_path / "stranger")
    mallory = stranger.issue("mallory", "/OU=Clinic/CN=Ana", "email:ana@example.org")
    gateway = make()
    with pytest.raises(httpx.TransportError):
        ask(gateway, authority, mallory)


def test_a_header_proves_nothing(make, authority):
    gateway = make(more="")
    with client(authority) as http:
        for name in ["x-forwarded-client-cert", "ssl-client-cert", "x-client-cert", "client-cert"]:
            assert http.get(gateway.secure + "/openai/v1/models", headers={name: "Subject=ana"}).status_code == 401
