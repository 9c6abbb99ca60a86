"""What objects are asked to be: locked, encrypted, of a class; and which keys sign for them."""
import datetime
import http.server
import json
import pathlib
import re
import threading
import time

import botocore.exceptions
import pytest

from s3_gateway import ROOT, Bucket, MotoStore, assert_stored_once, options
from swift_store import ACCESS, SECRET


def test_object_lock(s3_gateway, moto_store, tmp_path, proxy_to):
    bucket = Bucket(moto_store, lock=True)
    proxy = proxy_to(moto_store)
    kms_key = bucket.client_of("a", "b", "kms").create_key()["KeyMetadata"]["Arn"]
    gateway = s3_gateway(options(bucket, tmp_path, port=proxy.port, **{
        "object-lock": {"mode": "compliance", "days": 2192, "legal-hold": True},
        "encryption": {"type": "aws:kms", "key": kms_key}, "storage-class": "STANDARD_IA"}))
    assert gateway.ask(gateway.key())
    gateway.wait_for_sink()
    for key in bucket.keys():
        head = bucket.client.head_object(Bucket=bucket.name, Key=key)
        until = head["ObjectLockRetainUntilDate"] - datetime.datetime.now(datetime.timezone.utc)
        assert head["ObjectLockMode"] == "COMPLIANCE" and 2191 < until.total_seconds() / 86400 < 2193
        assert head["ObjectLockLegalHoldStatus"] == "ON" and head["ServerSideEncryption"] == "aws:kms"
        assert head["StorageClass"] == "STANDARD_IA"
        with pytest.raises(botocore.exceptions.ClientError):
            bucket.client.delete_object(Bucket=bucket.name, Key=key, VersionId=head["VersionId"])
    for method, path, headers, length in proxy.requests:
        if method == "PUT":
            assert "x-amz-checksum-sha256" in headers and len(headers["x-amz-content-sha256"]) == 64
            assert headers["x-amz-server-side-encryption-aws-kms-key-id"] == kms_key
    assert_stored_once(gateway, bucket)


def test_md5_for_older_stores(s3_gateway, bucket, tmp_path, proxy_to):
    proxy = proxy_to(bucket.store)
    gateway = s3_gateway(options(bucket, tmp_path, port=proxy.port, checksum="md5"))
    assert gateway.ask(gateway.key())
    gateway.wait_for_sink()
    puts = [headers for method, _, headers, _ in proxy.requests if method == "PUT"]
    assert puts and all("content-md5" in headers and "x-amz-checksum-sha256" not in headers for headers in puts)
    assert_stored_once(gateway, bucket)


class Metadata:
    """The metadata service of a machine with a role. Each key is good for `seconds`."""

    def __init__(self, seconds):
        self.keys = []
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, status, text=""):
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def do_PUT(self):
                good = self.path == "/latest/api/token" and self.headers["x-aws-ec2-metadata-token-ttl-seconds"]
                self.answer(200, "the-token") if good else self.answer(400)

            def do_GET(self):
                if self.headers["x-aws-ec2-metadata-token"] != "the-token":
                    return self.answer(401)
                root = "/latest/meta-data/iam/security-credentials/"
                if self.path == root:
                    return self.answer(200, "evidence-writer")
                if self.path != root + "evidence-writer":
                    return self.answer(404)
                end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
                service.keys.append(f"ROLE{len(service.keys)}")
                self.answer(200, json.dumps({
                    "Code": "Success", "AccessKeyId": service.keys[-1], "SecretAccessKey": SECRET, "Token": f"session-of-{service.keys[-1]}",
                    "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ")}))

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def test_the_role_of_the_machine(s3_gateway, moto_bucket, tmp_path, proxy_to):
    """A key is replaced five minutes before its end: one that is good for 303 seconds, after three."""
    metadata = Metadata(303)
    proxy = proxy_to(moto_bucket.store)
    sink = options(moto_bucket, tmp_path, port=proxy.port, credentials="instance-role",
                   **{"access-key-id": None, "secret-access-key": None})
    gateway = s3_gateway(sink, variables={"AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.address})
    key = gateway.key()
    assert gateway.ask(key)
    gateway.wait_for_sink()
    time.sleep(4)
    assert gateway.ask(key)
    gateway.wait_for_sink()
    signed = [(headers["authorization"].split("Credential=")[1].split("/")[0], headers["x-amz-security-token"])
              for _, _, headers, _ in proxy.requests]
    names = {name for name, _ in signed}
    assert len(names) > 1 and names <= set(metadata.keys) and all(token == f"session-of-{name}" for name, token in signed)
    assert_stored_once(gateway, moto_bucket)
    assert SECRET not in gateway.read_log()


def test_keys_of_the_environment_and_of_a_profile(s3_gateway, swift_bucket, tmp_path):
    none = {"access-key-id": None, "secret-access-key": None}
    one = s3_gateway(options(swift_bucket, tmp_path, prefix="one", **none),
                     variables={"AWS_ACCESS_KEY_ID": ACCESS, "AWS_SECRET_ACCESS_KEY": SECRET})
    assert one.ask(one.key())
    one.wait_for_sink()
    profile = tmp_path / "credentials"
    profile.write_text(f"[default]\naws_access_key_id = x\naws_secret_access_key = y\n\n[evidence]\naws_access_key_id = {ACCESS}\n"
                       f"aws_secret_access_key = {SECRET}\n")
    profile.chmod(0o600)
    other = s3_gateway(options(swift_bucket, tmp_path, prefix="two", credentials="profile:evidence", **none),
                       variables={"AWS_SHARED_CREDENTIALS_FILE": str(profile)})
    assert other.ask(other.key())
    other.wait_for_sink()
    assert swift_bucket.keys("one/") and swift_bucket.keys("two/")
    assert SECRET not in one.read_log() + other.read_log()


def test_the_policies_of_the_readme_are_enough(s3_gateway, tmp_path):
    """The documents that the README gives, with a check of rights: the writer can do its work, and can't delete."""
    text = (ROOT / "Plugins" / "S3" / "README.md").read_text()
    writer, of_bucket = re.findall(r"```json\n(.*?)```", text, re.S)
    store = MotoStore(tmp_path)
    try:
        bucket = Bucket(store, lock=True)
        iam = bucket.client_of("a", "b", "iam")
        iam.create_user(UserName="admin")
        iam.put_user_policy(UserName="admin", PolicyName="all", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
        admin = iam.create_access_key(UserName="admin")["AccessKey"]
        iam.create_user(UserName="evidence-writer")
        iam.put_user_policy(UserName="evidence-writer", PolicyName="write", PolicyDocument=writer.replace("phi-evidence", bucket.name))
        mine = iam.create_access_key(UserName="evidence-writer")["AccessKey"]
        bucket.client.put_bucket_policy(Bucket=bucket.name, Policy=of_bucket.replace("phi-evidence", bucket.name))
        bucket.client.delete_bucket_policy(Bucket=bucket.name)  # the document is accepted; its conditions are Amazon's to judge
        store.check_rights()
        bucket.client = bucket.client_of(admin["AccessKeyId"], admin["SecretAccessKey"])
        sink = options(bucket, tmp_path, **{"access-key-id": mine["AccessKeyId"],
                                            "object-lock": {"mode": "governance", "days": 1, "legal-hold": True}})
        (tmp_path / "secret").write_text(mine["SecretAccessKey"])
        gateway = s3_gateway(sink)
        assert gateway.ask(gateway.key())
        gateway.wait_for_sink()
        key = assert_stored_once(gateway, bucket) and bucket.batches()[0]
        written = bucket.client_of(mine["AccessKeyId"], mine["SecretAccessKey"])
        for forbidden in (lambda: written.delete_object(Bucket=bucket.name, Key=key), lambda: written.delete_bucket(Bucket=bucket.name)):
            with pytest.raises(botocore.exceptions.ClientError) as caught:
                forbidden()
            assert caught.value.response["Error"]["Code"] == "AccessDenied"
        # Without the rights of Object Lock the same key is not enough: the check is one.
        admin_iam = bucket.client_of(admin["AccessKeyId"], admin["SecretAccessKey"], "iam")
        less = writer.replace("phi-evidence", bucket.name).replace('"s3:PutObject", ', "")
        admin_iam.put_user_policy(UserName="evidence-writer", PolicyName="write", PolicyDocument=less)
        gateway.start()
        assert gateway.ask(gateway.key())
        time.sleep(2)
        assert gateway.lag() > 0
    finally:
        store.stop()
