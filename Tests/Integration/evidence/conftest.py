"""The fixtures of the evidence's tests: the main job's gateway, with what a test wants of its evidence."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "main_job"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from main_gateway import *  # noqa: E402, F403
