"""`sluice plugin new`: what it writes builds without a warning, and keeps to every rule."""
import os
import re
import shutil

import pytest
from support import SLUICE, Report, run, sluice

KINDS = ["authenticate", "guard", "detect", "mask", "score", "gate", "notify", "sink"]
ENVIRONMENT = dict(os.environ, SLUICE=str(SLUICE))


def make(folder, language, kind, name="ward-list"):
    sluice("plugin", "new", "--language", language, "--kind", kind, name, cwd=folder)
    project = folder / name
    left = [path for path in project.rglob("*") if path.is_file() and path.suffix not in {".h", ".hpp"}
            and "{{" in path.read_text() and "sluice-sdk" not in str(path)]
    assert not left, left
    return project


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["c", "cpp"])
def test_c_and_cpp(language, kind, tmp_path):
    project = make(tmp_path, language, kind)
    run("make", "-C", project, code=0, env=ENVIRONMENT)
    done = run("make", "-C", project, "test", code=0, env=ENVIRONMENT)
    assert "It keeps to every rule." in done.stdout
    if kind == "detect":
        assert re.search(r"splits .*[1-9]\d* findings", done.stdout), done.stdout


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """One folder for what cargo builds: the SDK's crate is the same for all, but its path is not."""
    return tmp_path_factory.mktemp("target")


@pytest.mark.parametrize("kind", KINDS)
def test_rust(kind, tmp_path, target):
    project = make(tmp_path, "rust", kind)
    environment = dict(ENVIRONMENT, CARGO_TARGET_DIR=str(target), RUSTFLAGS="-Dwarnings")
    done = run("cargo", "test", "--offline", cwd=project, env=environment)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "1 passed" in done.stdout


def test_swift(tmp_path):
    """One package, in which one kind takes another's place: the SDK is built once, which takes most of a minute."""
    package = tmp_path / "package"
    for kind in KINDS:
        made = make(tmp_path, "swift", kind)
        shutil.copytree(made, package, dirs_exist_ok=True)
        shutil.rmtree(made)
        done = run("swift", "build", "-c", "release", cwd=package)
        assert done.returncode == 0 and "warning:" not in done.stdout, done.stdout[-3000:] + done.stderr[-3000:]
        done = run("bash", "test.sh", cwd=package, env=ENVIRONMENT)
        assert done.returncode == 0 and f"sluice.{kind}/1" in done.stdout, done.stdout


@pytest.mark.parametrize("name", ["Ward", "ward_list", "../ward", "-ward", "ward-", "1ward", "w" * 49, "a b", "é"])
def test_bad_names_are_refused(name, tmp_path):
    done = run(SLUICE, "plugin", "new", "--language", "c", "--", name, cwd=tmp_path)
    assert done.returncode == 64 and "is no name for a filter" in done.stderr
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_left_alone(tmp_path):
    (tmp_path / "ward").mkdir()
    (tmp_path / "ward" / "notes").write_text("mine")
    done = sluice("plugin", "new", "--language", "c", "ward", cwd=tmp_path, code=1)
    assert "there is a 'ward' already" in done.stderr
    assert [path.name for path in (tmp_path / "ward").iterdir()] == ["notes"]


def test_names_and_ids_of_all_lengths(tmp_path):
    name = "w" * 48
    project = make(tmp_path, "c", "detect", name)
    run("make", "-C", project, code=0)
    assert Report(project / f"libsluice-{name}.so").failures == {}
    shutil.rmtree(project)
    done = run(SLUICE, "plugin", "new", "--language", "c", "--id", "Not An Id", "ward", cwd=tmp_path)
    assert done.returncode == 64 and "is no id" in done.stderr
