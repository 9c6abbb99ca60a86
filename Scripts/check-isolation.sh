#!/usr/bin/env bash
# The unit tests of loading, reloading, isolating and running plugins, under a sanitizer.
#
#   Scripts/check-isolation.sh thread  [FILTER]      ThreadSanitizer
#   Scripts/check-isolation.sh address [FILTER]      AddressSanitizer
#
# Builds what these tests need and nothing else, in .build-KIND, which can be removed afterwards: some minutes, and half a
# gigabyte. The host's side alone is under the sanitizer. The process of an isolated plugin and the plugins are those of the
# release build: their sandbox has no room for what a sanitizer maps.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
kind=${1:-}
[[ $kind == thread || $kind == address ]] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 64; }
release=$(readlink -f .build/release)
[[ -x $release/sluice && -f $release/libtest-faults.so ]] || {
  echo "check-isolation: there is no release build: make build" >&2
  exit 1
}

# A package of its own: with the whole one a sanitizer would build every dependency for half an hour.
# Copies, with their times, so that a second run builds what has changed.
package=$root/.build-$kind/package
rm -rf "$package"
mkdir -p "$package/Sources" "$package/Tests"
cp -rp Sources/{FilterABI,PluginHost,SealedMemory,COpenSSL,CYAML,JSONTree,PipelineModel,PluginTrust,FilterChain} "$package/Sources/"
cp -rp Tests/{FilterChainTests,PluginTrustTests} "$package/Tests/"
# A mutex that the sanitizer sees, where Swift's own is used.
for folder in Sources/FilterChain Tests/FilterChainTests; do cp -p Tests/Sanitized/Mutex.swift "$package/$folder/"; done
Scripts/part-of-package.py FilterABI PluginHost SealedMemory COpenSSL CYAML JSONTree PipelineModel PluginTrust FilterChain \
  FilterChainTests PluginTrustTests >"$package/Package.swift"

swift=$(command -v "${SWIFT_HOME:+$SWIFT_HOME/bin/}swift")
build=(--package-path "$package" --scratch-path "$root/.build-$kind/build" --sanitize="$kind" -j "${JOBS:-2}")
"$swift" build --build-tests "${build[@]}"
bin=$("$swift" build "${build[@]}" --show-bin-path)
cp -p --remove-destination "$release/sluice" "$release"/libtest-*.so "$bin/"
# What the runtime maps for a crash report of its own would only be in the way.
export SWIFT_BACKTRACE=enable=no
export TSAN_OPTIONS=halt_on_error=0:exitcode=66${TSAN_OPTIONS:+:$TSAN_OPTIONS}
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}
# SplitBulkTests needs shipped plugins, which the small package has not.
"$swift" test --skip-build "${build[@]}" --skip SplitBulkTests ${2:+--filter "$2"}
