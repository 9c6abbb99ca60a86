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
# The frozen form of each revision: sizes, offsets and constants that may never change again.
frozen=0
for layout in "$root"/Tests/Fixtures/abi-*/layout.c; do
  "$c" -std=gnu11 -Wall -Werror -I"$headers" -fsyntax-only "$layout"
  "$c" -std=gnu11 -Wall -Werror -I"$(dirname "$layout")/include" -fsyntax-only "$layout"
  frozen=$((frozen + $(grep -c '^FROZEN' "$layout")))
done
[[ $frozen -gt 300 ]] || { echo "check-headers: only $frozen frozen facts were found" >&2; exit 1; }
"$cxx" -x c++ -std=c++17 -Wall -Wextra -Werror -I"$headers" -I"$root/Plugins/SDK/cpp" -fsyntax-only - <<<'#include "sluice.hpp"'
[[ $count -gt 0 ]] || { echo "check-headers: there are no headers in $headers" >&2; exit 1; }
echo "$count headers compile alone, as C11 and as C++17; $frozen frozen facts hold"
