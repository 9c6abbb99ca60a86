#!/usr/bin/env bash
# Builds with Swift and shows one line of progress instead of a wall of output; where it fails, what failed.
#
#   Scripts/build.sh NAME ARGUMENTS-OF-SWIFT...     e.g. Scripts/build.sh release build -c release
#
# The whole output is kept in .build-logs/NAME.log.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
name=$1
shift
mkdir -p .build-logs
log=.build-logs/$name.log

# On a terminal one line is written over and over; in a file a line appears at each tenth of the way.
progress() {
  local is_terminal=no
  [[ -t 1 ]] && is_terminal=yes
  awk -v terminal="$is_terminal" -v log_file="$log" -v name="$name" '
    { print > log_file; fflush(log_file) }
    match($0, /^\[[0-9]+\/[0-9]+\]/) {
      split(substr($0, 2, RLENGTH - 2), part, "/")
      what = substr($0, RLENGTH + 2, 60)
      if (part[2] < 20) next
      percent = int(100 * part[1] / part[2])
      if (terminal == "yes") printf "\r\033[K%s: %3d%%  %s", name, percent, what
      else if (int(percent / 10) != shown) { shown = int(percent / 10); printf "%s: %d%%\n", name, shown * 10 }
      fflush()
    }
    /^(Fetching|Cloning|Computing|Creating working copy)/ {
      if (terminal == "yes") { printf "\r\033[K%s: %s", name, substr($0, 1, 90); fflush() }
    }
    END { if (terminal == "yes") printf "\r\033[K" }
  '
}

started=$SECONDS
if ! "${SWIFT:-swift}" "$@" 2>&1 | progress; then
  echo "$name: failed; the whole output is in $log" >&2
  grep -E -A 6 '(^|: )(error|fatal error):' "$log" | head -120 >&2 || tail -60 "$log" >&2
  exit 1
fi
echo "$name: built in $((SECONDS - started)) s"
