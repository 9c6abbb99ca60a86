"""The fixtures of the s3 sink's tests."""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "main_job")]

from main_gateway import make_gateway, upstream  # noqa: E402, F401
from s3_gateway import *  # noqa: E402, F403
