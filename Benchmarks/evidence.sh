#!/usr/bin/env bash
# Measures the evidence log: durable records a second beside the disk's own fdatasync rate, and verifying.
#
#   Benchmarks/evidence.sh [RECORDS] [FOLDER]     without a word: 10000000 records (7 GB), in .build-evidence
set -euo pipefail

cd "$(dirname "$0")/.."
records=${1:-10000000}
folder=${2:-.build-evidence}
mkdir -p "$folder"
# One module of the room's sources and the measurement, so that it can see inside.
# shellcheck disable=SC2046
swiftc -O -wmo -parse-as-library -swift-version 6 -module-name MeasureEvidence \
  -enable-upcoming-feature InternalImportsByDefault -Xcc -fmodule-map-file=Sources/COpenSSL/module.modulemap -lcrypto \
  $(find Sources/Evidence -name '*.swift') Benchmarks/Evidence/Measure.swift -o "$folder/measure"

rm -rf "$folder"/log*
echo "disk: records a write, writes made stable a second, records a second"
"$folder/measure" disk "$folder/log-disk"
echo "append: writers, durable records a second, syncs a second, records a sync"
for writers in 1 32 256; do
  "$folder/measure" append "$folder/log-$writers" "$writers"
  rm -rf "$folder/log-$writers"
done
"$folder/measure" disk "$folder/log-disk"
echo "fill: records, records a second"
"$folder/measure" fill "$folder/log" "$records"
echo "verify: verdict, records, MB, ms, MB/s, MB per second of one processor, peak memory in MiB; from the page cache as far as it holds it"
"$folder/measure" verify "$folder/log"
"$folder/measure" verify "$folder/log"
rm -rf "$folder"/log*
