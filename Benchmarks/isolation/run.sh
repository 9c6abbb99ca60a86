#!/usr/bin/env bash
# What a call of a filter costs, in process and isolated. Builds what it needs in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
flags=(-std=c17 -O2 -ISources/PluginHost/include -ISources/FilterABI/include -ISources/SealedMemory/include)
clang "${flags[@]}" -shared -fPIC Benchmarks/isolation/null.c -o "$folder/null.so"
clang "${flags[@]}" -pthread Benchmarks/isolation/call.c Sources/PluginHost/*.c Sources/SealedMemory/*.c -lseccomp -ldl -o "$folder/call"
"$folder/call" "$folder/null.so"
