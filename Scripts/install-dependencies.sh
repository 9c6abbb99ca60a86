#!/usr/bin/env bash
# Installs the Debian packages that Sluice is built, tested and measured with, and says what it does.
#
#   Scripts/install-dependencies.sh [build|test|bench|train]...      (without a word: build)
#
# What is there already is left alone: then nothing is asked of the network, and no rights are needed.
set -euo pipefail

build=(libssl-dev libpq-dev libyaml-dev libvectorscan-dev libcurl4-openssl-dev libsqlite3-dev libseccomp-dev zlib1g-dev
  pkg-config git ca-certificates)
# swift-*: OpenStack's object store, which the s3 sink's tests start processes of; no toolchain of the language.
test=(python3 python3-venv libc6-dev g++ openssl age swift-proxy swift-account swift-container swift-object memcached
  libfaketime postgresql procps make abigail-tools)
# Plugins in Rust are tested with whatever Rust is there; Debian's (1.63) is new enough.
command -v cargo >/dev/null || test+=(rustc cargo)
bench=(nginx wrk python3 python3-venv)
train=(python3 python3-venv wamerican)

packages=()
for set in "${@:-build}"; do
  case $set in
    build) packages+=("${build[@]}") ;;
    test) packages+=("${test[@]}") ;;
    bench) packages+=("${bench[@]}") ;;
    train) packages+=("${train[@]}") ;;
    *)
      echo "install-dependencies: there is no set '$set'; there are build, test, bench and train" >&2
      exit 2
      ;;
  esac
done

is_installed() { [[ $(dpkg-query --show --showformat='${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]; }

if ! command -v swift >/dev/null; then
  echo "install-dependencies: there is no 'swift' in the PATH. Install Swift 6.3 from swift.org first." >&2
  exit 1
fi
if ! command -v dpkg-query >/dev/null; then
  echo "install-dependencies: this is no Debian; have these installed by other means: ${packages[*]}" >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

as_root=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "install-dependencies: run as root, or install sudo: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

running_services() {
  [[ -d /run/systemd/system ]] || return 0
  systemctl list-units --type=service --state=active --plain --no-legend | awk '{ print $1 }' | sort
}
before=$(running_services)

echo "Installing from Debian: ${missing[*]}"
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}
quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update
quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"

# Debian starts what it installs. Tests and benchmarks run their own, on ports and in folders of their own.
for service in $(comm -13 <(echo "$before") <(running_services)); do
  echo "Stopping $service, which came with a package: tests and benchmarks start their own."
  "${as_root[@]}" systemctl disable --now "$service" >/dev/null 2>&1 || true
done
