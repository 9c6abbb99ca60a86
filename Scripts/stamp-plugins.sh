#!/usr/bin/env bash
# Writes the digest of each shipped plugin's JSON Schemas into its note (`sluice plugin stamp`): the last step of a build,
# before anything is locked or signed. One that is stamped already is left alone, byte for byte.
#
#   Scripts/stamp-plugins.sh [FOLDER]       the folder of the executable and its plugins; .build/release by default
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(cd "${1:-$root/.build/release}" && pwd)
[[ -x $folder/sluice ]] || { echo "stamp-plugins: there is no sluice in $folder; build first" >&2; exit 1; }
shopt -s nullglob
plugins=("$folder"/libsluice-*.so)
[[ ${#plugins[@]} -gt 0 ]] || { echo "stamp-plugins: there is no plugin in $folder" >&2; exit 1; }
for plugin in "${plugins[@]}"; do "$folder/sluice" plugin stamp "$plugin" >/dev/null; done
echo "${#plugins[@]} plugins are stamped"
