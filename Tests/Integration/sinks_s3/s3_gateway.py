"""A gateway with an s3 sink, the stores that it writes to, and what an auditor sees in them."""
import base64
import gzip
import hashlib
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
import uuid

import boto3
import botocore.config
import botocore.exceptions
import pytest

import main_gateway
from fault_proxy import FaultProxy
from main_gateway import ROOT, SLUICE  # noqa: F401
from swift_store import ACCESS, REGION, SECRET, SwiftStore, free_port


class MotoStore:
    """moto's server: Object Lock and conditional puts, and no check of signatures."""

    conditional = True

    def __init__(self, folder):
        self.port = free_port()
        self.log = open(folder / "moto.log", "wb")
        self.process = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
                                        stdout=self.log, stderr=self.log)
        for _ in range(600):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
                connection.request("GET", "/moto-api/")
                connection.getresponse()
                return
            except OSError:
                assert self.process.poll() is None, "moto ended"
                time.sleep(0.05)
        raise AssertionError("moto did not start")

    def check_rights(self):
        """From now on signatures are checked, and what IAM's policies allow."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("POST", "/moto-api/reset-auth", b"0")
        assert connection.getresponse().status == 200

    def stop(self):
        self.process.kill()
        self.process.wait()


class Bucket:
    """A bucket of its own for a test, seen with a client that is not ours."""

    def __init__(self, store, lock=False):
        self.store = store
        self.name = f"evidence-{uuid.uuid4().hex[:12]}"
        self.client = self.client_of(ACCESS, SECRET)
        self.client.create_bucket(Bucket=self.name, **({"ObjectLockEnabledForBucket": True} if lock else {}))

    def client_of(self, key, secret, service="s3"):
        return boto3.client(
            service, endpoint_url=f"http://127.0.0.1:{self.store.port}", region_name=REGION, aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2},
                                          request_checksum_calculation="when_required"))

    def keys(self, part=""):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return sorted(entry["Key"] for page in pages for entry in page.get("Contents", []) if part in entry["Key"])

    def get(self, key):
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def put(self, key, body):
        self.client.put_object(Bucket=self.name, Key=key, Body=body)

    def delete(self, key):
        self.client.delete_object(Bucket=self.name, Key=key)

    def batches(self, log=""):
        return self.keys(f"{log}/records/")

    def lines(self, key):
        """The records of a batch, whose last line has their leaves in the log's tree."""
        body = self.get(key)
        text = gzip.decompress(body) if key.endswith(".gz") else body
        assert text.endswith(b"\n")
        *lines, last = text[:-1].split(b"\n")
        leaves = b"".join(hashlib.sha256(b"\0" + line).digest() for line in lines)
        assert json.loads(last) == {"leaves": base64.b64encode(leaves).decode()}
        return lines

    def records(self, log=""):
        """Every record as it lies there, in the order of the keys; each key says the number of its first."""
        found = []
        for key in self.batches(log):
            lines = self.lines(key)
            assert int(key.rsplit("/", 1)[1].split(".")[0]) == json.loads(lines[0])["sequence"]
            found += lines
        return found


class S3Gateway(main_gateway.Gateway):
    """With an s3 sink behind the others; `sink` are its options, as the pipeline has them."""

    def __init__(self, folder, upstream, sink, variables=None, **settings):
        self.sink = sink
        self.variables = variables or {}
        self.is_written = False
        super().__init__(folder, upstream, **settings)

    def start(self):
        if not self.is_written:
            self.pipeline.write_text(with_sink(self.pipeline.read_text(), self.sink))
            self.is_written = True
        changed = {name: os.environ.get(name) for name in self.variables}
        os.environ.update(self.variables)
        try:
            super().start()
        finally:
            for name, value in changed.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ask(self, key, text="Hello."):
        """One exchange; True where it was answered. The gateway may be killed meanwhile."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", "/openai/v1/chat/completions",
                               json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}),
                               {"Content-Type": "application/json", "Authorization": f"Bearer {key}"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def lag(self):
        """Records that the s3 sink has not acknowledged, as the gateway's metrics have it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return next(int(line.split()[-1]) for line in text.splitlines()
                    if line.startswith("sluice_sink_lag_records") and "s3" in line)

    def wait_for_sink(self, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.lag() == 0:
                return
            time.sleep(0.1)
        raise AssertionError(f"the sink is {self.lag()} records behind: {self.read_log()[-2000:]}")


def with_sink(text, options):
    lines = "".join(f"      {name}: {json.dumps(value)}\n" for name, value in options.items())
    return text.rstrip("\n") + "\n  - sink: s3\n    with:\n" + lines


def options(bucket, folder, port=None, **more):
    """A sink's options for a bucket; the secret is in a file of the test's."""
    secret = folder / "secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    made = {"bucket": bucket.name, "endpoint": f"http://127.0.0.1:{port or bucket.store.port}", "region": REGION,
            "access-key-id": ACCESS, "secret-access-key": f"file:{secret}", "batch": {"age": "0s"}}
    made.update(more)
    return {name: value for name, value in made.items() if value is not None}


def log_records(gateway):
    """The gateway's own log, record by record, from its segments' files."""
    found = []
    for segment in sorted((gateway.data / "log").glob("segment-*.log")):
        data = segment.read_bytes()
        place = 4096
        while place + 40 <= len(data) and (length := int.from_bytes(data[place:place + 4], "little")):
            found.append(data[place + 40:place + 40 + length])
            place += 40 + length
    return found


def assert_stored_once(gateway, bucket):
    """What the bucket holds is the gateway's log: nothing missing, nothing twice, in order."""
    gateway.stop()
    assert gateway.verify().returncode == 0
    kept, stored = log_records(gateway), bucket.records()
    assert [json.loads(line)["sequence"] for line in stored] == list(range(len(stored)))
    assert stored == kept[:len(stored)]
    assert len(stored) == len(kept), f"{len(kept)} records, {len(stored)} in the bucket: {gateway.read_log()[-1500:]}"
    return stored


@pytest.fixture(scope="session")
def swift_store(tmp_path_factory):
    store = SwiftStore(tmp_path_factory.mktemp("swift"))
    yield store
    store.stop()


@pytest.fixture(scope="session")
def moto_store(tmp_path_factory):
    store = MotoStore(tmp_path_factory.mktemp("moto"))
    yield store
    store.stop()


@pytest.fixture(params=["swift_store", "moto_store"])
def bucket(request):
    """In a store that checks signatures and has no conditional puts, and in one that has them."""
    return Bucket(request.getfixturevalue(request.param))


@pytest.fixture
def swift_bucket(swift_store):
    return Bucket(swift_store)


@pytest.fixture
def moto_bucket(moto_store):
    return Bucket(moto_store)


@pytest.fixture
def proxy_to():
    made = []

    def make(store, **more):
        made.append(FaultProxy(store.port, **more))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()


@pytest.fixture
def tls_front(tmp_path, proxy_to):
    """HTTPS in front of a store, with a certificate of an authority that nobody knows: `authority` is its file."""

    def make(store):
        def openssl(*words):
            subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)

        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
        (tmp_path / "names").write_text("subjectAltName=DNS:localhost\n")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.pem",
                "-days", "2", "-extfile", "names")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
        front = proxy_to(store, tls=context)
        front.authority = tmp_path / "ca.pem"
        return front

    return make


@pytest.fixture
def s3_gateway(tmp_path, upstream):
    made = []

    def make(sink, **settings):
        folder = tmp_path / f"gateway-{len(made)}"
        folder.mkdir()
        made.append(S3Gateway(folder, upstream, sink, **settings))
        return made[-1]

    yield make
    for gateway in made:
        if gateway.process.poll() is None:
            gateway.process.kill()
            gateway.process.wait()
