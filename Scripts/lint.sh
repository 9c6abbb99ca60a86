#!/usr/bin/env bash
# Checks the form of all Swift code: `swift format lint --strict` with the rules of .swift-format.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
folders=()
for folder in Sources Plugins Tests Benchmarks Fuzz Training; do
  [[ -d $folder ]] && folders+=("$folder")
done
"${SWIFT:-swift}" format lint --strict --parallel --recursive Package.swift "${folders[@]}"
