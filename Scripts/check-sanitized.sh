#!/usr/bin/env bash
# Every example in C, C++ and Rust, and every plugin in Swift that is asked for, through `sluice plugin check` with
# AddressSanitizer and UndefinedBehaviorSanitizer. What a sanitizer finds ends the kit's test, and so breaks its rule.
#
#   Scripts/check-sanitized.sh                 the examples, and plugins that break nothing, as a proof that all is well
#   Scripts/check-sanitized.sh --swift         the shipped plugins in Swift, too: builds them once more, in .build-asan,
#                                              which takes ten minutes
#   Scripts/check-sanitized.sh --prove         a plugin that reads past its input by one byte has to be found
#
# In process alone: a sandboxed child may not have the memory that a sanitizer's shadow takes.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
wants_swift=no
proves=no
for word in "$@"; do
  case $word in
    --swift) wants_swift=yes ;;
    --prove) proves=yes ;;
    *) echo "check-sanitized: there is no option '$word'" >&2; exit 2 ;;
  esac
done
sluice=${SLUICE:-$root/.build/release/sluice}
[[ -x $sluice ]] || { echo "check-sanitized: there is no $sluice; build first" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Swift's clang for all three: its runtime is the one that the Swift plugins are built for.
swift=$(readlink -f "$(command -v "${SWIFT_HOME:+$SWIFT_HOME/bin/}swift")")
clang=$(dirname "$swift")/clang
[[ -x $clang ]] || clang=$(command -v clang)
runtime=$("$clang" -print-file-name=libclang_rt.asan-x86_64.so)
[[ -f $runtime ]] || runtime=$("$clang" -print-resource-dir)/lib/linux/libclang_rt.asan-$(uname -m).so
[[ -f $runtime ]] || { echo "check-sanitized: clang has no shared AddressSanitizer at $runtime" >&2; exit 1; }

flags=(-g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -shared-libasan
  -fPIC -shared -fvisibility=hidden -ISources/FilterABI/include "-Wl,--version-script=$root/Plugins/exports.map")
# Leaks are looked for at the end of each process. What the host itself keeps for ever is none of the plugin's.
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:detect_stack_use_after_return=1:detect_odr_violation=0
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
checked=0
failed=()

check() { # NAME LIBRARY [ARGUMENTS of plugin check]
  local name=$1 library=$2
  shift 2
  checked=$((checked + 1))
  if LD_PRELOAD=$runtime "$sluice" plugin check "$library" --seed 7 --time-limit 300 "$@" >"$work/$name.txt" 2>&1; then
    echo "pass  $name"
  else
    echo "FAIL  $name"
    grep -E 'FAIL|ERROR|note:' "$work/$name.txt" || tail -20 "$work/$name.txt"
    failed+=("$name")
  fi
}

c() { "$clang" -std=gnu11 "${flags[@]}" -o "$1" "$2" -lpthread; }

if [[ $proves == yes ]]; then
  cat >"$work/overrun.c" <<'END'
/* Writes one byte past its own block, where no page ends: nothing else sees it. */
#define FEED_HOOK { volatile char *copy = malloc(bytes.length + 1); copy[bytes.length + 1] = 1; free((void *)copy); }
#include "detect.h"
END
  "$clang" -std=gnu11 "${flags[@]}" -ITests/TestPlugins/Broken -o "$work/liboverrun.so" "$work/overrun.c"
  check overrun "$work/liboverrun.so" >"$work/said"
  grep -q "AddressSanitizer: heap-buffer-overflow" "$work/overrun.txt" && [[ ${#failed[@]} -eq 1 ]] || {
    echo "check-sanitized: an overrun of one byte was not found" >&2
    exit 1
  }
  echo "a plugin that writes one byte too far is found"
  exit 0
fi

printf 'DNI 12345678Z, 00000000T. not 12345678A\nMRN-84620177 EMP-771394\n' >"$work/texts"
for example in EmployeeId:employee_id NationalId:national_id Syslog:syslog; do
  source=Plugins/Examples/${example%%:*}/${example##*:}.c
  c "$work/lib${example##*:}.so" "$source"
done
check employee-id "$work/libemployee_id.so" --texts "$work/texts"
check national-id "$work/libnational_id.so" --texts "$work/texts"
# Somebody has to be there, and may sleep.
python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
time.sleep(3600)' >"$work/port" &
receiver=$!
trap 'kill "$receiver" 2>/dev/null; rm -rf "$work"' EXIT
until [[ -s $work/port ]]; do sleep 0.1; done
printf 'sink: { address: "udp:127.0.0.1:%s", state: "${SCRATCH}" }\n' "$(<"$work/port")" >"$work/syslog.yaml"
check syslog "$work/libsyslog.so" --config "$work/syslog.yaml"
"$clang++" -std=c++17 "${flags[@]}" -IPlugins/SDK/cpp -o "$work/libsurrogate.so" Plugins/Examples/SurrogateName/surrogate_name.cpp
check surrogate-name "$work/libsurrogate.so"
printf 'sink: { path: "${SCRATCH}" }\n' >"$work/sink.yaml"
for name in detect mask gate notify sink; do
  "$clang" -std=gnu11 "${flags[@]}" -o "$work/libgood-$name.so" "Tests/TestPlugins/Broken/good-$name.c"
  words=()
  [[ $name == sink ]] && words=(--config "$work/sink.yaml")
  check "good-$name" "$work/libgood-$name.so" "${words[@]}"
done

# Rust's stable compiler has no sanitizers: its plugin runs on the sanitizer's heap, where a double free, a write past a
# block that C code makes and a use after free in what is intercepted are found, and no more. Nightly instruments all.
if command -v cargo >/dev/null; then
  how=("stable, not instrumented")
  toolchain=()
  if rustc +nightly --version >/dev/null 2>&1; then
    toolchain=(+nightly)
    export RUSTFLAGS="-Zsanitizer=address -Clink-arg=-Wl,--allow-shlib-undefined -Clink-arg=-Wl,-z,undefs -Zexternal-clangrt"
    how=("nightly, instrumented")
  fi
  cargo "${toolchain[@]}" build --quiet --release --offline --target "$(uname -m)-unknown-linux-gnu" \
    --manifest-path Plugins/Examples/HospitalMrn/Cargo.toml --target-dir "$work/rust" || exit 1
  unset RUSTFLAGS
  echo "hospital-mrn: ${how[*]}"
  check hospital-mrn "$(ls "$work"/rust/*/release/libsluice_hospital_mrn.so)" --texts "$work/texts"
fi

if [[ $wants_swift == yes ]]; then
  # With the configurations and the services that the tests of shipped plugins have: a database, stores, a provider.
  for library in .build/release/libsluice-*.so; do
    name=$(basename "$library" .so)
    Scripts/build.sh "asan-$name" build -c release --sanitize=address --scratch-path .build-asan --product "${name#lib}"
  done
  SLUICE_SANITIZER=$runtime SLUICE_SHIPPED=$root/.build-asan/release .build-python/bin/python -m pytest -q \
    Tests/Integration/plugins/test_shipped_plugins.py -k "in-process" || failed+=(shipped)
fi

[[ ${#failed[@]} -eq 0 ]] || { echo "check-sanitized: ${#failed[@]} of $checked failed: ${failed[*]}" >&2; exit 1; }
echo "$checked plugins$([[ $wants_swift == no ]] || echo ", and all that are shipped,") keep to every rule under AddressSanitizer"
