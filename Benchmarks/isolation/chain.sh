#!/usr/bin/env bash
# What a chain adds to a filter's own work for each call, in process. Builds what it needs in .build-chain, which can be removed.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD package=$PWD/.build-chain/package
rm -rf "$package"
mkdir -p "$package/Sources"
cp -rp Sources/{FilterABI,PluginHost,SealedMemory,COpenSSL,CYAML,JSONTree,PipelineModel,PluginTrust,FilterChain} "$package/Sources/"
cp -rp Benchmarks/isolation/Chain "$package/Sources/Chain"
python3 Scripts/part-of-package.py FilterABI PluginHost SealedMemory COpenSSL CYAML JSONTree PipelineModel PluginTrust \
  FilterChain --executable Chain >"$package/Package.swift"
swift build -c release --package-path "$package" --scratch-path .build-chain/build -j "${JOBS:-2}" >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
clang -std=c17 -O2 -ISources/FilterABI/include -shared -fPIC Benchmarks/isolation/null.c -o "$folder/null.so"
"$(swift build -c release --package-path "$package" --scratch-path .build-chain/build --show-bin-path)/Chain" "$folder"
