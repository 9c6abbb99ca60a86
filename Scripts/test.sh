#!/usr/bin/env bash
# Everything that CI runs, in order, and where the time went.
#
#   Scripts/test.sh [STEP]...     without a word all steps: install lint headers release debug unit sanitized integration crash
#
# The release build is what integration tests start, so that what is tested is what is shipped; unit tests run in
# debug, where preconditions and overflow checks are on.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
names=()
seconds=()
began=$SECONDS

summary() {
  local status=$? index
  [[ ${#names[@]} -gt 0 ]] || exit "$status"
  printf '\nWhere the time went:\n'
  for index in "${!names[@]}"; do printf '  %-12s %5d s\n' "${names[$index]}" "${seconds[$index]:-$((SECONDS - step_began))}"; done
  printf '  %-12s %5d s\n' all $((SECONDS - began))
  [[ $status -eq 0 ]] || printf 'make test: the step %s failed\n' "${names[-1]}" >&2
}
trap summary EXIT

step() {
  local name=$1
  shift
  [[ $wanted == *" $name "* ]] || return 0
  printf '\n== %s\n' "$name"
  names+=("$name")
  step_began=$SECONDS
  "$@"
  seconds+=($((SECONDS - step_began)))
}

install() {
  Scripts/install-dependencies.sh build test
  Scripts/python-environment.sh Tests/Integration/requirements.txt
}

headers() {
  Scripts/check-headers.sh
  Scripts/abi-anchor.sh
}

release() {
  Scripts/build.sh release build -c release
  Scripts/stamp-plugins.sh
}

# Some unit tests crash a process on purpose; its backtrace takes long and tells nothing.
unit() { SWIFT_BACKTRACE=enable=no "${SWIFT:-swift}" test --skip-build --parallel; }

sanitized() {
  Scripts/check-sanitized.sh --prove
  Scripts/check-sanitized.sh
  Scripts/check-isolation.sh thread
  Scripts/check-isolation.sh address
}

integration() { .build-python/bin/python -m pytest Tests/Integration; }

# A bounded number; Tests/Crash/crash.py --crashes 500 tries more.
crash() { .build-python/bin/python Tests/Crash/crash.py; }

wanted=" ${*:-install lint headers release debug unit sanitized integration crash} "
step install install
step lint Scripts/lint.sh
step headers headers
step release release
step debug Scripts/build.sh debug build --build-tests
step unit unit
step sanitized sanitized
step integration integration
step crash crash
