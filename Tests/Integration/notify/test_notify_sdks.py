"""A gate with all of its terms and a notifier, written on the SDKs, in a gateway."""
import json
import shutil
import subprocess
import time

import pytest

import main_gateway
from main_gateway import ROOT
from notify_gateway import Asking, pending
from test_notify_replies import post


CPP = r"""
#include "sluice.hpp"
#include <cstdio>

struct TwoPeople {
  static constexpr const char *name = "two-people", *summary = "asks two people", *schema = R"({"type":"object"})";
  explicit TwoPeople(const sluice::Config &) {}
  sluice::Decision decide(const sluice_gate_request &) const {
    return sluice::Decision::hold("officers", 2, 600, "Two people have to approve it.")
        .require("privacy").require("security").approver("board").local_operator(true).let_break_glass({"physicians", "nurses"}, 1800);
  }
};

struct Spool {
  static constexpr const char *name = "two-people", *summary = "writes files";
  static constexpr const char *schema = R"({"type":"object","properties":{"folder":{"type":"string"}}})";
  std::string folder;
  explicit Spool(const sluice::Config &config) : folder(config.text("folder")) {}
  sluice::Delivery send(const sluice::Notification &notification) const {
    if (notification.attempt() == 1) return sluice::Delivery::retry(1);
    std::FILE *file = std::fopen((folder + "/" + std::string(notification.id())).c_str(), "w");
    if (file == nullptr) throw sluice::Error(SLUICE_ERROR_UNAVAILABLE, "The spool is missing.");
    std::fprintf(file, "%.*s\n%.*s", int(notification.reference().size()), notification.reference().data(),
                 int(notification.json().size()), notification.json().data());
    std::fclose(file);
    return sluice::Delivery::delivered("spooled");
  }
  sluice::HookAnswer receive(const sluice::HookCall &call, const sluice::Replies &replies) const {
    if (call.header("x-secret") != "open sesame") throw sluice::Error(SLUICE_ERROR_INPUT, "Not from us.");
    const std::string who(call.header("x-who"));
    std::uint32_t outcome = replies.take({true, std::string(call.body()), who, {who == "bo" ? "privacy" : "security"}, who, "", who, call.time() + 60});
    return {200, "text/plain", std::to_string(outcome)};
  }
};
SLUICE_PLUGIN("org.example.two-people", "1.0.0", "sluice.gate/1 sluice.notify/1", sluice::Gate<TwoPeople>, sluice::Notify<Spool>)
"""

RUST = r"""
use sluice::*;
struct TwoPeople;
impl Filter for TwoPeople {
    const NAME: &'static str = "two-people";
    const SUMMARY: &'static str = "asks two people";
    const SCHEMA: &'static str = r#"{"type":"object"}"#;
    fn new(_: &Config) -> Result<Self> { Ok(TwoPeople) }
}
impl Gate for TwoPeople {
    fn decide(&self, _: u32, _: u64, _: Option<&Exchange>) -> Result<Decision> {
        Ok(Decision::Hold(Hold {
            approvers: vec!["officers".into(), "board".into()],
            required: vec!["privacy".into(), "security".into()],
            quorum: 2,
            expires: 600,
            local_operator: true,
            break_glass: Some(BreakGlass { groups: vec!["physicians".into(), "nurses".into()], anyone: false, lifetime: 1800 }),
            reason: "Two people have to approve it.".into(),
        }))
    }
}
struct Spool { folder: String }
impl Filter for Spool {
    const NAME: &'static str = "two-people";
    const SUMMARY: &'static str = "writes files";
    const SCHEMA: &'static str = r#"{"type":"object","properties":{"folder":{"type":"string"}}}"#;
    fn new(config: &Config) -> Result<Self> {
        let folder = config.json.split('"').nth(3).unwrap_or("").to_string();
        Ok(Spool { folder })
    }
}
impl Notify for Spool {
    const RECEIVES: bool = true;
    fn send(&self, notification: &Notification) -> Result<Delivery> {
        if notification.attempt == 1 { return Ok(Delivery::Retry(1)); }
        std::fs::write(format!("{}/{}", self.folder, notification.id), format!("{}\n{}", notification.reference, notification.json))
            .map_err(|_| Error::unavailable("The spool is missing."))?;
        Ok(Delivery::Delivered("spooled".into()))
    }
    fn receive(&self, call: &HookCall, replies: &Replies) -> Result<HookAnswer> {
        if call.header("x-secret") != Some(&b"open sesame"[..]) {
            return Err(Error { status: raw::ERROR_INPUT, message: "Not from us.".into(), pointer: String::new() });
        }
        let who = String::from_utf8_lossy(call.header("x-who").unwrap_or(b"")).to_string();
        let group = if who == "bo" { "privacy" } else { "security" };
        let outcome = replies.take(&Reply {
            approval: String::from_utf8_lossy(call.body).to_string(), approves: true, subject: who.clone(), groups: vec![group.into()],
            person: who.clone(), comment: String::new(), once: who, replay_until: call.time + 60,
        });
        Ok(HookAnswer { status: 200, content_type: "text/plain".into(), body: (outcome as u32).to_string().into_bytes() })
    }
}
plugin! { id: "org.example.two-people", version: "1.0.0", extensions: "sluice.gate/1 sluice.notify/1",
          "sluice.gate/1" => gate_table::<TwoPeople>(), "sluice.notify/1" => notify_table::<Spool>() }
"""


def build(language, folder):
    """The plugin in a folder of its own, by the name that a pipeline knows it by."""
    made = folder / "plugins"
    made.mkdir()
    if language == "cpp":
        (folder / "plugin.cpp").write_text(CPP)
        subprocess.run(
            [shutil.which("g++") or shutil.which("clang++"), "-std=c++17", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-fvisibility=hidden",
             f"-I{ROOT}/Sources/FilterABI/include", f"-I{ROOT}/Plugins/SDK/cpp", f"-Wl,--version-script={ROOT}/Plugins/exports.map",
             "-o", made / "libsluice-two-people.so", folder / "plugin.cpp"], check=True)
        return made
    (folder / "src").mkdir()
    (folder / "src" / "lib.rs").write_text(RUST)
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "sluice-two-people"\nversion = "1.0.0"\nedition = "2021"\n[lib]\nname = "sluice_two_people"\ncrate-type = ["cdylib"]\n'
        f'[dependencies]\nsluice = {{ path = "{ROOT}/Plugins/SDK/rust" }}\n')
    subprocess.run(["cargo", "build", "--release", "--offline", "--manifest-path", folder / "Cargo.toml", "--target-dir", folder / "target"], check=True)
    shutil.copy(next((folder / "target" / "release").glob("libsluice_*.so")), made / "libsluice-two-people.so")
    shutil.rmtree(folder / "target")
    return made


@pytest.mark.parametrize("language", ["cpp", "rust"])
def test_a_gate_and_a_notifier_on_the_sdk(language, make_notified, tmp_path, monkeypatch):
    monkeypatch.setenv("SLUICE_PLUGINS", str(build(language, tmp_path)))
    spool = tmp_path / "spool"
    spool.mkdir()
    replaced = main_gateway.PIPELINE
    start, end = replaced.index("  - gate: threshold"), replaced.index("  - sink: file")
    monkeypatch.setattr(main_gateway, "PIPELINE", main_gateway.Template(replaced[:start] + "  - gate: two-people\n    isolation: none\n" + replaced[end:]))
    gateway = make_notified(f"  - notify: two-people\n    isolation: none\n    with: {{ folder: '{spool}' }}", {}, hold="60s")
    asking = Asking(gateway)
    approval = pending(gateway)["id"]
    shown = json.loads(gateway.run("approvals", "show", approval, "--data", gateway.data, "--json").stdout)
    assert shown["quorum"] == 2 and set(shown["approvers"]) >= {"officers", "board"} and shown["required"] == ["privacy", "security"], shown
    refused = gateway.run("break-glass", approval, "--reason", "x", "--data", gateway.data, env={"SLUICE_KEY": gateway.key("ana", "visitors")}, check=False)
    assert refused.returncode != 0 and "members of physicians, nurses" in refused.stderr
    told = wait(lambda: next(iter(spool.glob("*_asked")), None))
    reference, text = told.read_text().split("\n", 1)
    assert reference == "" and json.loads(text)["approval"]["id"] == approval and json.loads(text)["approval"]["required"] == ["privacy", "security"]

    def say(who, secret="open sesame"):
        return post(gateway, "two-people", {"x-secret": secret, "x-who": who}, approval.encode())

    assert say("bo", "wrong")[0] == 401
    assert say("bo") == (200, b"0")  # counted
    assert say("bo") == (200, b"8")  # replayed
    assert say("ana") == (200, b"4")  # her own request
    assert say("cy") == (200, b"1")  # approved
    assert asking.end().value
    settled = wait(lambda: next(iter(spool.glob("*_settled")), None))
    assert settled.read_text().startswith("spooled\n")


def wait(found, seconds=20):
    for _ in range(seconds * 20):
        if (value := found()) is not None:
            return value
        time.sleep(0.05)
    raise AssertionError("it never came")
