"""Who may load: plugins.lock, signatures, and what is said where a plugin may not."""
import json
import os
import re
import shutil
import subprocess
import time

import pytest
from support import BROKEN, HEADERS, SLUICE, compile_c, run, sluice

PIPELINE = """
pipeline: trust
listen: /openai
protocol: openai
upstream: {{ url: "http://127.0.0.1:9" }}
stages:
  - authenticate: keys
  - detect: broken
    plugin: {plugin}
  - mask: phi
  - sink: file
    with: {{ directory: {folder}/evidence }}
"""


@pytest.fixture
def place(tmp_path):
    """A vendor's plugin, a pipeline that names it, and a lock file that lists what comes with Sluice."""

    class Place:
        folder = tmp_path
        plugin = compile_c(BROKEN / "good-detect.c", tmp_path / "libvendor.so")
        pipeline = tmp_path / "pipeline.yaml"
        lock = tmp_path / "plugins.lock"

        def check(self, code, *arguments):
            done = run(SLUICE, "check", self.pipeline, "--offline", "--plugins-lock", self.lock, *arguments, code=code)
            return done.stdout + done.stderr

        def trusts(self, *arguments, code=0):
            return sluice("plugin", *arguments, "--plugins-lock", self.lock, code=code)

    made = Place()
    made.pipeline.write_text(PIPELINE.format(plugin=made.plugin, folder=tmp_path))
    made.trusts("lock")
    return made


def key(folder, name):
    run("openssl", "genpkey", "-algorithm", "ed25519", "-out", folder / f"{name}.key", code=0)
    run("openssl", "pkey", "-in", folder / f"{name}.key", "-pubout", "-out", folder / f"{name}.pub", code=0)
    return folder / f"{name}.key", folder / f"{name}.pub"


def test_unlisted_then_listed_then_altered(place):
    said = place.check(1)
    assert "does not list it, and it is not signed" in said and f"sluice plugin lock {place.plugin}" in said
    place.trusts("lock", place.plugin)
    place.check(0)
    with open(place.plugin, "ab") as file:
        file.write(b"\0")
    assert "is not what" in place.check(1)
    listed = place.trusts("list", place.plugin, "--json", code=1)
    assert "is not what" in json.loads(listed.stdout)[0]["refusal"]


def test_signed_by_a_trusted_key(place):
    private, public = key(place.folder, "acme")
    sluice("plugin", "sign", place.plugin, "--key", private)
    said = place.check(1)
    assert "is signed by ed25519:" in said and "sluice plugin trust ed25519:" in said
    place.trusts("trust", public)
    place.check(0)
    rows = json.loads(place.trusts("list", place.plugin, "--json").stdout)
    assert rows[0]["grounds"] == "signed by acme" and rows[0]["placement"] == "isolated"
    # Another build under the old signature.
    compile_c(BROKEN / "good-detect.c", place.plugin, "-DOTHER", "-O2")
    assert "its signature is for other bytes" in place.check(1)
    place.trusts("trust", "--remove", "acme")
    assert "acme" not in place.lock.read_text()


def test_openssl_can_check_a_signature(place):
    private, public = key(place.folder, "acme")
    sluice("plugin", "sign", place.plugin, "--key", private)
    signature = (place.folder / "libvendor.so.sig").read_text().split()[1]
    (place.folder / "signature").write_bytes(bytes.fromhex(signature))
    digest = run("sha256sum", place.plugin, code=0).stdout.split()[0]
    (place.folder / "statement").write_text(f"sluice-plugin/1\nsha256:{digest}\n")
    run("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", place.folder / "statement",
        "-sigfile", place.folder / "signature", code=0)


@pytest.mark.parametrize("wrong, says", [
    ("nonsense\n", ":1: a line reads"), ("plugin a sha256:00 x.so\n", ":1: a line reads"), (None, "there is no"),
])
def test_a_lock_that_is_broken_or_gone_lets_nothing_load(place, wrong, says):
    place.lock.unlink()
    if wrong:
        place.lock.write_text(wrong)
    assert says in place.check(1)


def test_a_lock_that_others_may_write_to_lets_nothing_load(place):
    place.trusts("lock", place.plugin)
    os.chmod(place.lock, 0o666)
    assert "may be written by others" in place.check(1)


def test_the_environment_names_a_lock_for_every_command(place):
    environment = dict(os.environ, SLUICE_PLUGINS_LOCK=str(place.lock))
    (place.folder / "note").write_text("MRN 4711")
    done = run(SLUICE, "filter", "--pipeline", place.pipeline, place.folder / "note", env=environment)
    assert done.returncode != 0 and "may not load" in done.stderr
    event = json.dumps({"hook_event_name": "UserPromptSubmit", "prompt": "x", "session_id": "1", "cwd": "/"})
    done = subprocess.run([SLUICE, "hook", "claude-code", "--pipeline", place.pipeline], input=event,
                          capture_output=True, text=True, env=environment)
    assert "may not load" in done.stdout + done.stderr


def test_serving_is_refused_too(place):
    done = run(SLUICE, "serve", place.pipeline, "--listen", "127.0.0.1:0", "--data", place.folder / "data",
               "--plugins-lock", place.lock)
    assert done.returncode == 1 and "may not load" in done.stderr


def test_nothing_runs_without_a_note(place):
    source = place.folder / "bare.c"
    source.write_text('#include <stdlib.h>\n__attribute__((constructor)) static void run(void) { abort(); }\n')
    compile_c(source, place.plugin, headers=HEADERS)
    said = place.check(1)
    assert "it has no note" in said


def test_stamping_makes_the_digest_true(place):
    sluice("plugin", "stamp", place.plugin)
    listed = json.loads(place.trusts("list", place.plugin, "--json", code=1).stdout)
    assert len(listed[0]["schemas"]) == 64
    assert sluice("plugin", "check", place.plugin, "--time-limit", "20")
    altered = place.plugin.read_bytes().replace(listed[0]["schemas"].encode(), b"ab" * 32)
    place.plugin.write_bytes(altered)
    done = run(SLUICE, "plugin", "check", place.plugin, code=1)
    assert "run sluice plugin stamp" in done.stdout


def test_a_lock_in_a_folder_of_plugins_is_found(place):
    folder = place.folder / "plugins"
    folder.mkdir()
    shutil.copy(place.plugin, folder / "libsluice-broken.so")
    environment = dict(os.environ, SLUICE_PLUGINS=str(folder))
    (folder / "plugins.lock").write_text("# nothing\n")
    done = run(SLUICE, "plugin", "list", env=environment)
    assert done.returncode == 1 and "may not load" in done.stdout


def test_what_may_load_is_on_record(place):
    """At a start with a lock file, and whenever it changes while the gateway serves; whoever changed it, and how."""
    private, public = key(place.folder, "acme")
    place.trusts("lock", place.plugin)
    listed = place.lock.read_text()
    data = place.folder / "data"
    process = subprocess.Popen([SLUICE, "serve", place.pipeline, "--listen", "127.0.0.1:0", "--data", data,
                                "--plugins-lock", place.lock], stderr=subprocess.PIPE, text=True)

    def changes():
        kept = b"".join(file.read_bytes() for file in sorted((place.folder / "evidence").rglob("*")) if file.is_file())
        return [json.loads(found) for found in re.findall(rb'{[^{}]*"event":"plugins.trusted"[^{}]*}', kept)]

    def wait(count):
        for _ in range(600):
            if len(changes()) >= count:
                return changes()
            time.sleep(0.05)
        raise AssertionError(f"{changes()}")

    try:
        [start] = wait(1)
        assert start["lock"] == str(place.lock) and "previous" not in start and start["removed"] == ""
        assert any(line.endswith(" libvendor.so") for line in start["added"].splitlines())
        place.trusts("trust", public)
        changed = wait(2)[1]
        assert changed["added"] == f"key acme {place.lock.read_text().split('key acme ')[1].splitlines()[0]}"
        assert changed["previous"] == start["digest"] and changed["removed"] == ""
        # The order of lines and comments allow nothing else.
        lines = place.lock.read_text().splitlines()
        replace(place.lock, "# mine\n" + "\n".join(reversed([line for line in lines if not line.startswith("#")])) + "\n")
        time.sleep(1)
        assert len(changes()) == 2
        replace(place.lock, "nonsense\n")
        broken = wait(3)[2]
        assert broken["lock"] == "" and ":1: a line reads" in broken["reason"] and "key acme" in broken["removed"]
        replace(place.lock, listed)
        again = wait(4)[3]
        assert again["digest"] == start["digest"] and "reason" not in again and again["added"] == start["added"]
    finally:
        process.terminate()
        process.communicate(timeout=60)


def replace(path, text):
    """As an editor does: the new file takes the old one's name."""
    new = path.with_suffix(".new")
    new.write_text(text)
    os.replace(new, path)


MORE = f"""
#include <sluice/sluice.h>
#define NO_NOTE
#define sluice_plugin_v1 entry_of_the_detector
#include "{BROKEN}/detect.h"
#undef sluice_plugin_v1
SLUICE_NOTE("org.example.broken", "NOTE")
static const void *and_more(const sluice_plugin *plugin, sluice_bytes id) {{
  const void *found = get_extension(plugin, id);
  return found || !MORE || id.length != 14 || memcmp(id.data, "sluice.score/1", 14) ? found : table_of_kind;
}}
EXPORTED const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {{
  sluice_plugin *plugin = (sluice_plugin *)entry_of_the_detector(host);
  if (plugin) plugin->get_extension = and_more;
  return plugin;
}}
"""


@pytest.mark.parametrize("note, more, says", [
    ("sluice.detect/1 sluice.score/1", 0, "names the extension 'sluice.score/1' in its note, and does not have it"),
    ("sluice.detect/1", 1, "has the extension 'sluice.score/1', and its note does not name it"),
])
@pytest.mark.parametrize("isolation", ["none", "process"])
def test_a_note_says_what_the_tables_say(place, note, more, says, isolation):
    """What may load was decided on the note: a plugin that turns out to be another one is refused, in both placements."""
    source = place.folder / "other.c"
    source.write_text(MORE.replace("NOTE\"", f"{note}\"").replace("!MORE", str(int(not more))))
    compile_c(source, place.plugin)
    place.trusts("lock", place.plugin)
    place.pipeline.write_text(PIPELINE.format(plugin=place.plugin, folder=place.folder).replace(
        f"plugin: {place.plugin}\n", f"plugin: {place.plugin}\n    isolation: {isolation}\n"))
    assert says in " ".join(place.check(1).split())


def test_schemas_are_those_of_the_note(place):
    sluice("plugin", "stamp", place.plugin)
    stamped = json.loads(place.trusts("list", place.plugin, "--json", code=1).stdout)[0]["schemas"]
    place.trusts("lock", place.plugin)
    place.check(0)
    place.plugin.write_bytes(place.plugin.read_bytes().replace(stamped.encode(), b"ab" * 32))
    place.trusts("lock", place.plugin)
    assert "states another digest of its schemas" in " ".join(place.check(1).split())
