#!/bin/sh
# Measures how fast bodies are walked and spliced on one core. Usage: Benchmarks/payload.sh
set -eu
cd "$(dirname "$0")/.."
mkdir -p .build-payload
# One module of the room's sources and the measurement, so that it can see inside.
# shellcheck disable=SC2046
swiftc -O -wmo -parse-as-library -swift-version 6 -module-name MeasurePayload \
  -enable-upcoming-feature InternalImportsByDefault \
  $(find Sources/Payload -name '*.swift') Benchmarks/Payload/Measure.swift -o .build-payload/measure
exec .build-payload/measure
