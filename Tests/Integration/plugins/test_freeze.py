"""ABI 1.0: plugins built with that day's header load for ever, and a header that has changed is noticed."""
import shutil

import pytest
from support import CC, HEADERS, ROOT, Report, compile_c, run

FIXTURE = ROOT / "Tests" / "Fixtures" / "abi-1.0"


@pytest.mark.parametrize("name", ["detect", "mask", "gate", "sink", "employee_id"])
def test_a_plugin_of_then_works_now(name, tmp_path):
    library = compile_c(FIXTURE / "plugins" / f"{name}.c", tmp_path / f"lib{name}.so", headers=FIXTURE / "include")
    (tmp_path / "check.yaml").write_text('sink: { path: "${SCRATCH}" }\n' if name == "sink" else "{}\n")
    assert Report(library, "--config", tmp_path / "check.yaml").failures == {}


@pytest.mark.parametrize("file, old, new", [
    ("exchange.h", "uint64_t start; ", "uint32_t start; "),
    ("base.h", "#define SLUICE_PENDING 1", "#define SLUICE_PENDING 2"),
    ("detect.h", 'ID "sluice.detect/1"', 'ID "sluice.detect/3"'),
    ("exchange.h", "  uint32_t size;\n  uint32_t confidence;", "  uint32_t confidence;\n  uint32_t size;"),
    ("sink.h", "  uint64_t retry_after;", "  uint64_t other;"),
])
def test_a_change_of_the_header_is_noticed(file, old, new, tmp_path):
    shutil.copytree(HEADERS, tmp_path / "include")
    header = tmp_path / "include" / "sluice" / file
    assert old in header.read_text()
    header.write_text(header.read_text().replace(old, new, 1))
    done = run(CC, "-std=gnu11", "-fsyntax-only", f"-I{tmp_path}/include", FIXTURE / "layout.c")
    assert done.returncode != 0 and ("has moved" in done.stderr or "something else" in done.stderr
                                     or "has changed" in done.stderr or "no member" in done.stderr), done.stderr


@pytest.mark.parametrize("file, old, new", [
    ("sink.h", "uint64_t retry_after;", "uint32_t retry_after;"),
    ("sink.h", "uint32_t (*promises)(void *instance);", "uint64_t (*promises)(void *instance);"),
    ("exchange.h", "const sluice_principal *principal;", "const void *principal;"),
    ("mask.h", "} sluice_edit;", "  uint64_t more;\n} sluice_edit;"),
])
def test_abidiff_sees_what_a_function_takes(file, old, new, tmp_path):
    """Offsets and sizes stay in some of these: only the types differ."""
    shutil.copytree(HEADERS, tmp_path / "include")
    header = tmp_path / "include" / "sluice" / file
    assert old in header.read_text()
    header.write_text(header.read_text().replace(old, new, 1))
    done = run(ROOT / "Scripts" / "abi-anchor.sh", tmp_path / "include")
    assert done.returncode == 1 and "the ABI has changed" in done.stderr, done.stdout + done.stderr


def test_abidiff_is_content_with_today():
    run(ROOT / "Scripts" / "abi-anchor.sh", code=0)
