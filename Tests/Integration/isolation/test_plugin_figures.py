"""`sluice plugin top` and the metrics behind it: what a running gateway's filters do, in process and isolated."""
import json
import os
import signal
import subprocess
import time
import urllib.request

import main_gateway
import openai
import pytest

NOTE = "Patient Margaret Holloway, DOB 03/14/1961, SSN 536-22-8719, was seen."


@pytest.fixture
def gateway(make_gateway, monkeypatch):
    pipeline = main_gateway.PIPELINE.replace("  - detect: phi\n", "  - detect: phi\n    isolation: process\n    budget: 5s\n")
    monkeypatch.setattr(main_gateway, "PIPELINE", pipeline)
    return make_gateway()


def ask(gateway, key):
    client = openai.OpenAI(base_url=gateway.base, api_key=key, max_retries=0)
    return client.chat.completions.create(model="m", messages=[{"role": "user", "content": NOTE}])


def top(gateway):
    done = gateway.run("plugin", "top", "--gateway", f"http://127.0.0.1:{gateway.port}", "--json")
    figures = json.loads(done.stdout)
    return {filter["filter"]: filter for filter in figures["filters"]}, figures


def test_what_each_filter_did(gateway):
    before, _ = top(gateway)
    assert all(filter["calls"] == 0 for filter in before.values() if filter["filter"] != "sink/file")
    ask(gateway, gateway.key())
    after, figures = top(gateway)
    assert list(after) == ["authenticate/keys", "guard/rules", "detect/phi", "mask/phi", "score/phi", "gate/threshold", "sink/file"]
    assert after["detect/phi"]["findings"] >= 3 and after["detect/phi"]["bytes"] >= len(NOTE)
    for name in list(after)[:6]:
        assert after[name]["calls"] >= 1 and after[name]["seconds"] > 0, name
        assert after[name]["failures"] == after[name]["overruns"] == 0 and not after[name]["unhealthy"]
    [plugin] = figures["plugins"]
    assert plugin["processes"] == 1 and plugin["restarts"] == 0 and plugin["resident-bytes"] > 1 << 20


def test_a_process_that_was_started_again_is_counted(gateway):
    child = int(subprocess.run(["pgrep", "-P", str(gateway.process.pid), "-f", "plugin-host"], capture_output=True, text=True).stdout)
    os.kill(child, signal.SIGKILL)
    for _ in range(400):
        filters, figures = top(gateway)
        if figures["plugins"][0]["restarts"] == 1 and figures["plugins"][0]["processes"] == 1:
            break
        time.sleep(0.05)
    assert figures["plugins"][0]["restarts"] == 1 and not filters["detect/phi"]["unhealthy"]


def test_the_metrics_are_well_formed(gateway):
    """Each sample belongs to the family over it, and none stands twice."""
    ask(gateway, gateway.key())
    text = urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/metrics").read().decode()
    family, seen = "", set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            family = line.split()[2]
        elif not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            assert name.split("{")[0].removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") in (family, family.removesuffix("_count"))
            assert name not in seen and float(value) >= 0
            seen.add(name)
    assert "Margaret" not in text


def test_people_get_a_table_and_a_missing_gateway_is_told(gateway):
    done = gateway.run("plugin", "top", "--gateway", f"http://127.0.0.1:{gateway.port}", "--once")
    assert "detect/phi" in done.stdout and "started again 0 times" in done.stdout
    gateway.stop()
    done = gateway.run("plugin", "top", "--gateway", f"http://127.0.0.1:{gateway.port}", "--json", check=False)
    assert done.returncode == 2 and "can't be asked" in done.stderr
    assert gateway.run("plugin", "top", "--gateway", "nonsense", check=False).returncode == 64
