"""A plugin's new build is taken up by a running gateway, in process and isolated; one that can't be loaded changes nothing."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import threading
import time
import urllib.request

import main_gateway
import openai
import pytest

ROOT = main_gateway.ROOT
SOURCE = r"""
#include "sluice/sluice.h"
#include "sluice/note.h"
#include <string.h>
#define TEXT(literal) {(const uint8_t *)literal, sizeof literal - 1}
SLUICE_NOTE("org.example.word", "sluice.detect/1");
static uint64_t hold(void *instance) { (void)instance; return 0; }
static sluice_status begin(void *i, const sluice_exchange *x, void **s, sluice_error *e) { (void)x, (void)e; *s = i; return SLUICE_OK; }
static const sluice_bytes kind = TEXT("KIND"), rule = TEXT("word/found");
static sluice_status feed(void *s, const sluice_segment *g, uint64_t base, sluice_bytes text, uint32_t end,
                          const sluice_finding_emitter *m, uint64_t *safe, sluice_error *e) {
  (void)s, (void)g, (void)end, (void)e;
  for (uint64_t i = 0; i + 6 <= text.length; i++)
    if (memcmp(text.data + i, "secret", 6) == 0) {
      sluice_finding f = {sizeof f, 10000, base + i, base + i + 6, kind, rule};
      m->emit(m->context, &f);
    }
  *safe = base + text.length;
  return SLUICE_OK;
}
static void finish(void *session) { (void)session; }
static sluice_status create(const sluice_filter *f, const sluice_host *h, sluice_bytes c, void **i, sluice_error *e) {
  (void)f, (void)h, (void)c, (void)e; *i = (void *)&kind; return SLUICE_OK;
}
static void destroy(const sluice_filter *f, void *i) { (void)f, (void)i; }
static const sluice_filter filter = {sizeof filter, 0, TEXT("word"), TEXT("Finds a word."), TEXT("{\"type\":\"object\"}"), 0, 0, create, destroy};
static const sluice_detect detect = {sizeof detect, 0, &filter, hold, begin, feed, finish};
static const void *extension(const sluice_plugin *p, sluice_bytes id) {
  (void)p;
  return id.length == strlen(SLUICE_DETECT_ID) && !memcmp(id.data, SLUICE_DETECT_ID, id.length) ? &detect : 0;
}
static const sluice_plugin plugin = {sizeof plugin, SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR, 0, TEXT("org.example.word"), TEXT("VERSION"), extension};
const sluice_plugin *sluice_plugin_v1(const sluice_host *host) { return host ? &plugin : 0; }
"""


def build(folder, kind, version):
    source, library = folder / f"{kind}.c", folder / f"{kind}.so"
    source.write_text(SOURCE.replace("KIND", kind).replace("VERSION", version))
    subprocess.run(["gcc", "-shared", "-fPIC", f"-I{ROOT}/Sources/FilterABI/include",
                    f"-Wl,--version-script={ROOT}/Plugins/exports.map", "-o", library, source], check=True)
    return library


def install(build, place):
    """As a package manager does: the new file takes the old one's name."""
    shutil.copy(build, f"{place}.new")
    os.replace(f"{place}.new", place)


def metric(gateway, name):
    text = urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/metrics").read().decode()
    return int(re.search(rf"^{name} (\d+)$", text, re.M)[1])


def wait_for(gateway, name, value):
    for _ in range(600):
        if metric(gateway, name) == value:
            return
        time.sleep(0.05)
    raise AssertionError(f"{name} is {metric(gateway, name)}: {gateway.read_log()[-2000:]}")


@pytest.mark.parametrize("isolation", ["none", "process"])
def test_a_new_build_is_taken_up(isolation, make_gateway, upstream, monkeypatch, tmp_path):
    place = tmp_path / "libword.so"
    one, other = build(tmp_path, "FIRST", "1.0.0"), build(tmp_path, "SECOND", "2.0.0")
    install(one, place)
    monkeypatch.setattr(main_gateway, "PIPELINE", main_gateway.PIPELINE.replace(
        "  - detect: phi\n", f"  - detect: word\n    plugin: {place}\n    isolation: {isolation}\n  - detect: phi\n"))
    gateway = make_gateway()
    calls = openai.OpenAI(base_url=gateway.base, api_key=gateway.key(), max_retries=0)

    def ask():
        calls.chat.completions.create(model="m", messages=[{"role": "user", "content": "a secret word"}])
        body = [body for _, body in upstream.requests if b" word" in body][-1]
        assert b"secret" not in body
        return re.search(rb"\[(FIRST|SECOND)_", body)[1].decode()

    failures, stop = [], threading.Event()

    def go_on():
        """One connection that asks all the while."""
        client = openai.OpenAI(base_url=gateway.base, api_key=gateway.key("eve"), max_retries=0)
        while not stop.is_set():
            try:
                client.models.list()
                time.sleep(0.02)
            except openai.APIError as error:
                failures.append(error)

    worker = threading.Thread(target=go_on, daemon=True)
    worker.start()
    assert ask() == "FIRST"
    install(other, place)
    wait_for(gateway, "sluice_plugin_taken_up_total", 1)
    assert ask() == "SECOND"
    assert metric(gateway, "sluice_plugin_behind") == 0
    # Nothing holds the first one any more, and its process has ended.
    wait_for(gateway, "sluice_plugin_old_builds", 0)

    # One that is no plugin is told of, and what was in force stays.
    (tmp_path / "broken").write_bytes(b"\x7fELF and nothing more")
    install(tmp_path / "broken", place)
    wait_for(gateway, "sluice_plugin_behind", 1)
    assert ask() == "SECOND"
    assert "can't be taken up" in gateway.read_log()

    # And back again.
    install(one, place)
    wait_for(gateway, "sluice_plugin_behind", 0)
    assert ask() == "FIRST" and metric(gateway, "sluice_plugin_taken_up_total") == 2
    # The same bytes at another time are no new build.
    os.utime(place)
    time.sleep(1)
    assert metric(gateway, "sluice_plugin_taken_up_total") == 2
    stop.set()
    worker.join()
    assert not failures, failures[:3]
    gateway.stop()
    kept = b"".join(file.read_bytes() for file in sorted((gateway.data.parent / "evidence").rglob("*")) if file.is_file())
    named = re.findall(rb'"digest":"([0-9a-f]{64})","id":"org.example.word"', kept)
    digests = list(dict.fromkeys(digest.decode() for digest in named))
    first, second = (hashlib.sha256(pathlib.Path(b).read_bytes()).hexdigest() for b in (one, other))
    assert digests[:2] == [first, second]
    changes = [json.loads(c) for c in re.findall(rb'{[^{}]*"event":"plugin.changed"[^{}]*}', kept)]
    assert [(c["plugin"], c["previous"], c["digest"], c["version"]) for c in changes] == [
        ("org.example.word", first, second, "2.0.0"), ("org.example.word", second, first, "1.0.0")]


def test_a_build_that_refuses_its_configuration_blinds_nobody(make_gateway, upstream, monkeypatch, tmp_path):
    """An isolated new build loads, but makes no instance: the one after it is taken up, without a new policy."""
    place = tmp_path / "libword.so"
    one, other = build(tmp_path, "FIRST", "1.0.0"), build(tmp_path, "SECOND", "2.0.0")
    unwilling = tmp_path / "unwilling.so"
    source = tmp_path / "unwilling.c"
    source.write_text(SOURCE.replace("KIND", "NONE").replace("VERSION", "1.5.0").replace(
        "(void)f, (void)h, (void)c, (void)e; *i = (void *)&kind; return SLUICE_OK;",
        "(void)f, (void)h, (void)c, (void)e, (void)i; return SLUICE_ERROR_INTERNAL;"))
    subprocess.run(["gcc", "-shared", "-fPIC", f"-I{ROOT}/Sources/FilterABI/include",
                    f"-Wl,--version-script={ROOT}/Plugins/exports.map", "-o", unwilling, source], check=True)
    install(one, place)
    monkeypatch.setattr(main_gateway, "PIPELINE", main_gateway.PIPELINE.replace(
        "  - detect: phi\n", f"  - detect: word\n    plugin: {place}\n    isolation: process\n  - detect: phi\n"))
    gateway = make_gateway()
    install(unwilling, place)
    wait_for(gateway, "sluice_plugin_behind", 1)
    time.sleep(1)  # what could not be used has gone by then
    install(other, place)
    wait_for(gateway, "sluice_plugin_taken_up_total", 1)
    assert metric(gateway, "sluice_plugin_behind") == 0


@pytest.mark.parametrize("isolation", ["none", "process"])
def test_instances_end_before_the_gateway_does(isolation, make_gateway, monkeypatch, tmp_path):
    """What a filter does at its end, which may take a while, is done when a gateway has stopped."""
    place, marks = tmp_path / "libword.so", tmp_path / "marks"
    marks.mkdir()
    source = tmp_path / "closing.c"
    source.write_text("#include <fcntl.h>\n#include <unistd.h>\n" + SOURCE.replace("KIND", "WORD").replace("VERSION", "1.0.0").replace(
        "{ (void)f, (void)i; }", f'{{ (void)f, (void)i; usleep(300000); close(open("{marks}/ended", O_CREAT | O_WRONLY, 0600)); }}'))
    subprocess.run(["gcc", "-shared", "-fPIC", f"-I{ROOT}/Sources/FilterABI/include",
                    f"-Wl,--version-script={ROOT}/Plugins/exports.map", "-o", place, source], check=True)
    monkeypatch.setattr(main_gateway, "PIPELINE", main_gateway.PIPELINE.replace(
        "  - detect: phi\n", f"  - detect: word\n    plugin: {place}\n    isolation: {isolation}\n"
        + (f"    allow:\n      write: [{marks}]\n" if isolation == "process" else "") + "  - detect: phi\n"))
    gateway = make_gateway()
    assert not list(marks.iterdir())
    gateway.stop()
    assert [mark.name for mark in marks.iterdir()] == ["ended"]
    assert "left behind" not in gateway.read_log()
