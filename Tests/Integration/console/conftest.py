"""The fixtures of the admin API's tests."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "main_job"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from main_gateway import upstream  # noqa: E402, F401
from admin_gateway import admin  # noqa: E402, F401
