#!/usr/bin/env python3
"""How fast the s3 sink catches up, beside `curl` putting the same bytes into the same store in the same run.

A gateway makes a log without the sink. Then it is started with it, against a store on loopback (as the tests start it), and the time is taken from its start until the sink has acknowledged every record. Then one `curl` process
puts the very objects that the sink made, one after the other on one connection.

    .build-python/bin/python Benchmarks/s3_sink.py [--store swift|moto] [--exchanges 1500] [--bytes 40000]
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "Tests" / "Integration" / "sinks_s3"), str(ROOT / "Tests" / "Integration" / "main_job")]

import s3_gateway  # noqa: E402
from swift_store import ACCESS, REGION, SECRET, SwiftStore  # noqa: E402
from upstream import Upstream  # noqa: E402

WORDS = "the patient was seen and has no complaint today labs are stable plan follow up in two weeks with a new note".split()


def traffic(gateway, exchanges, size):
    key = gateway.key()
    dice = random.Random(3)
    left = [exchanges]
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                if left[0] == 0:
                    return
                left[0] -= 1
                text = " ".join(dice.choices(WORDS, k=size // 5))
            assert gateway.ask(key, text)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def catch_up(gateway):
    """Seconds until the sink has everything: from the gateway's start, and from when it served."""
    began = time.monotonic()
    gateway.start()
    served = time.monotonic()
    while gateway.lag() > 0:
        time.sleep(0.01)
    ended = time.monotonic()
    return ended - began, ended - served


def put_with_curl(bucket, folder):
    lines = []
    for number, key in enumerate(bucket.batches()):
        (folder / f"{number}").write_bytes(bucket.get(key))
        # In an address, as curl's `user` ends the name at the first colon.
        place = f"http://{ACCESS.replace(':', '%3A')}:{SECRET}@127.0.0.1:{bucket.store.port}/{bucket.name}/by-curl/{number}"
        lines += [f'url = "{place}"', f'upload-file = "{folder}/{number}"',
                  'header = "x-amz-content-sha256: UNSIGNED-PAYLOAD"', f'aws-sigv4 = "aws:amz:{REGION}:s3"',
                  "silent", "fail", 'output = "/dev/null"', "next"]
    (folder / "config").write_text("\n".join(lines[:-1]) + "\n")
    subprocess.run(["sync"], check=True)
    began = time.monotonic()
    subprocess.run(["curl", "--config", folder / "config"], check=True)
    return time.monotonic() - began


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--exchanges", type=int, default=1500)
    arguments.add_argument("--bytes", type=int, default=40000, help="of each prompt")
    arguments.add_argument("--store", choices=["swift", "moto"], default="swift")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="s3-sink-") as name:
        folder = pathlib.Path(name)
        upstream = Upstream()
        store = SwiftStore(folder / "swift") if options.store == "swift" else s3_gateway.MotoStore(folder)
        try:
            for compress in (True, False):
                bucket = s3_gateway.Bucket(store)
                place = folder / f"gateway-{compress}"
                place.mkdir()
                gateway = s3_gateway.S3Gateway(place, upstream, s3_gateway.options(bucket, place, compress=compress))
                text = gateway.pipeline.read_text()
                gateway.stop()
                gateway.pipeline.write_text(text[:text.index("  - sink: s3")])
                gateway.start()
                traffic(gateway, options.exchanges, options.bytes)
                gateway.stop()
                records = s3_gateway.log_records(gateway)
                kept = len(bucket.records())
                gateway.pipeline.write_text(text)
                whole, seconds = catch_up(gateway)
                stored = bucket.records()
                gateway.stop()
                assert stored[:len(records)] == records
                (place / "objects").mkdir()
                peer = put_with_curl(bucket, place / "objects")
                size = sum(map(len, records)) / 1e6
                wire = sum(file.stat().st_size for file in (place / "objects").glob("[0-9]*")) / 1e6
                count = len(records) - kept
                print(f"{'gzip ' if compress else 'plain'}: {count} records, {size:.1f} MB, in {len(bucket.batches())} objects of {wire:.1f} MB: "
                      f"sink {seconds:.2f} s, {whole:.2f} s with the gateway's start ({count / seconds:.0f} records/s, {size / seconds:.1f} MB/s of records, {wire / seconds:.1f} MB/s sent), "
                      f"curl {peer:.2f} s ({wire / peer:.1f} MB/s), ratio {peer / seconds:.2f}", flush=True)
        finally:
            upstream.close()
            store.stop()


main()
