"""Tokens of Canaille's and clients' certificates while Postgres is stopped and started under load, on two gateways."""
import collections
import json
import re
import shutil
import ssl
import threading
import time

import httpx
import pytest
from canaille_provider import canaille  # noqa: F401
from identity_gateway import Gateway, Upstream, oidc
from test_certificates import Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority") / "own")


class Pair:
    """Two gateways on one store that know people by certificates, tokens and keys."""

    def __init__(self, folder, place, provider, authority, model):
        server = authority.issue("server", "/CN=localhost", "DNS:localhost", "serverAuth")
        self.certificate = authority.issue("laptop", "/CN=ana", "email:ana@example.org")
        self.authority = authority
        settings = folder / "sluice.yaml"
        settings.write_text(f"login: {{ issuer: '{provider.issuer}', client-id: sluice, scopes: [openid, email, groups] }}\n")
        stages = "\n".join([
            "  - authenticate: mtls\n    with: " + json.dumps({"ca": str(authority.ca), "crl": str(authority.folder / "crl.pem")}),
            oidc(provider.issuer), "  - authenticate: keys"])
        self.all = []
        for number in range(2):
            (folder / str(number)).mkdir()
            if number:
                # Secrets are the same on all that share a store.
                (folder / "1" / "data").mkdir(mode=0o700)
                shutil.copytree(folder / "0" / "data" / "secrets", folder / "1" / "data" / "secrets")
            options = ["--store", place, "--store-grace", "8s", "--certificate", server[0], "--key", server[1],
                       "--client-ca", authority.ca, "--settings", settings]
            self.all.append(Gateway(folder / str(number), model, stages, options=options, ready=self.is_ready))

    def is_ready(self, gateway):
        gateway.secure = f"https://localhost:{gateway.port}"
        try:
            with self.client() as http:
                return http.get(gateway.secure + "/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def client(self, certificate=None, **headers):
        context = ssl.create_default_context(cafile=self.authority.ca)
        if certificate:
            context.load_cert_chain(*certificate)
        return httpx.Client(verify=context, headers=headers, timeout=30)

    def state(self, gateway):
        with self.client() as http:
            return int(re.search(r"^sluice_store_state (\d)$", http.get(gateway.secure + "/metrics").text, re.M)[1])

    def until(self, state, seconds=60):
        end = time.monotonic() + seconds
        while any(self.state(gateway) != state for gateway in self.all):
            assert time.monotonic() < end, [gateway.read_log() for gateway in self.all]
            time.sleep(0.05)

    def close(self):
        for gateway in self.all:
            if gateway.process.poll() is None:
                gateway.process.kill()
                gateway.process.wait()


def test_who_is_known_by_others_than_the_store(tmp_path, own_server, canaille, authority):  # noqa: F811
    model = Upstream()
    place = f"postgres://postgres@{own_server.address}:{own_server.port}/{own_server.make_database('who')}"
    pair = Pair(tmp_path, place, canaille, authority, model)
    try:
        token = canaille.log_in()["access_token"]
        phase, answers, stop = ["before"], collections.Counter(), threading.Event()

        def go_on(gateway, kind):
            client = pair.client(pair.certificate) if kind == "certificate" else pair.client(authorization=f"Bearer {token}")
            with client as http:
                while not stop.is_set():
                    began = phase[0]
                    answer = http.get(gateway.secure + "/openai/v1/models")
                    code = answer.json()["error"]["code"] if answer.status_code != 200 else ""
                    # What was asked in one phase and answered in the next belongs to neither.
                    if began == phase[0]:
                        answers[began, kind, gateway.port, answer.status_code, code] += 1
                    time.sleep(0.05)

        clients = [threading.Thread(target=go_on, args=(gateway, kind)) for gateway in pair.all for kind in ("certificate", "token")]
        for client in clients:
            client.start()
        time.sleep(0.5)
        phase[0] = "losing"
        own_server.stop()
        pair.until(1, 5)
        phase[0] = "away"
        for gateway in pair.all:
            # A person who has not been seen before: the provider vouches for them, not the store.
            fresh = canaille.log_in()["access_token"]
            with pair.client(authorization=f"Bearer {fresh}") as http:
                assert http.get(gateway.secure + "/openai/v1/models").status_code == 200
            # A key is something that the store would have to know, and to keep.
            with pair.client(authorization="Bearer sk-sluice-" + "0" * 32) as http:
                assert http.get(gateway.secure + "/api/v1/me").status_code == 503
                refused = http.post(gateway.secure + "/api/v1/login/end", content=b"")
                assert refused.status_code == 503 and "store" in refused.json()["error_description"]
        assert all(pair.state(gateway) == 1 for gateway in pair.all), "the grace was over before the test was"
        phase[0] = "ending"
        pair.until(2)
        phase[0] = "lost"
        time.sleep(0.5)
        phase[0] = "returning"
        own_server.start()
        pair.until(0)
        phase[0] = "back"
        time.sleep(0.5)
        stop.set()
        for client in clients:
            client.join(60)
        for gateway in pair.all:
            for kind in ("certificate", "token"):
                found = {name: {(status, code) for (when, what, port, status, code) in answers if (when, what, port) == (name, kind, gateway.port)}
                         for name in ("before", "away", "lost", "back")}
                assert found == {"before": {(200, "")}, "away": {(200, "")}, "lost": {(503, "store_unavailable")}, "back": {(200, "")}}, found
        for gateway in pair.all:
            gateway.stop()
            log = b"".join(file.read_bytes() for file in sorted((gateway.data / "log").glob("segment-*.log")))
            passed = sum(count for (_, _, port, status, _), count in answers.items() if port == gateway.port and status == 200)
            assert len(re.findall(rb'"type":"request"', log)) >= passed, "each request that passed is on record, without the store, too"
            assert b"store_unavailable" not in log, "docs/store.md: of what is refused no record is made"
    finally:
        pair.close()
        model.close()
