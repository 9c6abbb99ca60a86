"""What the gateway has on record is in the bucket: once, in order, whatever happens to either of them."""
import json
import random
import shutil
import threading
import time

import pytest

from fault_proxy import Answer
from s3_gateway import assert_stored_once, log_records, options


def test_records_are_objects(s3_gateway, bucket, tmp_path):
    gateway = s3_gateway(options(bucket, tmp_path, prefix="gateways/east"))
    key = gateway.key()
    for _ in range(5):
        assert gateway.ask(key)
    gateway.wait_for_sink()
    stored = assert_stored_once(gateway, bucket)
    log = json.loads(stored[0])["log"]
    folder = f"gateways/east/{log}/"
    assert all(name.startswith(folder) for name in bucket.keys())
    assert bucket.batches()[0] == folder + "records/00000000000000000000.jsonl.gz"
    assert bucket.keys("/writers/") == ([] if bucket.store.conditional else [folder + "writers/00000000000000000001.json"])
    head = bucket.client.head_object(Bucket=bucket.name, Key=bucket.batches()[0])
    assert head["ContentType"] == "application/gzip" and head["Metadata"]["records"] == str(len(bucket.lines(bucket.batches()[0])))


def test_plain_lines_and_a_later_start(s3_gateway, bucket, tmp_path):
    gateway = s3_gateway(options(bucket, tmp_path, compress=False))
    key = gateway.key()
    for turn in range(3):
        assert gateway.ask(key)
        gateway.stop()
        gateway.start()
    gateway.wait_for_sink()
    assert_stored_once(gateway, bucket)
    assert all(name.endswith(".jsonl") for name in bucket.batches())


def test_records_wait_for_company(s3_gateway, bucket, tmp_path):
    gateway = s3_gateway(options(bucket, tmp_path, batch={"age": "2s"}))
    key = gateway.key()
    gateway.wait_for_sink()
    before = len(bucket.batches())
    for _ in range(20):
        assert gateway.ask(key)
    gateway.wait_for_sink()
    made = len(bucket.batches()) - before
    assert_stored_once(gateway, bucket)
    assert made <= 3


def test_batches_are_closed_by_count(s3_gateway, moto_bucket, tmp_path):
    gateway = s3_gateway(options(moto_bucket, tmp_path, batch={"age": "0s", "records": 4}))
    key = gateway.key()
    for _ in range(10):
        assert gateway.ask(key)
    gateway.wait_for_sink()
    assert_stored_once(gateway, moto_bucket)
    assert max(len(moto_bucket.lines(name)) for name in moto_bucket.batches()) <= 4


def test_virtual_hosts(s3_gateway, swift_bucket, tmp_path):
    sink = options(swift_bucket, tmp_path, addressing="virtual-host", endpoint=f"http://localhost:{swift_bucket.store.port}")
    gateway = s3_gateway(sink)
    assert gateway.ask(gateway.key())
    gateway.wait_for_sink()
    assert_stored_once(gateway, swift_bucket)


def busy(gateway, stop):
    """Clients that go on asking, whether they are answered or not."""
    key = gateway.key()

    def work():
        while not stop.is_set():
            if not gateway.ask(key, "Mrs. Margaret Holloway asks."):
                time.sleep(0.02)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    return threads


FAULTS = {
    "slow down": lambda: Answer(503, "SlowDown"), "internal": lambda: Answer(500, "InternalError"),
    "no xml": lambda: Answer(502, body=b"<html><body>Bad Gateway</body></html>"),
    "retry after": lambda: Answer(503, "ServiceUnavailable", headers={"Retry-After": "1"}), "cut": lambda: "cut",
    "lost": lambda: "lost", "half": lambda: "half",
}


def test_a_store_that_fails_at_random(s3_gateway, bucket, tmp_path, proxy_to):
    proxy = proxy_to(bucket.store)
    dice = random.Random(7)
    proxy.fault = lambda *request: FAULTS[dice.choice(list(FAULTS))]() if dice.random() < 0.3 else None
    gateway = s3_gateway(options(bucket, tmp_path, port=proxy.port, timeout="5s"))
    stop = threading.Event()
    threads = busy(gateway, stop)
    time.sleep(8)
    stop.set()
    for thread in threads:
        thread.join()
    proxy.fault = lambda *request: None
    gateway.wait_for_sink(90)
    assert_stored_once(gateway, bucket)


def test_a_put_whose_answer_is_lost_is_no_second_object(s3_gateway, bucket, tmp_path, proxy_to):
    proxy = proxy_to(bucket.store)
    lost = []

    def fault(method, path, headers):
        if method == "PUT" and "/records/" in path and len(lost) < 3 and path not in lost:
            lost.append(path)
            return "lost"

    proxy.fault = fault
    gateway = s3_gateway(options(bucket, tmp_path, port=proxy.port))
    key = gateway.key()
    for _ in range(4):
        assert gateway.ask(key)
        gateway.wait_for_sink()
    assert len(lost) == 3
    assert_stored_once(gateway, bucket)


def test_an_outage_longer_than_patience(s3_gateway, swift_store, swift_bucket, tmp_path):
    gateway = s3_gateway(options(swift_bucket, tmp_path))
    key = gateway.key()
    assert gateway.ask(key)
    gateway.wait_for_sink()
    swift_store.stop_proxy()
    try:
        for _ in range(30):
            assert gateway.ask(key)  # the gateway goes on: its own log has the records
        assert gateway.lag() > 0
    finally:
        swift_store.start()
    gateway.wait_for_sink(90)
    assert_stored_once(gateway, swift_bucket)


def test_a_store_that_is_away_at_the_start(s3_gateway, swift_store, swift_bucket, tmp_path):
    swift_store.stop_proxy()
    try:
        gateway = s3_gateway(options(swift_bucket, tmp_path))
        assert gateway.ask(gateway.key())
        assert "can't be reached yet" in gateway.read_log()
    finally:
        swift_store.start()
    gateway.wait_for_sink(90)
    assert_stored_once(gateway, swift_bucket)


def test_silence_is_given_up(s3_gateway, moto_bucket, tmp_path, proxy_to):
    proxy = proxy_to(moto_bucket.store)
    silent = []

    def fault(method, path, headers):
        if method == "PUT" and "/records/" in path and not silent:
            silent.append(path)
            return "silent"

    proxy.fault = fault
    gateway = s3_gateway(options(moto_bucket, tmp_path, port=proxy.port, timeout="1s"))
    assert gateway.ask(gateway.key())
    gateway.wait_for_sink()
    assert silent
    assert_stored_once(gateway, moto_bucket)


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_is_an_hour_off(s3_gateway, moto_bucket, tmp_path, proxy_to, hours):
    proxy = proxy_to(moto_bucket.store, clock=hours * 3600)
    gateway = s3_gateway(options(moto_bucket, tmp_path, port=proxy.port))
    assert gateway.ask(gateway.key())
    gateway.wait_for_sink()
    assert "clock is wrong" in gateway.read_log()
    assert_stored_once(gateway, moto_bucket)


def test_killed_again_and_again(s3_gateway, bucket, tmp_path, proxy_to):
    """kill -9 at random instants, among them while a put is under way that arrives after the next start."""
    proxy = proxy_to(bucket.store)
    dice = random.Random(11)

    def fault(method, path, headers):
        if method == "PUT" and "/records/" in path and dice.random() < 0.3:
            time.sleep(dice.random() * 0.8)  # the request is whole here; its sender may be dead when it goes on
        return None

    proxy.fault = fault
    gateway = s3_gateway(options(bucket, tmp_path, port=proxy.port))
    stop = threading.Event()
    threads = busy(gateway, stop)
    for _ in range(12):
        time.sleep(0.2 + dice.random())
        gateway.kill()
        gateway.start()
    stop.set()
    for thread in threads:
        thread.join()
    gateway.wait_for_sink(90)
    assert_stored_once(gateway, bucket)


def test_a_put_that_arrives_after_the_next_start(s3_gateway, bucket, tmp_path, proxy_to):
    """A gateway dies while the store has its put whole and does not do it yet. The next one puts other records behind the
    same ones; then the old put is done after all. Where the store can't refuse it, it must change nothing."""
    proxy = proxy_to(bucket.store)
    armed, held, release = threading.Event(), [], threading.Event()

    def fault(method, path, headers):
        if method == "PUT" and "/records/" in path and armed.is_set() and not held:
            held.append(path)
            release.wait(60)

    proxy.fault = fault
    gateway = s3_gateway(options(bucket, tmp_path, port=proxy.port))
    key = gateway.key()
    assert gateway.ask(key)
    gateway.wait_for_sink()
    armed.set()
    assert gateway.ask(key)
    for _ in range(200):
        if held:
            break
        time.sleep(0.05)
    assert held
    for _ in range(10):
        assert gateway.ask(key)
    gateway.kill()
    gateway.start()
    for _ in range(10):
        assert gateway.ask(key)
    gateway.wait_for_sink()
    before = bucket.records()
    count = len([done for done in proxy.passed if done[1] == held[0] and done[0] == "PUT"])
    release.set()
    for _ in range(200):
        late = [done for done in proxy.passed if done[1] == held[0] and done[0] == "PUT"][count:]
        if late:
            break
        time.sleep(0.05)
    assert [status for _, _, status in late] == [412 if bucket.store.conditional else 200]
    assert bucket.records()[:len(before)] == before
    assert_stored_once(gateway, bucket)


def test_two_gateways_with_one_log(s3_gateway, bucket, tmp_path):
    """A copy of a gateway's data is started beside it, and both go on: the copy finds that the bucket's last record is not
    its own, and stops; the first goes on, and nothing of it is overwritten."""
    gateway = s3_gateway(options(bucket, tmp_path))
    key = gateway.key()
    assert gateway.ask(key)
    gateway.stop()
    copy = s3_gateway(options(bucket, tmp_path))
    copy.stop()
    shutil.rmtree(copy.data)
    shutil.copytree(gateway.data, copy.data)
    gateway.start()
    gateway.wait_for_sink()
    log = json.loads(log_records(gateway)[0])["log"]
    before = bucket.records(log)
    copy.start()
    for turn in range(5):
        assert gateway.ask(key) and copy.ask(key)
        time.sleep(0.3)
    gateway.wait_for_sink()
    assert copy.lag() > 0
    after = bucket.records(log)
    gateway.stop()
    copy.stop()
    assert after[:len(before)] == before and len(after) > len(before) + 10
    assert after == log_records(gateway)[:len(after)]


def test_a_store_whose_clock_is_an_hour_ahead(s3_gateway, swift_store, swift_bucket, tmp_path):
    """A real store, which refuses what is signed for another time than its own."""
    port = swift_store.start_skewed(3600)
    gateway = s3_gateway(options(swift_bucket, tmp_path, port=port))
    assert gateway.ask(gateway.key())
    gateway.wait_for_sink()
    assert "clock is wrong" in gateway.read_log()
    assert_stored_once(gateway, swift_bucket)
