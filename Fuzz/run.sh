#!/bin/sh
# Fuzzes what reads a client's and an upstream's bytes with libFuzzer and AddressSanitizer.
# Usage: Fuzz/run.sh [seconds for each target, 60] [target ...]
# What is found is left in .build-fuzz/ and printed; make it a test, then fix it.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- Walk Splice Events Recut Pieces Protocol Media Multipart Head
mkdir -p .build-fuzz

# The sources that a target sees the inside of: they and the target are one module.
sources() {
  case $1 in
    Head)
      # The two files alone, and in place of the modules that they import as much of those as they use.
      mkdir -p .build-fuzz/Head.sources
      for file in FramingGuard Routes; do
        sed -E '/^(public |internal |package )?import /d' "Sources/Gateway/Server/$file.swift" \
          >".build-fuzz/Head.sources/$file.swift"
        echo ".build-fuzz/Head.sources/$file.swift"
      done
      echo Fuzz/Stubs/NIO.swift
      echo Fuzz/Input.swift
      ;;
    *)
      find Sources/Payload -name '*.swift'
      echo Fuzz/Input.swift Fuzz/Filter.swift Fuzz/Rules.swift
      ;;
  esac
}

for target in "$@"; do
  echo "$target"
  # shellcheck disable=SC2046
  swiftc -O -enforce-exclusivity=checked -sanitize=fuzzer,address -parse-as-library -swift-version 6 \
    -module-name "Fuzz$target" -enable-upcoming-feature InternalImportsByDefault \
    $(sources "$target") "Fuzz/$target.swift" -o ".build-fuzz/$target" \
    2>".build-fuzz/$target.build.log" || { cat ".build-fuzz/$target.build.log"; exit 1; }
  corpus=".build-fuzz/corpus-$target"
  mkdir -p "$corpus"
  SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 ".build-fuzz/$target" -max_total_time="$seconds" \
    -max_len=4096 -dict="Fuzz/Dictionaries/$target.dict" -artifact_prefix=".build-fuzz/$target-" \
    -print_final_stats=1 "$corpus" "Fuzz/Corpus/$target" 2>".build-fuzz/$target.log" || {
    tail -40 ".build-fuzz/$target.log"
    exit 1
  }
  grep -E 'number_of_executed_units|average_exec_per_sec' ".build-fuzz/$target.log"
done
