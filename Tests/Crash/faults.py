"""Disks that are full, that fail, that are read-only; clocks that are off; directories that anybody may read. After each: closed, with a
clear message, and nothing that was acknowledged is missing."""
import contextlib
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile

from site_of_crash import SLUICE, Site


def closed(site):
    """It takes nothing more and says so."""
    assert "evidence_unavailable" in site.codes, site.codes
    assert site.ready() == 503, "a gateway that can't record is not ready"


def recovers(site, what):
    """Healed and started anew, everything acknowledged is there, and it goes on."""
    before = len(site.acknowledged)
    site.start()
    site.codes.clear()
    site.load(4, 0.3, lambda: None)
    site.stop()
    count, lines = site.check()
    site.check_sink(lines)
    site.independent()
    assert len(site.acknowledged) > before, "it does not go on"
    return f"{what}; {count} records, {len(site.acknowledged)} exchanges acknowledged; 0 lost, 0 doubled"


@contextlib.contextmanager
def made(upstream, folder=None):
    site = Site(upstream, folder)
    try:
        yield site
    finally:
        site.remove()


@contextlib.contextmanager
def small_disk(size):
    """A file system of that size, or None where mounting is not allowed."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-disk-"))
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
    try:
        yield folder if done.returncode == 0 else None
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "-l", folder], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def disk_full(upstream, shim):
    with small_disk("48m") as folder:
        if folder is None:
            return "left out: mounting is not allowed here"
        with made(upstream, folder) as site:
            site.start()
            site.load(8, 6, lambda: None)
            closed(site)
            assert "No space left on device" in site.text() or site.ready() == 503
            site.kill()
            subprocess.run(["mount", "-o", "remount,size=600m", folder], check=True)
            return recovers(site, "48 MiB full, then enlarged")


def file_size_limit(upstream, shim):
    with made(upstream) as site:
        site.start(preexec=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
        # Not before: a plugin that is copied into memory is larger.
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (8 << 20, 8 << 20))
        site.load(8, 4, lambda: None)
        closed(site)
        site.kill()
        return recovers(site, "files of 8 MiB at most")


def failing_sync(upstream, shim):
    results = []
    for after in (3, 40, 200):
        with made(upstream) as site:
            site.start()
            site.stop()
            site.start({"LD_PRELOAD": str(shim), "SHIM_PATH": "/data/log/segment-", "SHIM_SYNC": str(after)}, wait=after > 3)
            if after > 3:
                site.load(8, 2, lambda: None)
                closed(site)
            site.kill()
            results.append(recovers(site, f"EIO after {after} syncs"))
    return " | ".join(results)


def failing_write(upstream, shim):
    with made(upstream) as site:
        site.start()
        site.stop()
        site.start({"LD_PRELOAD": str(shim), "SHIM_PATH": "/data/log/segment-", "SHIM_WRITE": "60"})
        site.load(8, 2, lambda: None)
        closed(site)
        site.kill()
        return recovers(site, "half a write, then ENOSPC")


def failing_checkpoint(upstream, shim):
    with made(upstream) as site:
        site.start()
        site.load(4, 0.3, lambda: None)
        site.stop()
        # The first checkpoint of this run can't be synchronised.
        site.start({"LD_PRELOAD": str(shim), "SHIM_PATH": "/data/log/checkpoints", "SHIM_SYNC": "0"}, wait=False)
        site.process.send_signal(signal.SIGTERM)
        site.process.wait(60)
        return recovers(site, "EIO at a checkpoint")


def clock_off(upstream, shim):
    with made(upstream) as site:
        for offset in ("-3600", "3600", "-86400"):
            site.start({"LD_PRELOAD": str(shim), "SHIM_CLOCK": offset})
            site.load(4, 0.3, lambda: None)
            site.kill()
        return recovers(site, "an hour back, an hour on, a day back")


def read_only(upstream, shim):
    with small_disk("200m") as folder:
        if folder is None:
            return "left out: mounting is not allowed here"
        with made(upstream, folder) as site:
            site.start()
            site.load(4, 0.3, lambda: None)
            site.stop()
            subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
            done = subprocess.run(
                [SLUICE, "serve", site.pipeline, "--listen", "127.0.0.1:0", "--data", site.data],
                capture_output=True, text=True, timeout=30)
            assert done.returncode != 0 and ("ead-only" in done.stderr or "readonly" in done.stderr), done.stderr
            subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
            return recovers(site, "refused at start: " + done.stderr.strip().splitlines()[-1][:90])


def insecure_directory(upstream, shim):
    results = []
    for change, back, word in (
        (lambda log: log.chmod(0o755), lambda log: log.chmod(0o700), "chmod 700"),
        (lambda log: (log.rename(log.parent / "real"), log.symlink_to("real")), lambda log: (log.unlink(), (log.parent / "real").rename(log)), "symbolic link"),
    ):
        with made(upstream) as site:
            site.start()
            site.load(4, 0.3, lambda: None)
            site.stop()
            log = site.data / "log"
            change(log)
            done = subprocess.run(
                [SLUICE, "serve", site.pipeline, "--listen", "127.0.0.1:0", "--data", site.data],
                capture_output=True, text=True, timeout=30)
            assert done.returncode == 2 and word in done.stderr, done.stderr
            back(log)
            results.append(recovers(site, f"refused ({word})"))
    return " | ".join(results)


ALL = [disk_full, file_size_limit, failing_sync, failing_write, failing_checkpoint, clock_off, read_only, insecure_directory]
