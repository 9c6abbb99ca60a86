"""The fixtures of the credential tests: the identity tests' gateway, and their upstream."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "identity"))
