"""What the tests of plugins share: the built executable, a C compiler, and the conformance kit's verdict."""
import json
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
RELEASE = ROOT / ".build" / "release"
SLUICE = pathlib.Path(os.environ.get("SLUICE", RELEASE / "sluice"))
# Scripts/check-sanitized.sh --swift: other builds of what is shipped, and the runtime that they need.
SHIPPED = pathlib.Path(os.environ.get("SLUICE_SHIPPED", RELEASE))
SANITIZER = os.environ.get("SLUICE_SANITIZER")
HEADERS = ROOT / "Sources" / "FilterABI" / "include"
BROKEN = ROOT / "Tests" / "TestPlugins" / "Broken"
CC = shutil.which("gcc") or shutil.which("gcc") or shutil.which("clang")


def run(*arguments, code=None, **options):
    """Runs a command; with `code` it has to end with that."""
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, timeout=600, **options)
    if code is not None:
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done


def sluice(*arguments, code=0, **options):
    return run(SLUICE, *arguments, code=code, **options)


def compile_c(source, library, *flags, headers=HEADERS):
    """Builds a plugin from one C file."""
    run(CC, "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-fPIC", "-shared",
        "-fvisibility=hidden", f"-I{headers}", *flags, "-o", library, source, "-lpthread", code=0)
    return library


class Report:
    """What `sluice plugin check --json` says."""

    def __init__(self, library, *arguments):
        environment = {**os.environ, "LD_PRELOAD": SANITIZER} if SANITIZER else None
        self.done = run(SLUICE, "plugin", "check", library, "--json", "--seed", "7", *arguments, env=environment)
        assert self.done.returncode in (0, 1), self.done.stderr
        self.json = json.loads(self.done.stdout)
        self.failures = {rule["rule"]: rule["messages"] for rule in self.json["rules"] if rule["verdict"] == "fail"}
        self.passed = {rule["rule"] for rule in self.json["rules"] if rule["verdict"] == "pass"}
        assert self.done.returncode == (1 if self.failures else 0)
