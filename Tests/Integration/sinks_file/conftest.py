"""The fixtures of the file sink's tests: the main job's gateway, whose file sink closes its files soon."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "main_job"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "sinks_postgres"))

import main_gateway  # noqa: E402
from main_gateway import make_gateway, upstream  # noqa: E402, F401


@pytest.fixture
def gateway(make_gateway, monkeypatch):  # noqa: F811
    monkeypatch.setattr(main_gateway, "PIPELINE", main_gateway.PIPELINE.replace(
        "{{ directory: {evidence} }}", "{{ directory: {evidence}, max-size: 64KiB }}"))
    return make_gateway()
