"""The SDKs: examples in each language keep to every rule, and what a filter throws or panics with stops at the border."""
import shutil

import pytest
from support import HEADERS, ROOT, Report, run

CXX = shutil.which("g++") or shutil.which("clang++")
EXAMPLES = ROOT / "Plugins" / "Examples"

THROWS = """
#include "sluice.hpp"
#include <stdexcept>
struct Thrower {
  static constexpr const char *name = "thrower", *summary = "throws", *schema = R"({"type":"object"})";
  explicit Thrower(const sluice::Config &) {}
  std::uint64_t maximum_hold() const { return 0; }
  struct Session {
    Session(const Thrower &, const sluice::Exchange &) {}
    std::uint64_t feed(const sluice::Segment &, std::uint64_t base, std::string_view text, bool, const sluice::Findings &) {
      if (text.find("4711") != text.npos) throw std::runtime_error(std::string(text));
      if (text.find("MRN") != text.npos) throw 4711;
      return base + text.size();
    }
  };
};
SLUICE_PLUGIN("org.example.thrower", "1.0.0", "sluice.detect/1", sluice::Detect<Thrower>)
"""

PANICS = """
use sluice::*;
struct Panics;
impl Filter for Panics {
    const NAME: &'static str = "panics";
    const SUMMARY: &'static str = "panics";
    const SCHEMA: &'static str = r#"{"type":"object"}"#;
    fn new(_: &Config) -> Result<Self> { Ok(Panics) }
}
struct Session;
impl Guard for Panics {
    type Session = Session;
    fn wants_text(&self) -> bool { true }
    fn open(&self, _: &Exchange) -> Result<Session> { Ok(Session) }
}
impl GuardSession for Session {
    fn segment(&mut self, _: &Segment, text: &[u8], _: &List<raw::Finding>) -> Result<()> {
        if text.len() > 100 { panic!("{}", String::from_utf8_lossy(text)) }
        Ok(())
    }
    fn finish(&mut self) -> Result<Verdict> { Ok(Verdict::Allow) }
}
plugin! { id: "org.example.panics", version: "1.0.0", extensions: "sluice.guard/1", "sluice.guard/1" => guard_table::<Panics>() }
"""


def cargo(manifest, target):
    run("cargo", "build", "--release", "--offline", "--manifest-path", manifest, "--target-dir", target, code=0)
    return next((target / "release").glob("libsluice_*.so"))


def test_the_mask_in_cpp(tmp_path):
    library = tmp_path / "libsluice-surrogate-name.so"
    run("make", "-C", EXAMPLES / "SurrogateName", f"OUT={library}", code=0)
    assert Report(library).failures == {}
    assert Report(library, "--isolated").failures == {}


def test_the_detector_in_rust(tmp_path):
    library = cargo(EXAMPLES / "HospitalMrn" / "Cargo.toml", tmp_path / "target")
    texts = tmp_path / "texts"
    texts.write_text("MRN-84620177 and MRN-12345670, not MRN-12345678 or XMRN-84620177\nMRN-00482915\n")
    report = Report(library, "--texts", texts)
    assert report.failures == {}
    assert Report(library, "--texts", texts, "--isolated").failures == {}
    # Those with a right check digit alone, in each way of cutting.
    split = next(rule for rule in report.json["rules"] if rule["rule"] == "splits")
    assert " 3 findings" in split["messages"][0], split


@pytest.mark.parametrize("folder, name", [("EmployeeId", "employee-id"), ("NationalId", "national-id")])
def test_the_detectors_in_c(folder, name, tmp_path):
    made = tmp_path / folder
    shutil.copytree(EXAMPLES / folder, made)
    run("make", "-C", made, f"HEADERS={HEADERS}", code=0)
    (tmp_path / "texts").write_text("DNI 12345678Z, 00000000T. not 12345678A or x12345678Z\n12345678z\n")
    report = Report(made / f"libsluice-{name}.so", "--texts", tmp_path / "texts")
    assert report.failures == {}
    assert Report(made / f"libsluice-{name}.so", "--texts", tmp_path / "texts", "--isolated").failures == {}
    if name == "national-id":
        split = next(rule for rule in report.json["rules"] if rule["rule"] == "splits")
        assert " 3 findings" in split["messages"][0], split


def test_an_exception_stops_at_the_border(tmp_path):
    (tmp_path / "thrower.cpp").write_text(THROWS)
    shutil.copy(ROOT / "Plugins" / "exports.map", tmp_path)
    library = tmp_path / "libthrower.so"
    run(CXX, "-std=c++17", "-fPIC", "-shared", "-fvisibility=hidden", f"-I{HEADERS}", f"-I{ROOT}/Plugins/SDK/cpp",
        f"-Wl,--version-script={tmp_path}/exports.map", "-o", library, tmp_path / "thrower.cpp", code=0)
    # What it throws differs with the cuts, so that splits alone may complain; nothing crashes, and no text comes out.
    assert set(Report(library).failures) <= {"splits", "repeat", "turns", "threads"}


def test_a_panic_stops_at_the_border(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "lib.rs").write_text(PANICS)
    (tmp_path / "Cargo.toml").write_text(
        '[package]\nname = "sluice-panics"\nversion = "1.0.0"\nedition = "2021"\n'
        '[lib]\nname = "sluice_panics"\ncrate-type = ["cdylib"]\n'
        f'[dependencies]\nsluice = {{ path = "{ROOT}/Plugins/SDK/rust" }}\n')
    assert Report(cargo(tmp_path / "Cargo.toml", tmp_path / "target")).failures == {}
