"""The fixtures of the notifiers' tests."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from notify_gateway import *  # noqa: E402, F403
