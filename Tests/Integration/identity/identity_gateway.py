"""A gateway that knows people by an OpenID provider, and a provider of the tests that signs whatever a test wants."""
import base64
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ROOT = pathlib.Path(__file__).resolve().parents[3]
SLUICE = ROOT / ".build" / "release" / "sluice"

PIPELINE = """
pipeline: test
listen: /openai
protocol: openai
upstream: {{ url: "http://127.0.0.1:{upstream}" }}
stages:
{authenticate}
  - detect: phi
  - mask: phi
  - sink: file
    with: {{ directory: {evidence} }}
"""


NOT_ACCEPTED = (
    '{"error":{"message":"The key is not accepted. Log in again, or ask whoever runs the gateway for a new one; the exchange\'s id '
    'tells them why. [exchange ]","type":"authentication_error","param":null,"code":"invalid_api_key"}}')


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def b64(data):
    if isinstance(data, (dict, list)):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    """A key pair, its JWK, and how it signs."""

    def __init__(self, kid, alg, private=None):
        self.kid, self.alg = kid, alg
        curves = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}
        if private is None:
            if alg in curves:
                private = ec.generate_private_key(curves[alg]())
            elif alg == "EdDSA":
                private = ed25519.Ed25519PrivateKey.generate()
            else:
                private = rsa.generate_private_key(65537, 2048)
        self.private = private
        self.jwk = {"kid": kid, **self._public()}

    def _public(self):
        public = self.private.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            numbers = public.public_numbers()
            return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
        if isinstance(public, ec.EllipticCurvePublicKey):
            numbers, size = public.public_numbers(), (public.key_size + 7) // 8
            names = {256: "P-256", 384: "P-384", 521: "P-521"}
            curve = "secp256k1" if public.curve.name == "secp256k1" else names[public.key_size]
            return {"kty": "EC", "crv": curve, "x": number(numbers.x, size), "y": number(numbers.y, size)}
        return {"kty": "OKP", "crv": "Ed25519", "x": b64(public.public_bytes_raw())}

    def sign(self, text, alg=None):
        alg = alg or self.alg
        if alg == "EdDSA":
            return self.private.sign(text)
        digest = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}[alg[2:5]]()
        if alg.startswith("ES"):
            size = (self.private.key_size + 7) // 8
            r, s = decode_dss_signature(self.private.sign(text, ec.ECDSA(digest)))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")
        if alg.startswith("PS"):
            return self.private.sign(text, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
        return self.private.sign(text, padding.PKCS1v15(), digest)


class Provider:
    """Discovery and keys on loopback, which a test may change, break and count."""

    def __init__(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.requests.append(self.path)
                status, body, fields = outer.answer(self.path)
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.requests = []
        self.keys = []
        self.extra = []
        self.broken = None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path):
        if self.broken:
            return self.broken(path)
        if path == "/.well-known/openid-configuration":
            body = {"issuer": self.issuer, "jwks_uri": self.issuer + "/keys"}
        elif path == "/keys":
            body = {"keys": [key.jwk for key in self.keys] + self.extra}
        else:
            return 404, b"", {}
        return 200, json.dumps(body).encode(), {"content-type": "application/json"}

    def claims(self, **more):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "sluice", "sub": "ana", "iat": now, "exp": now + 300, "groups": ["clinicians"]}
        claims.update(more)
        return {name: value for name, value in claims.items() if value is not ...}

    def token(self, key=None, header=None, payload=None, alg=None, **claims):
        key = key or self.keys[0]
        head = {"alg": alg or key.alg, "kid": key.kid, "typ": "JWT", **(header or {})}
        head = {name: value for name, value in head.items() if value is not ...}
        signed = b64(head) + "." + b64(self.claims(**claims) if payload is None else payload)
        return signed + "." + b64(key.sign(signed.encode(), alg))

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Upstream:
    def __init__(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.requests.append(dict(self.headers))
                body = b'{"object":"list","data":[]}'
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                self.rfile.read(int(self.headers["content-length"]))
                self.do_GET()

            def log_message(self, *words):
                pass

        self.requests = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Gateway:
    def __init__(self, folder, upstream, authenticate, options=(), ready=None):
        self.data, self.port = folder / "data", free_port()
        self.pipeline = folder / "pipeline.yaml"
        self.pipeline.write_text(
            PIPELINE.format(upstream=upstream.port, authenticate=authenticate, evidence=folder / "evidence"))
        self.log = open(folder / "gateway.log", "wb")
        self.ready = ready
        self.process = subprocess.Popen(
            [SLUICE, "serve", self.pipeline, "--listen", f"127.0.0.1:{self.port}", "--data", self.data, "--loops", "1", *options],
            stdout=self.log, stderr=self.log)
        for _ in range(300):
            if (ready or self.is_ready)(self):
                return
            assert self.process.poll() is None, "the gateway ended: " + self.read_log()
            time.sleep(0.05)
        raise AssertionError("the gateway did not become ready")

    @staticmethod
    def is_ready(self):
        return self.request("/readyz")[0] == 200

    def read_log(self):
        return pathlib.Path(self.log.name).read_text()

    def request(self, path="/openai/v1/models", body=None, headers=None):
        """Status and text of an answer; 0 where there is none."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data=body, headers={"content-type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def ask(self, token, header="authorization"):
        """Status and the reason that the message names."""
        value = f"Bearer {token}" if header == "authorization" else token
        status, text = self.request(headers={header: value})
        return status, self.recorded_reason(text) if "is not accepted" in text else ""

    def recorded_reason(self, text):
        """Why it was refused, as the record of that exchange says. The client is told the same, whatever it was."""
        exchange = re.search(r"\[exchange (ex_[a-z0-9]+)\]", text)[1]
        assert text.replace(exchange, "") == NOT_ACCEPTED, text
        # Twenty refusals in a second get a record of their own.
        time.sleep(0.06)
        for segment in (self.data / "log").glob("segment-*.log"):
            found = re.search(rb'"rule":"([a-z0-9-]+)","verdict":"deny"\},"exchange":"%s"' % exchange.encode(), segment.read_bytes())
            if found:
                return found[1].decode()
        raise AssertionError("the refusal is not in the log")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(40) == 0, self.read_log()

    def records(self):
        found = []
        while True:
            done = subprocess.run([SLUICE, "evidence", "show", self.data, str(len(found)), "--json"], capture_output=True, text=True)
            if done.returncode != 0:
                return found
            found.append(json.loads(done.stdout))


def oidc(issuer, **settings):
    """An authenticate stage."""
    values = {"issuer": issuer, "audience": "sluice", "groups-claim": "groups", **settings}
    return f"  - authenticate: oidc\n    with: {json.dumps(values)}"


@pytest.fixture(scope="module")
def provider():
    server = Provider()
    yield server
    server.close()


@pytest.fixture(scope="module")
def upstream():
    server = Upstream()
    yield server
    server.close()


@pytest.fixture
def make_gateway(tmp_path, upstream):
    made = []

    def make(authenticate, **options):
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Gateway(folder, upstream, authenticate, **options))
        return made[-1]

    yield make
    for gateway in made:
        if gateway.process.poll() is None:
            gateway.process.kill()
            gateway.process.wait()
