"""Verify, search and replay from the bucket alone; and what was done to a bucket is found and named."""
import base64
import gzip
import hashlib
import json
import subprocess
import time

import pytest

from main_gateway import SLUICE
from s3_gateway import Bucket, S3Gateway, assert_stored_once, log_records, options
from swift_store import ACCESS, REGION, SECRET
from upstream import Upstream


class Auditor:
    """Somebody with the public key and the right to read, and nothing of the gateway's."""

    def __init__(self, gateway, bucket, tmp_path):
        self.key = (gateway.data / "log" / "checkpoint.pub").read_text().strip()
        self.log = json.loads(log_records(gateway)[0])["log"]
        secret = tmp_path / "auditors-secret"
        secret.write_text(SECRET)
        secret.chmod(0o600)
        self.place = (f"s3://{bucket.name}?endpoint=http://127.0.0.1:{bucket.store.port}&region={REGION}"
                      f"&access-key-id={ACCESS}&secret-access-key=file:{secret}")

    def run(self, command, *words, at=None):
        return subprocess.run([SLUICE, "evidence", command, at or self.place, *words], capture_output=True, text=True, timeout=120)

    def verify(self):
        return self.run("verify", "--key", self.key)


def make_log(gateway, bucket):
    """Evidence of a dozen exchanges, in several objects; the gateway is stopped."""
    key = gateway.key()
    for _ in range(12):
        assert gateway.ask(key, "Mrs. Margaret Holloway asks.")
    gateway.wait_for_sink()
    assert_stored_once(gateway, bucket)


SEVERAL = {"batch": {"age": "2s", "records": 7}}


@pytest.fixture(scope="session", params=["swift_store", "moto_store"])
def original(request, tmp_path_factory):
    """A log in a bucket, made once for each store."""
    bucket = Bucket(request.getfixturevalue(request.param))
    folder = tmp_path_factory.mktemp("original")
    server = Upstream()
    gateway = S3Gateway(folder, server, options(bucket, folder, **SEVERAL))
    make_log(gateway, bucket)
    server.close()
    return gateway, bucket


@pytest.fixture
def kept(original, tmp_path):
    """A copy of that bucket, and its auditor."""
    gateway, bucket = original
    copy = Bucket(bucket.store)
    for key in bucket.keys():
        copy.put(key, bucket.get(key))
    return gateway, copy, Auditor(gateway, copy, tmp_path)


def test_the_bucket_alone_is_enough(kept):
    gateway, bucket, auditor = kept
    size = len(log_records(gateway))
    done = auditor.verify()
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(auditor.run("verify", "--key", auditor.key, "--json").stdout)["records"] == size
    sessions = json.loads(auditor.run("sessions", "--json").stdout)
    assert [session["subject"] for session in sessions] == ["ana"] and sessions[0]["exchanges"] == 12
    replayed = auditor.run("replay", sessions[0]["id"], "--at-once")
    assert replayed.returncode == 0 and "NAME_" in replayed.stdout and "Holloway" not in replayed.stdout
    shown = auditor.run("show", "5", "--json")
    assert json.loads(shown.stdout)["sequence"] == 5
    assert auditor.run("verify", "--key", auditor.key, at=auditor.place + "#" + auditor.log).returncode == 0


def test_without_the_key_nothing_is_proved(kept):
    _, _, auditor = kept
    done = auditor.run("verify")
    assert done.returncode == 2 and "--key" in done.stdout


def test_a_reader_changes_nothing(kept, proxy_to):
    _, bucket, auditor = kept
    proxy = proxy_to(bucket.store)
    auditor.place = auditor.place.replace(str(bucket.store.port), str(proxy.port))
    assert auditor.verify().returncode == 0
    assert {method for method, *_ in proxy.requests} <= {"GET", "HEAD"}


def test_it_is_whole_while_the_gateway_goes_on(s3_gateway, bucket, tmp_path):
    gateway = s3_gateway(options(bucket, tmp_path))
    key = gateway.key()
    assert gateway.ask(key)
    auditor = Auditor(gateway, bucket, tmp_path)
    deadline = time.monotonic() + 60
    while not bucket.keys("/checkpoints/") and time.monotonic() < deadline:  # the first comes when it is idle
        time.sleep(0.3)
    gateway.ask(key)
    done = auditor.verify()
    assert done.returncode == 0, done.stdout


def packed(lines, last):
    return gzip.compress(b"\n".join([*lines, last]) + b"\n")


def unpacked(bucket, key):
    *lines, last = gzip.decompress(bucket.get(key))[:-1].split(b"\n")
    return lines, last


def last_line(lines):
    leaves = b"".join(hashlib.sha256(b"\0" + line).digest() for line in lines)
    return b'{"leaves":"' + base64.b64encode(leaves) + b'"}'


def first_of(key):
    return int(key.rsplit("/", 1)[1].split(".")[0])


# Each does something to the batch `key` (or `other`, which comes later), and returns the number of the first record that
# has to be named; None: a range of records between two checkpoints is all that can be known.

def edit(bucket, key, other):
    """A word is changed in one record, and the object is packed anew."""
    lines, last = unpacked(bucket, key)
    lines[3] = lines[3].replace(b'"v":1}', b'"v":2}')
    bucket.put(key, packed(lines, last))
    return first_of(key) + 3


def edit_with_its_leaf(bucket, key, other):
    """The same, and the leaves are made to fit: the checkpoints tell, and so name a range."""
    lines, last = unpacked(bucket, key)
    lines[3] = lines[3].replace(b'"time":"2', b'"time":"1')
    bucket.put(key, packed(lines, last_line(lines)))
    return None


def delete(bucket, key, other):
    bucket.delete(key)
    return first_of(key)


def delete_one(bucket, key, other):
    lines, last = unpacked(bucket, key)
    del lines[2]
    bucket.put(key, packed(lines, last))
    return first_of(key) + 2


def swap(bucket, key, other):
    one, two = bucket.get(key), bucket.get(other)
    bucket.put(key, two)
    bucket.put(other, one)
    return first_of(key)


def swap_two(bucket, key, other):
    lines, last = unpacked(bucket, key)
    lines[1], lines[2] = lines[2], lines[1]
    bucket.put(key, packed(lines, last))
    return first_of(key) + 1


def truncate(bucket, key, other):
    """Half of the bytes: how many records can still be unpacked is gzip's to say."""
    body = bucket.get(key)
    bucket.put(key, body[:len(body) // 2])
    return range(first_of(key), first_of(key) + 8)


def empty(bucket, key, other):
    bucket.put(key, b"")
    return first_of(key)


def extra(bucket, key, other):
    """An object between two others, with a record that is already there."""
    lines, _ = unpacked(bucket, key)
    name = key.replace(f"{first_of(key):020}", f"{first_of(key) + 2:020}")
    bucket.put(name, packed([lines[2]], last_line([lines[2]])))
    return first_of(key) + 2


def cut_the_end(bucket, key, other):
    gone = bucket.batches()[-2:]
    for name in gone:
        bucket.delete(name)
    return first_of(gone[0])


def forge_a_checkpoint(bucket, key, other):
    name = bucket.keys("/checkpoints/")[-1]
    lines = bucket.get(name).split(b"\n")
    lines[2] = base64.b64encode(bytes(32))
    bucket.put(name, b"\n".join(lines))
    return None


@pytest.mark.parametrize("change", [edit, edit_with_its_leaf, delete, delete_one, swap, swap_two, truncate, empty, extra,
                                    cut_the_end, forge_a_checkpoint], ids=lambda change: change.__name__)
def test_what_was_done_to_the_bucket_is_named(kept, change):
    _, bucket, auditor = kept
    assert auditor.verify().returncode == 0
    key, other = [name for name in bucket.batches() if len(bucket.lines(name)) >= 5][:2]
    named = change(bucket, key, other)
    done = auditor.verify()
    assert done.returncode == 1, done.stdout
    problems = json.loads(auditor.run("verify", "--key", auditor.key, "--json").stdout)["problems"]
    if named is not None:
        assert problems[0]["first"] in ([named] if isinstance(named, int) else named), problems


def test_a_damaged_bucket_is_not_written_to(s3_gateway, bucket, tmp_path):
    """A gateway that finds its newest batch changed stops the sink; the bucket stays as it is for examination."""
    gateway = s3_gateway(options(bucket, tmp_path, **SEVERAL))
    make_log(gateway, bucket)
    newest = bucket.batches()[-1]
    lines, last = unpacked(bucket, newest)
    bucket.put(newest, packed([line.replace(b'"v":1}', b'"v":2}') for line in lines], last))
    before = {key: bucket.get(key) for key in bucket.keys("/records/")}
    gateway.start()
    assert gateway.ask(gateway.key())
    time.sleep(3)
    assert gateway.lag() > 0
    assert {key: bucket.get(key) for key in bucket.keys("/records/")} == before
