"""The fixtures of the policy tests: the main job's gateway, served from the store or from a watched folder."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "main_job"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from main_gateway import *  # noqa: E402, F403
