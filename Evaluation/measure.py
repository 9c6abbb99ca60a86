"""What is measured: the built plugin, with the thresholds that a pipeline has by default."""
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
SLUICE = ROOT / ".build" / "release" / "sluice"
PIPELINE = """pipeline: evaluation
listen: /openai
protocol: openai
upstream: {{ url: "http://127.0.0.1:1" }}
stages:
  - authenticate: keys
  - detect: phi
    with: {{ min-confidence: 0.5 }}
  - mask: phi
  - sink: file
    with: {{ directory: "{folder}/evidence" }}
"""
