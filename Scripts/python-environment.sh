#!/usr/bin/env bash
# Makes .build-python, the Python environment of tests and benchmarks, from lists of pinned packages.
#
#   Scripts/python-environment.sh REQUIREMENTS...
#
# It prints nothing and does nothing where the environment has these very lists already.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
environment=$root/.build-python
[[ $# -gt 0 ]] || { echo "python-environment: which requirements?" >&2; exit 2; }

lists=()
for list in "$@"; do
  name=$(sha256sum <"$list" | cut -c1-32)
  [[ -e $environment/have-$name ]] || lists+=("$list")
done
[[ ${#lists[@]} -gt 0 ]] || exit 0

echo "Installing from PyPI: $(grep -hEv '^[[:space:]]*(#|$)' "${lists[@]}" | tr '\n' ' ')"
[[ -x $environment/bin/python ]] || python3 -m venv "$environment"
for list in "${lists[@]}"; do
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$list"
  touch "$environment/have-$(sha256sum <"$list" | cut -c1-32)"
done
