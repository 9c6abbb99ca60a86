"""ABI 1.0: plugins built with that day's header load for ever, and a header that has changed is noticed."""
import re
import shutil
import sys

import pytest
from support import CC, HEADERS, ROOT, Report, compile_c, run

FIXTURES = ROOT / "Tests" / "Fixtures"
FIXTURE = FIXTURES / "abi-1.0"
LATER = FIXTURES / "abi-1.0-notify"
KINDS = ["authenticate", "detect", "gate", "guard", "mask", "notify", "score", "sink"]
CONFIGURATIONS = {"sink": 'sink: { path: "${SCRATCH}" }', "authenticate": "authenticate: { token: kJ3vQ9xW2mTz8bLd }"}
PLUGINS = [(day, path.stem) for day in (FIXTURE, LATER) for path in sorted((day / "plugins").glob("*.c"))]


def keeps_to_every_rule(library, name, folder, *arguments):
    (folder / "check.yaml").write_text(CONFIGURATIONS.get(name, "{}") + "\n")
    report = Report(library, "--config", folder / "check.yaml", *arguments)
    assert report.failures == {}
    return report


@pytest.mark.parametrize("day, name", PLUGINS, ids=[f"{day.name}-{name}" for day, name in PLUGINS])
def test_a_plugin_of_then_works_now(day, name, tmp_path):
    library = compile_c(day / "plugins" / f"{name}.c", tmp_path / f"lib{name}.so", headers=day / "include")
    report = keeps_to_every_rule(library, name, tmp_path)
    if day == LATER and name == "sink":
        assert {"probe", "checkpoints", "reading"} <= report.passed
    # The gate has a thread for each question: more than the memory of an isolated one is for.
    if name != "gate":
        keeps_to_every_rule(library, name, tmp_path, "--isolated")


def test_there_is_one_of_each_kind():
    assert {name for day, name in PLUGINS if day == LATER} == set(KINDS)
    gate = (LATER / "plugins" / "gate.c").read_text()
    assert all(field in gate for field in ("required", "break_glass", "break_glass_lifetime"))


def test_plugins_of_then_in_cpp_and_rust(tmp_path):
    library = tmp_path / "libcpp.so"
    run("g++", "-std=c++17", "-O1", "-fPIC", "-shared", "-fvisibility=hidden", "-fvisibility-inlines-hidden", f"-I{LATER}/include",
        f"-Wl,--version-script={ROOT}/Plugins/exports.map", "-o", library, LATER / "plugins" / "detect.cpp", code=0)
    keeps_to_every_rule(library, "detect", tmp_path)
    run("cargo", "build", "--release", "--offline", "--manifest-path", LATER / "rust" / "Cargo.toml", "--target-dir", tmp_path / "rust", code=0)
    keeps_to_every_rule(next((tmp_path / "rust" / "release").glob("libsluice_*.so")), "detect", tmp_path)


def layout(headers):
    """{struct: (size, [(field, offset)])} and {constant: value}, as a C compiler has them."""
    facts = run(sys.executable, ROOT / "Scripts" / "abi-layout.py", headers, code=0).stdout
    structs = {name: (int(size), []) for name, size in re.findall(r"sizeof\((sluice_\w+)\) >= (\d+)", facts)}
    for name, field, offset in re.findall(r"offsetof\((sluice_\w+), (\w+)\) == (\d+)", facts):
        structs[name][1].append((field, int(offset)))
    constants = {name: int(value) for name, value in re.findall(r"FROZEN\((SLUICE_\w+) == (-?\d+)", facts)}
    assert len(structs) >= 40 and len(constants) >= 60
    return structs, constants


def test_rust_has_the_headers_structs(tmp_path):
    """Field by field, in the header's order; a struct may end where an older header ended it."""
    structs, constants = layout(HEADERS)
    source = (ROOT / "Plugins" / "SDK" / "rust" / "src" / "raw.rs").read_text()
    written = source[source.index("structs! {\n    Bytes"):source.index("pub type Open")]
    program = "use sluice::raw::*;\nfn main() {\n"
    for name, body in re.findall(r"^    (\w+) \{(.*?)\}$", written, flags=re.S | re.M):
        fields = re.findall(r"(\w+): ", re.sub(r"<.*?>,", "X,", re.sub(r"fn\(.*?\)( -> \w+)?", "X", body, flags=re.S), flags=re.S))
        known = structs["sluice_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()]
        assert fields == [field for field, _ in known[1]][:len(fields)], name
        ends = {offset for _, offset in known[1][len(fields):]} | {known[0]}
        program += f'    assert!([{", ".join(map(str, sorted(ends)[:1]))}].contains(&std::mem::size_of::<{name}>()), "{name}");\n'
        for field, offset in known[1][:len(fields)]:
            program += f'    assert_eq!(std::mem::offset_of!({name}, {field}), {offset}, "{name}.{field}");\n'
    for name, value in re.findall(r"pub const (\w+): (?:Status|u32) = (-?[0-9xA-F_]+);", source):
        assert constants["SLUICE_" + name] == int(value.replace("_", ""), 0), name
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.rs").write_text(program + "}\n")
    (tmp_path / "Cargo.toml").write_text(
        '[package]\nname = "layout"\nversion = "1.0.0"\nedition = "2021"\n'
        f'[dependencies]\nsluice = {{ path = "{ROOT}/Plugins/SDK/rust" }}\n')
    run("cargo", "run", "--offline", "--manifest-path", tmp_path / "Cargo.toml", "--target-dir", tmp_path / "target", code=0)


def test_swift_has_the_headers_structs(tmp_path):
    """What FilterKit is written against: the header, as Swift imports it."""
    structs, constants = layout(HEADERS)
    program = "import FilterABI\n"
    for name, (size, fields) in structs.items():
        program += f'precondition(MemoryLayout<{name}>.stride == {size}, "{name}")\n'
        for field, offset in fields:
            program += f'precondition(MemoryLayout<{name}>.offset(of: \\.{field}) == {offset}, "{name}.{field}")\n'
    for name, value in constants.items():
        program += f'precondition(UInt64(truncatingIfNeeded: {name}) == {value % 2 ** 64}, "{name}")\n'
    (tmp_path / "main.swift").write_text(program)
    run("swiftc", "-I", HEADERS, "-o", tmp_path / "layout", tmp_path / "main.swift", code=0)
    run(tmp_path / "layout", code=0)


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
