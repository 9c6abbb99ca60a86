#!/usr/bin/env bash
# Compiles every header of the filter ABI by itself, as C11 and as C++17, with all warnings as errors: each must
# stand alone and suit both languages.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
headers=$root/Sources/FilterABI/include
count=0

compiler() {
  local candidate
  for candidate in "$@"; do
    if command -v "$candidate" >/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "check-headers: none of $* is installed" >&2
  return 1
}
c=$(compiler clang cc gcc)
cxx=$(compiler clang++ c++ g++)

for header in "$headers"/sluice/*.h; do
  name=sluice/$(basename "$header")
  # Twice, so that a missing include guard shows.
  unit=$(printf '#include "%s"\n#include "%s"\n' "$name" "$name")
  "$c" -x c -std=c11 -pedantic-errors -Wall -Wextra -Werror -I"$headers" -fsyntax-only - <<<"$unit"
  "$cxx" -x c++ -std=c++17 -pedantic-errors -Wall -Wextra -Werror -I"$headers" -fsyntax-only - <<<"$unit"
  count=$((count + 1))
done
[[ $count -gt 0 ]] || { echo "check-headers: there are no headers in $headers" >&2; exit 1; }
echo "$count headers compile alone, as C11 and as C++17"
