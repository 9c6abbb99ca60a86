#!/usr/bin/env python3
"""Kills gateways under load and breaks their disks, and proves after each that no acknowledged record is missing.

  Tests/Crash/crash.py [--crashes N] [--seconds S] [--seed N] [--only NAME]     NAME: kill, or one of the faults

It prints the figures: crashes tried, records written, lost, doubled. Exit code 1 where anything is lost, doubled, out of order or not
proved. It needs the release build; the faults that need a mount are left out, and said to be, where mounting is not allowed.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import faults
from site_of_crash import Site, Upstream


def kill(upstream, crashes, seconds):
    """SIGKILL at random instants: under load, while it starts, while it ends. Ends early, at a check, after so many seconds."""
    last = time.monotonic() + seconds
    figures = {"crashes": 0, "records": 0, "acknowledged": 0, "upstream": 0}
    site = None
    try:
        for number in range(crashes):
            if site is None:
                site = Site(upstream)
            kind = random.random()
            if kind < 0.1 and site.key:
                # While it starts.
                site.start(wait=False)
                time.sleep(random.random() * 0.3)
                site.kill()
            else:
                site.start()
                if kind < 0.2:
                    # While it ends.
                    site.load(12, random.random() * 0.3, site.process.terminate)
                    time.sleep(random.random() * 0.1)
                    site.kill()
                else:
                    site.load(12, random.random() * 0.7, site.kill)
            figures["crashes"] += 1
            is_last = number == crashes - 1 or time.monotonic() > last
            if number % 5 == 4 or is_last:
                # It recovers by itself, feeds its sink what that lacks, and everything is there.
                site.start()
                site.stop()
                count, lines = site.check()
                site.check_sink(lines)
                if number % 20 == 19 or is_last:
                    site.independent()
                    figures["records"] += count
                    figures["acknowledged"] += len(site.acknowledged)
                    figures["upstream"] += len(upstream.seen)
                    site.remove()
                    site = None
                if is_last:
                    break
    finally:
        if site:
            site.remove()
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crashes", type=int, default=25)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", default=None)
    parser.add_argument("--seconds", type=float, default=1e9, help="start no new crash after so long")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.randrange(1 << 32)
    random.seed(seed)
    print(f"seed {seed}")
    upstream = Upstream()
    began = time.monotonic()
    if arguments.only in (None, "kill"):
        figures = kill(upstream, arguments.crashes, arguments.seconds)
        print(f"kill: {figures['crashes']} crashes, {figures['records']} records written, {figures['acknowledged']} exchanges acknowledged, "
              f"{figures['upstream']} requests went upstream; 0 lost, 0 doubled, all in order, all proved")
    with tempfile.TemporaryDirectory(prefix="sluice-shim-") as folder:
        shim = pathlib.Path(folder) / "shim.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", shim, pathlib.Path(__file__).with_name("shim.c"), "-ldl"], check=True)
        for fault in faults.ALL:
            if arguments.only in (None, fault.__name__):
                print(f"{fault.__name__}: {fault(upstream, shim)}")
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
