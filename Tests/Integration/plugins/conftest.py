"""The main job's gateway and upstream, for plugins that are tested in one."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "main_job"))

from main_gateway import *  # noqa: E402, F403
