#!/usr/bin/env bash
# Compares today's filter ABI with the committed description of it (Tests/Fixtures/abi-1.0/anchor.abi), by abidiff.
#
#   Scripts/abi-anchor.sh [HEADERS]           compares; HEADERS: Sources/FilterABI/include by default
#   Scripts/abi-anchor.sh --write FILE        describes today's headers
#
# Any change of a struct fails, a member at its end included, which the header allows: whoever means it writes the
# description again, so that a change of the ABI is seen in a review. That it only appends is layout.c's business.
#
# abidiff looks at what a library's functions name. Plugins hand out their tables as `const void *`, through which it sees
# nothing: so an anchor library names every struct of the headers.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
fixture=$root/Tests/Fixtures/abi-1.0
headers=$root/Sources/FilterABI/include
output=
case ${1:-} in
  --write) output=$2 ;;
  ?*) headers=$1 ;;
esac
command -v abidiff >/dev/null || { echo "abi-anchor: abidiff is missing; Debian's abigail-tools has it" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
structs=$(sed -n 's/^} \(sluice_[a-z_]*\);$/\1/p' "$headers"/sluice/*.h | sort -u)
count=$(wc -w <<<"$structs")
[[ $count -ge 40 ]] || { echo "abi-anchor: only $count structs were found in $headers" >&2; exit 1; }
{
  echo '#include <sluice/sluice.h>'
  for name in $structs; do echo "void anchor_$name(const $name *it);"; echo "void anchor_$name(const $name *it) { (void)it; }"; done
  echo 'void anchor_entry(sluice_plugin_entry it);'
  echo 'void anchor_entry(sluice_plugin_entry it) { (void)it; }'
} >"$work/anchor.c"
gcc -std=c11 -g -O0 -Wall -Werror -fPIC -shared -fno-eliminate-unused-debug-types -I"$headers" -o "$work/libanchor.so" "$work/anchor.c"

# Paths of this machine are none of the ABI's.
describe() { abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed --out-file "$1" "$work/libanchor.so"; }
if [[ -n $output ]]; then
  describe "$output"
  echo "$count structs described in $output"
  exit 0
fi

describe "$work/today.abi"
abidiff --no-added-syms "$fixture/anchor.abi" "$work/today.abi" || {
  echo "abi-anchor: the ABI has changed. If plugins that are out there would break, put the header back, and publish what is" >&2
  echo "new as …/2. If a member was appended, and layout.c holds: Scripts/abi-anchor.sh --write $fixture/anchor.abi" >&2
  exit 1
}
echo "abidiff: $count structs are as they were described"
