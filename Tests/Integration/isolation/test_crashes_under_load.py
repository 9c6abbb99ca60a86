"""A detector that crashes on one request in a hundred, under 200 streams at once: the others finish unharmed, no protected
byte goes out, and neither memory nor descriptors grow. SLUICE_FAULT_SECONDS makes it longer than the half minute that it takes."""
import asyncio
import os
import pathlib
import re
import urllib.request

import fault_load
import main_gateway

SECONDS = float(os.environ.get("SLUICE_FAULT_SECONDS", "18"))
FAULTS = main_gateway.SLUICE.parent / "libtest-faults.so"


def figures(gateway):
    process = pathlib.Path(f"/proc/{gateway.process.pid}")
    text = urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/metrics").read().decode()
    return {
        "crashes": sum(int(n) for n in re.findall(r"^sluice_plugin_restarts_total\{.*\} (\d+)", text, re.M)),
        "descriptors": len(list((process / "fd").iterdir())),
        "threads": len(list((process / "task").iterdir())),
        "megabytes": int(re.search(r"VmRSS:\s+(\d+)", (process / "status").read_text())[1]) / 1024,
    }


def test_crashes_under_load(make_gateway, monkeypatch):
    monkeypatch.setattr(main_gateway, "PIPELINE", main_gateway.PIPELINE.replace(
        "  - detect: phi\n", f"  - detect: test-faults\n    plugin: {FAULTS}\n    budget: 10s\n  - detect: phi\n"))

    async def run():
        model = fault_load.Model()
        await model.start()
        gateway = await asyncio.to_thread(
            make_gateway, url=f"http://127.0.0.1:{model.port}", idle="60s", request_time="60s", response_time="60s")
        key = await asyncio.to_thread(gateway.key)
        # What is there once, and then for good: threads, pools, the process that stands by.
        await fault_load.Load(gateway.port, key, 200).run(4)
        before = await asyncio.to_thread(figures, gateway)
        load = fault_load.Load(gateway.port, key, 200)
        await load.run(SECONDS)
        # As many crashes as there can be: every fourth request.
        many = fault_load.Load(gateway.port, key, 50, every=4)
        await many.run(SECONDS)
        after = await asyncio.to_thread(figures, gateway)
        print(f"asked {load.asked}, passed {load.passed}, denied {load.denied}, cut {load.cut}; of the many "
              f"{many.asked}, {many.passed}, {many.denied}, {many.cut}; {before} -> {after}")
        assert not load.problems, load.problems[:3]
        assert not [p for p in many.problems if p[0] != "harmed"], many.problems[:3]
        # In a storm of crashes a call may meet one after another, until it is given up.
        assert len(many.problems) <= many.asked / 20, many.problems[:3]
        assert load.passed > 200 and load.denied > 0 and load.cut > 0 and len(load.texts) == 1
        assert many.texts <= load.texts and not any(word.encode() in model.received for word in ["Margaret", "536-22"])
        assert after["crashes"] - before["crashes"] >= (load.denied + load.cut) * 0.9
        assert after["descriptors"] <= before["descriptors"] + 24
        assert after["threads"] <= before["threads"] + 8
        assert after["megabytes"] <= before["megabytes"] * 1.25 + 16
        gateway.stop()
        verified = gateway.verify()
        assert verified.returncode == 0, verified.stdout

    asyncio.run(run())
