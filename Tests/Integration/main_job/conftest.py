"""The fixtures of the main job's tests."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from main_gateway import *  # noqa: E402, F403
