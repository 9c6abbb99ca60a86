"""What is wrong with the settings is said at `check` and at the start, at its place in the pipeline file."""
import re
import subprocess

import pytest

from fault_proxy import Answer
from main_gateway import SLUICE
from s3_gateway import options, with_sink
from swift_store import ACCESS, SECRET


PIPELINE = """
pipeline: test
listen: /openai
protocol: openai
upstream:
  url: http://127.0.0.1:9
stages:
  - authenticate: keys
  - detect: phi
  - mask: phi
"""


def check(tmp_path, sink, word, variables=None):
    """Runs `sluice check` and returns its complaint, after a look at whether it names the line of the option."""
    text = with_sink(PIPELINE, sink)
    pipeline = tmp_path / "pipeline.yaml"
    pipeline.write_text(text)
    done = subprocess.run([SLUICE, "check", pipeline], capture_output=True, text=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin", **(variables or {})})
    assert SECRET not in done.stdout + done.stderr
    if word is None:
        assert done.returncode == 0, done.stderr
        return done.stderr
    assert done.returncode == 1, done.stdout + done.stderr
    line, column = map(int, re.search(r"pipeline\.yaml:(\d+):(\d+)", done.stderr).groups())
    shown = text.splitlines()[line - 1]
    assert shown.strip().startswith(word), f"{line}:{column} {shown}: {done.stderr}"
    return done.stderr


def test_good_settings_pass(bucket, tmp_path):
    check(tmp_path, options(bucket, tmp_path), None)
    assert bucket.keys() == []  # a check changes nothing


def test_a_wrong_secret(swift_bucket, tmp_path):
    sink = options(swift_bucket, tmp_path)
    (tmp_path / "secret").write_text("wrong")
    said = check(tmp_path, sink, "access-key-id")
    assert "SignatureDoesNotMatch" in said


def test_an_unknown_key(swift_bucket, tmp_path):
    said = check(tmp_path, options(swift_bucket, tmp_path, **{"access-key-id": "nobody:here"}), "access-key-id")
    assert "denies" in said


def test_a_missing_bucket(bucket, tmp_path):
    said = check(tmp_path, {**options(bucket, tmp_path), "bucket": "evidence-that-is-not-there"}, "bucket")
    assert "no such bucket" in said


def test_no_right(swift_store, swift_bucket, tmp_path):
    """Another user of the same account, whom nobody gave this bucket."""
    said = check(tmp_path, options(swift_bucket, tmp_path, **{"access-key-id": "test:reader"}), "access-key-id")
    assert "AccessDenied" in said


def test_no_keys(bucket, tmp_path):
    none = {"access-key-id": None, "secret-access-key": None}
    said = check(tmp_path, options(bucket, tmp_path, **none), "")
    assert "AWS_ACCESS_KEY_ID" in said
    check(tmp_path, options(bucket, tmp_path, credentials="environment", **none), None,
          {"AWS_ACCESS_KEY_ID": ACCESS, "AWS_SECRET_ACCESS_KEY": SECRET})


def test_a_role_where_there_is_none(bucket, tmp_path):
    sink = options(bucket, tmp_path, credentials="instance-role", **{"access-key-id": None, "secret-access-key": None})
    said = check(tmp_path, sink, "credentials", {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:9"})
    assert "metadata service does not answer" in said


def test_no_object_lock_on_the_bucket(bucket, tmp_path):
    said = check(tmp_path, options(bucket, tmp_path, **{"object-lock": {"mode": "governance", "days": 1}}), "object-lock")
    assert "has no Object Lock" in said


def test_another_region(moto_bucket, tmp_path, proxy_to):
    proxy = proxy_to(moto_bucket.store)
    proxy.fault = lambda *request: Answer(301, "PermanentRedirect", headers={
        "x-amz-bucket-region": "eu-central-1", "Location": "http://127.0.0.1:9/elsewhere"})
    said = check(tmp_path, options(moto_bucket, tmp_path, port=proxy.port), "region")
    assert "region: eu-central-1" in said


def test_a_clock_an_hour_off_is_said_and_used(moto_bucket, tmp_path, proxy_to):
    said = check(tmp_path, options(moto_bucket, tmp_path, port=proxy_to(moto_bucket.store, clock=-3600).port), None)
    assert "clock is wrong" in said and "seconds=-3" in said


def test_a_clock_two_days_off(moto_bucket, tmp_path, proxy_to):
    said = check(tmp_path, options(moto_bucket, tmp_path, port=proxy_to(moto_bucket.store, clock=2 * 86400).port), "")
    assert "more than a day" in said


def test_a_secret_in_the_file(bucket, tmp_path):
    said = check(tmp_path, options(bucket, tmp_path, **{"secret-access-key": SECRET}), "secret-access-key")
    assert SECRET not in said


@pytest.mark.parametrize("answer", [
    Answer(200, body=b"<html>hello</html>"), Answer(200, body=b"<!DOCTYPE x [<!ENTITY a 'b'>]><ListBucketResult/>"),
    Answer(200, body=b"<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"),
    Answer(200, body=b"x" * (5 << 20)), Answer(200, headers={f"x-{n}": "y" * 1000 for n in range(80)}),
], ids=["html", "doctype", "endless", "long", "headers"])
def test_what_is_no_store(moto_bucket, tmp_path, proxy_to, answer):
    proxy = proxy_to(moto_bucket.store)
    proxy.fault = lambda *request: answer
    check_any(tmp_path, options(moto_bucket, tmp_path, port=proxy.port))


def check_any(tmp_path, sink):
    """It ends, and says something; where the answer was cut off as too long it may be later's."""
    pipeline = tmp_path / "pipeline.yaml"
    pipeline.write_text(with_sink(PIPELINE, sink))
    done = subprocess.run([SLUICE, "check", pipeline], capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1) and done.stderr, done


def test_tls(moto_bucket, tmp_path, tls_front):
    front = tls_front(moto_bucket.store)
    sink = options(moto_bucket, tmp_path, endpoint=f"https://localhost:{front.port}")
    said = check(tmp_path, sink, "")
    assert "certificate is not trusted" in said
    check(tmp_path, {**sink, "ca": str(front.authority)}, None)
