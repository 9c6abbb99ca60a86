#!/bin/sh
# Fuzzes Payload with libFuzzer and AddressSanitizer. Usage: Fuzz/run.sh [seconds for each target, 60] [target ...]
# What is found is left in .build-fuzz/ and printed; make it a test, then fix it.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- Walk Recut
mkdir -p .build-fuzz
for target in "$@"; do
  echo "building $target"
  # One module of the room's sources and the target, so that the target can see inside.
  # shellcheck disable=SC2046
  swiftc -O -enforce-exclusivity=checked -sanitize=fuzzer,address -parse-as-library -swift-version 6 \
    -module-name "Fuzz$target" -enable-upcoming-feature InternalImportsByDefault \
    $(find Sources/Payload -name '*.swift') Fuzz/Rules.swift "Fuzz/$target.swift" -o ".build-fuzz/$target" \
    2>.build-fuzz/build.log || { cat .build-fuzz/build.log; exit 1; }
  corpus=".build-fuzz/corpus-$target"
  mkdir -p "$corpus"
  SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 ".build-fuzz/$target" -max_total_time="$seconds" \
    -max_len=4096 -dict=Fuzz/json.dict -artifact_prefix=".build-fuzz/$target-" -print_final_stats=1 \
    "$corpus" "Fuzz/Corpus/$target" 2>".build-fuzz/$target.log" || {
    tail -40 ".build-fuzz/$target.log"
    exit 1
  }
  grep -E 'number_of_executed_units|average_exec_per_sec' ".build-fuzz/$target.log"
done
