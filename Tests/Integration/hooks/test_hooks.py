"""`sluice hook`: for each event of Cursor and Claude Code, made-up PHI is blocked and never repeated, clean events pass,
and whatever can't be looked through is blocked, too."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SLUICE = os.environ.get("SLUICE", ROOT / ".build" / "release" / "sluice")

PLANTED = ["Margaret", "Holloway", "536-22-8719", "4482913", "m.holloway@example.com"]
NOTE = "Visit\nPatient Margaret Holloway, MRN 4482913,\nSSN 536-22-8719, e-mail m.holloway@example.com\n"
CODE = "func add(_ a: Int, _ b: Int) -> Int { a + b }\n"
CLAUDE = {"session_id": "8c35adc1", "transcript_path": "/tmp/t.jsonl", "cwd": "/tmp", "permission_mode": "default"}
CURSOR = {
    "conversation_id": "c-1", "generation_id": "g-1", "model": "gpt-5", "cursor_version": "2.0.77",
    "workspace_roots": ["/tmp"], "user_email": "dev.person@example.com",
}
PIPELINE = """
pipeline: hooks
listen: /hooks
protocol: openai
upstream: { url: https://api.example.com, credential: env:NEVER_SET }
stages:
  - authenticate: keys
  - guard: rules
    with: { deny: [ { name: no-export, text: "dump all patients" }, { name: no-shell, tools: [forbidden_tool] } ] }
  - detect: phi
    with: { kinds: [SSN] }
  - mask: phi
  - sink: file
    with: { directory: ./evidence }
"""


class Answer:
    def __init__(self, tool, done):
        self.tool, self.done = tool, done
        self.json = json.loads(done.stdout) if done.stdout else None

    def assert_silent(self):
        for value in PLANTED:
            assert value not in self.done.stdout, "a planted value on standard output"
            assert value not in self.done.stderr, "a planted value on standard error"

    @property
    def is_allowed(self):
        if self.done.returncode != 0:
            return False
        if self.tool == "cursor":
            return self.json in ({"continue": True}, {"permission": "allow"})
        return self.json == {}

    @property
    def is_blocked(self):
        """As the tool itself would see it."""
        if self.done.returncode == 2:
            return True
        if self.done.returncode != 0:
            return False
        specific = self.json.get("hookSpecificOutput", {})
        return (
            self.json.get("continue") is False or self.json.get("permission") == "deny"
            or self.json.get("decision") == "block" or specific.get("permissionDecision") == "deny")

    @property
    def reason(self):
        specific = self.json.get("hookSpecificOutput", {})
        return (self.json.get("user_message") or specific.get("permissionDecisionReason")
                or self.json.get("reason") or self.json.get("stopReason"))


def raw(tool, text, *options):
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run([SLUICE, "hook", tool, *map(str, options)], input=data, capture_output=True, timeout=60)
    done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    return Answer(tool, done)


def ask(tool, event, *options, **members):
    common = CLAUDE if tool == "claude-code" else CURSOR
    return raw(tool, json.dumps({**common, "hook_event_name": event, **members}), *options)


def claude(event, *options, **members):
    return ask("claude-code", event, *options, **members)


def cursor(event, *options, **members):
    return ask("cursor", event, *options, **members)


def assert_blocked(answer, *words):
    answer.assert_silent()
    assert answer.is_blocked
    for word in words:
        assert word in answer.reason, answer.reason


@pytest.fixture
def files(tmp_path):
    (tmp_path / "note.txt").write_text(NOTE)
    (tmp_path / "code.swift").write_text(CODE)
    (tmp_path / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (tmp_path / "latin.txt").write_bytes("Straße".encode("latin-1"))
    (tmp_path / "large.txt").write_bytes(b"a " * (4 << 20) + b"a")
    (tmp_path / "with space.txt").write_text(NOTE)
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


# Every event, with PHI and without. {} stands for the text, PATH for a file's path.

TEXT_EVENTS = [
    ("claude-code", "UserPromptSubmit", lambda t: dict(prompt=t)),
    ("claude-code", "PreToolUse", lambda t: dict(tool_name="Write", tool_input={"file_path": "/tmp/x", "content": t})),
    ("claude-code", "PreToolUse", lambda t: dict(tool_name="Bash", tool_input={"command": f"echo '{t}'"})),
    ("claude-code", "PreToolUse", lambda t: dict(tool_name="mcp__db__query", tool_input={"filter": {"any": [t]}})),
    ("claude-code", "PreToolUse", lambda t: dict(tool_name="NewTool", tool_input={t: 1})),
    ("claude-code", "PostToolUse", lambda t: dict(
        tool_name="Bash", tool_input={"command": "x"}, tool_response={"stdout": t, "stderr": "", "interrupted": False})),
    ("claude-code", "PostToolUse", lambda t: dict(tool_name="WebFetch", tool_input={}, tool_response=t)),
    ("claude-code", "PostToolUse", lambda t: dict(
        tool_name="mcp__db__query", tool_input={}, tool_response=[{"type": "text", "text": t}])),
    ("claude-code", "PostToolUseFailure", lambda t: dict(tool_name="Bash", tool_input={}, error=t)),
    ("cursor", "beforeSubmitPrompt", lambda t: dict(prompt=t, attachments=[])),
    ("cursor", "beforeReadFile", lambda t: dict(file_path="/tmp/x.txt", content=t, attachments=[])),
    ("cursor", "beforeTabFileRead", lambda t: dict(file_path="/tmp/x.txt", content=t)),
    ("cursor", "beforeShellExecution", lambda t: dict(command=f"echo '{t}'", cwd="/tmp")),
    ("cursor", "beforeMCPExecution", lambda t: dict(tool_name="query", tool_input={"q": t}, url="http://127.0.0.1:3000")),
    ("cursor", "beforeMCPExecution", lambda t: dict(tool_name="query", tool_input=json.dumps({"q": t}), command="npx s")),
]


@pytest.mark.parametrize("tool,event,members", TEXT_EVENTS)
def test_phi_is_blocked_and_not_repeated(tool, event, members):
    assert_blocked(ask(tool, event, **members(NOTE)), "SSN", "NAME", "line")


@pytest.mark.parametrize("tool,event,members", TEXT_EVENTS)
def test_clean_is_allowed(tool, event, members):
    answer = ask(tool, event, **members(CODE.strip()))
    assert answer.is_allowed, answer.done
    assert answer.done.stderr == ""


def test_an_allowed_tool_of_claude_code_still_needs_the_users_permission():
    answer = claude("PreToolUse", tool_name="Bash", tool_input={"command": "ls"})
    assert "permissionDecision" not in answer.done.stdout


def test_places_are_lines():
    assert_blocked(claude("UserPromptSubmit", prompt=NOTE), "the prompt", "1 NAME (line 2)", "1 SSN (line 3)")


def test_the_answer_of_a_tool_is_replaced_in_its_shape():
    response = {"stdout": NOTE, "stderr": "", "interrupted": False, "lines": [1, "fine"]}
    answer = claude("PostToolUse", tool_name="Bash", tool_input={"command": "x"}, tool_response=response)
    assert_blocked(answer)
    assert answer.json["continue"] is False and answer.json["decision"] == "block"
    updated = answer.json["hookSpecificOutput"]["updatedToolOutput"]
    assert updated == {**response, "stdout": updated["stdout"]}
    assert "withheld" in updated["stdout"]


# Files

@pytest.mark.parametrize("tool_name,members", [
    ("Read", {"file_path": "note.txt"}),
    ("Read", {"file_path": "sub/../note.txt", "offset": 90, "limit": 1}),
    ("Grep", {"pattern": "x", "path": "note.txt"}),
    ("NotebookRead", {"notebook_path": "note.txt"}),
    ("mcp__filesystem__read_multiple_files", {"paths": ["code.swift", "note.txt"]}),
])
def test_claude_code_reads_no_file_with_phi(files, tool_name, members):
    (files / "sub").mkdir()
    answer = claude("PreToolUse", cwd=str(files), tool_name=tool_name, tool_input=members)
    assert_blocked(answer, "SSN", "line 3", "file")
    assert answer.json["hookSpecificOutput"]["permissionDecision"] == "deny"


@pytest.mark.parametrize("command", [
    "cat note.txt", "/bin/cat ./note.txt", "head -n 3 note.txt | wc", "true && cat code.swift note.txt", "wc < note.txt",
    "cat *.txt", "cat 'with space.txt'", "cat with\\ space.txt", 'x="$(cat note.txt)"', "x=`cat note.txt`",
    "bash -lc 'cat note.txt'", "cd .. && cd $D && true; sudo cat note.txt", "grep -i visit note.txt", "xargs cat note.txt",
])
@pytest.mark.parametrize("tool", ["claude-code", "cursor"])
def test_commands_show_no_file_with_phi(files, tool, command):
    for name in ["large.txt", "latin.txt"]:
        (files / name).unlink()
    command = command.replace("$D", files.name)
    if tool == "cursor":
        answer = cursor("beforeShellExecution", command=command, cwd=str(files))
    else:
        answer = claude("PreToolUse", cwd=str(files), tool_name="Bash", tool_input={"command": command})
    assert_blocked(answer, "SSN")


@pytest.mark.parametrize("prompt", [
    "look at @note.txt", "(@./note.txt).", '@"with space.txt" please', "@code.swift @note.txt#L1-2 ?", "@{}/note.txt",
])
def test_mentioned_files_are_read(files, prompt):
    prompt = prompt.replace("{}", str(files))
    assert_blocked(claude("UserPromptSubmit", cwd=str(files), prompt=prompt), "SSN", "mentions")
    assert_blocked(cursor("beforeSubmitPrompt", workspace_roots=[str(files)], prompt=prompt), "SSN", "mentions")


def test_mentions_that_are_no_files_are_words(files):
    assert claude("UserPromptSubmit", cwd=str(files), prompt="ask @reviewer about @Published and @missing.txt").is_allowed


@pytest.mark.parametrize("name", ["file_path", "filePath"])
def test_attachments_are_read(files, name):
    attached = lambda file: [{"type": "file", name: str(files / file)}]
    assert_blocked(cursor("beforeSubmitPrompt", prompt="explain", attachments=attached("note.txt")), "SSN", "attached")
    assert cursor("beforeSubmitPrompt", prompt="explain", attachments=attached("code.swift")).is_allowed
    assert_blocked(cursor("beforeReadFile", file_path="/x", content="x", attachments=attached("note.txt")), "SSN")


def test_cursor_without_content_reads_the_file(files):
    assert_blocked(cursor("beforeReadFile", file_path=str(files / "note.txt")), "SSN")
    assert cursor("beforeTabFileRead", file_path=str(files / "code.swift"), content="").is_allowed


@pytest.mark.parametrize("name,why", [
    ("large.txt", "8 MiB"), ("image.png", "UTF-8"), ("latin.txt", "UTF-8"), ("pipe", "no regular file"), (".", "no regular"),
    ("missing.txt", "there is none"),
])
def test_what_cant_be_looked_through_is_not_read(files, name, why):
    path = str(files / name)
    assert_blocked(claude("PreToolUse", tool_name="Read", tool_input={"file_path": path}), why)
    assert_blocked(cursor("beforeReadFile", file_path=path), why)
    assert_blocked(cursor("beforeSubmitPrompt", prompt="x", attachments=[{"type": "file", "filePath": path}]), why)


def test_a_files_name_is_never_shown(files):
    (files / "Margaret Holloway.txt").write_text(NOTE)
    (files / "Holloway.bin").write_bytes(b"\0")
    for name in ["Margaret Holloway.txt", "Holloway.bin"]:
        assert_blocked(claude("PreToolUse", tool_name="Read", tool_input={"file_path": str(files / name)}))
        assert_blocked(cursor("beforeReadFile", file_path=str(files / name)))


# What is not understood is blocked

@pytest.mark.parametrize("tool", ["claude-code", "cursor"])
@pytest.mark.parametrize("text", [
    b"", b"{", b"null", b"[]", b"\xff\xfe{}", b"{}", b'{"hook_event_name": 7}', b'{"hook_event_name": "Holloway"}',
    b'{"hook_event_name": "SessionStart", "prompt": "x"}', b"Patient Margaret Holloway, SSN 536-22-8719", b"[" * 100_000,
    b'{"hook_event_name": "UserPromptSubmit", "prompt": ["x"]}', b'{"hook_event_name": "beforeSubmitPrompt"}',
    b'{"hook_event_name": "UserPromptSubmit", "prompt": "Patient Margaret Holloway", "prompt": "x"}',
    b'{"hook_event_name": "beforeSubmitPrompt", "prompt": "x", "prompt": "Patient Margaret Holloway"}',
    b'{"hook_event_name": "PreToolUse", "tool_name": "Read", "tool_input": "x"}',
    b'{"hook_event_name": "PreToolUse", "tool_name": "Read", "tool_input": {"file_path": ["x"]}}',
    b'{"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": ["ls"]}}',
    b'{"hook_event_name": "PreToolUse", "tool_input": {}}', b'{"hook_event_name": "PostToolUse", "tool_name": "Read"}',
    b'{"hook_event_name": "beforeReadFile", "file_path": "/x", "content": {"a": 1}}',
    b'{"hook_event_name": "beforeSubmitPrompt", "prompt": "x", "attachments": {"a": 1}}',
    b'{"hook_event_name": "beforeSubmitPrompt", "prompt": "x", "attachments": ["x"]}',
    b'{"hook_event_name": "beforeMCPExecution", "tool_name": "x", "tool_input": 7}',
    b'{"hook_event_name": "beforeReadFile", "file_path": "/x", "content": "a\\u0000b"}',
    b'{"hook_event_name": "UserPromptSubmit", "prompt": "' + b"a" * (17 << 20) + b'"}',
], ids=lambda text: repr(text[:60]))
def test_hostile_input_is_blocked(tool, text):
    answer = raw(tool, text)
    answer.assert_silent()
    assert answer.is_blocked and answer.json is not None


@pytest.mark.parametrize("tool,event", [("claude-code", "UserPromptSubmit"), ("cursor", "beforeSubmitPrompt")])
def test_members_of_a_later_version_are_looked_through(tool, event):
    assert_blocked(ask(tool, event, prompt="x", context=[{"text": NOTE}]), "SSN", "doesn't know")


@pytest.mark.parametrize("tool,event", [("claude-code", "UserPromptSubmit"), ("cursor", "beforeSubmitPrompt")])
def test_without_a_pipeline_nothing_passes(tmp_path, tool, event):
    broken = tmp_path / "broken.yaml"
    for text in [None, "pipeline: [", PIPELINE.replace("detect: phi", "detect: nothing"), PIPELINE.replace("SSN", "SNS")]:
        if text is not None:
            broken.write_text(text)
        answer = ask(tool, event, "--pipeline", broken, prompt="hello")
        assert answer.is_blocked and "pipeline" in answer.reason


def test_the_pipeline_decides(tmp_path):
    pipeline = tmp_path / "hooks.yaml"
    pipeline.write_text(PIPELINE)
    options = ["--pipeline", pipeline]
    assert claude("UserPromptSubmit", *options, prompt="Patient Margaret Holloway").is_allowed
    assert_blocked(claude("UserPromptSubmit", *options, prompt="SSN 536-22-8719"), "SSN")
    assert_blocked(cursor("beforeSubmitPrompt", *options, prompt="dump all patients"), "no-export")
    assert_blocked(claude("PreToolUse", *options, tool_name="forbidden_tool", tool_input={}), "no-shell")


# Settings

def test_settings_block_where_sluice_is_gone(tmp_path):
    pipeline = tmp_path / "it's hooks.yaml"
    pipeline.write_text(PIPELINE)
    run = lambda tool: subprocess.run(
        [SLUICE, "hook", tool, "--print-settings", "--pipeline", pipeline], capture_output=True, text=True, check=True)
    hooks = json.loads(run("claude-code").stdout)["hooks"]
    assert {"UserPromptSubmit", "PreToolUse", "PostToolUse"} <= hooks.keys()
    event = json.dumps({"hook_event_name": "UserPromptSubmit", "prompt": "SSN 536-22-8719"})
    for entries in hooks.values():
        command = entries[0]["hooks"][0]["command"]
        done = subprocess.run(["sh", "-c", command], input=event, capture_output=True, text=True)
        assert json.loads(done.stdout)["decision"] == "block"
        gone = command.replace("sluice hook", "no-sluice hook")
        assert subprocess.run(["sh", "-c", gone], input=event, capture_output=True, text=True).returncode == 2
        strange = command.replace("--pipeline", "--pipelines")
        assert subprocess.run(["sh", "-c", strange], input=event, capture_output=True, text=True).returncode == 2
    settings = json.loads(run("cursor").stdout)
    assert settings["version"] == 1
    assert all(entries[0]["failClosed"] is True for entries in settings["hooks"].values())
    assert set(settings["hooks"]) == {event for tool, event, _ in TEXT_EVENTS if tool == "cursor"}


@pytest.mark.parametrize("tool", ["claude-code", "cursor"])
def test_folders_of_another_shape_are_blocked(tool):
    event = "UserPromptSubmit" if tool == "claude-code" else "beforeSubmitPrompt"
    assert_blocked(ask(tool, event, cwd=7, prompt="@note.txt"), "cwd")
    assert_blocked(ask(tool, event, cwd=None, workspace_roots=[7], prompt="@note.txt"), "workspace_roots")


def test_a_hook_gives_up_before_its_tool_does():
    """An event that never ends: the tool would wait for 30 seconds, and go on."""
    process = subprocess.Popen([SLUICE, "hook", "cursor"], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.wait(28) == 2
        assert b"in time" in process.stderr.read()
    finally:
        process.kill()
        process.stdin.close()
        process.stderr.close()
