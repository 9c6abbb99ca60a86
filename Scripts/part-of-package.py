#!/usr/bin/env python3
"""A package of some of this one's targets, as Package.swift has them, on standard output.

    Scripts/part-of-package.py TARGET… [--executable NAME]

For what has to build a part in its own way, and not the whole with all its dependencies for half an hour: sanitizers,
measurements. NAME is one more target, of Sources/NAME, that uses FilterChain.
"""
import argparse
import pathlib
import re

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("targets", nargs="+")
parser.add_argument("--executable")
options = parser.parse_args()
text = (pathlib.Path(__file__).resolve().parents[1] / "Package.swift").read_text()
settings = text[text.index("let strict"):text.index("/// A plugin shows")]
targets = re.findall(r"^    \.(?:target|testTarget|systemLibrary)\(.*?\)(?=,?\n(?:    \.|  \]))", text, re.S | re.M)
named = {match[1]: target for target in targets if (match := re.search(r'name: "(\w+)"', target))}
if missing := set(options.targets) - named.keys():
    raise SystemExit(f"Package.swift has no {', '.join(sorted(missing))}")
# Tests that the whole package builds the program for find it beside them here.
chosen = [named[name].replace(', "sluice"]', "]") for name in options.targets]
if options.executable:
    chosen.append(f'    .executableTarget(name: "{options.executable}", dependencies: ["FilterChain", "PipelineModel"])')
body = ",\n".join(chosen)
print(f'// swift-tools-version: 6.2\nimport PackageDescription\n\n{settings}\nlet package = Package(\n  name: "part",\n'
      f"  targets: [\n{body}\n  ])")
