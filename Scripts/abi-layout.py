#!/usr/bin/env python3
"""Writes the frozen form of the filter ABI as C that compiles only where a header still has it: every struct's size,
every field's offset, every constant.

    Scripts/abi-layout.py Sources/FilterABI/include > Tests/Fixtures/abi-1.0/layout.c

It is run once for a revision of the ABI, and never again for that one: `Scripts/check-headers.sh` compiles what it
wrote against today's headers."""
import pathlib
import re
import subprocess
import sys
import tempfile

include = pathlib.Path(sys.argv[1])
text = "\n".join(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S) for path in sorted((include / "sluice").glob("*.h")))
structs = re.findall(r"typedef struct (sluice_\w+) \{(.*?)\n\} \1;", text, flags=re.S)
constants = sorted(set(re.findall(r"^#define (SLUICE_[A-Z0-9_]+) \(?-?[0-9]", text, flags=re.M)))
texts = sorted(set(re.findall(r'^#define (SLUICE_[A-Z0-9_]+) "', text, flags=re.M)))

program = ["#include <sluice/sluice.h>", "#include <stddef.h>", "#include <stdio.h>", "int main(void) {"]
for name, body in structs:
    # A struct may grow at its end alone: its size then is no less, and every offset stays.
    program.append(f'printf("FROZEN(sizeof({name}) >= %zu, \\"{name} has shrunk\\")\\n", sizeof({name}));')
    for declaration in re.sub(r"\s+", " ", body).split(";"):
        found = re.search(r"\(\*(\w+)\)\(", declaration) or re.search(r"(\w+)\s*$", declaration)
        if found and declaration.strip():
            field = found.group(1)
            program.append(f'printf("FROZEN(offsetof({name}, {field}) == %zu && sizeof((({name} *)0)->{field}) == %zu, '
                           f'\\"{name}.{field} has moved\\")\\n", offsetof({name}, {field}), sizeof((({name} *)0)->{field}));')
for name in constants:
    program.append(f'printf("FROZEN({name} == %lld, \\"{name} means something else\\")\\n", (long long){name});')
for name in texts:
    program.append(f'printf("FROZEN_TEXT({name}, \\"%s\\")\\n", {name});')
program += ["return 0; }"]

with tempfile.TemporaryDirectory() as folder:
    source = pathlib.Path(folder) / "layout.c"
    source.write_text("\n".join(program))
    subprocess.run(["gcc", "-std=c11", f"-I{include}", "-o", f"{folder}/layout", source], check=True)
    lines = subprocess.run([f"{folder}/layout"], check=True, capture_output=True, text=True).stdout

print("""/* The filter ABI 1.0, frozen: made once by Scripts/abi-layout.py, compiled against today's headers by
 * Scripts/check-headers.sh. Where a line of it fails, plugins that are out there would break: put the header back, and
 * publish what is new behind it, or as ".../2". */
#include <sluice/sluice.h>

#include <stddef.h>

#define FROZEN(condition, message) _Static_assert(condition, message);
/* The compiler compares the texts. */
#define FROZEN_TEXT(name, text)                                                        \\
  _Static_assert(sizeof(name) == sizeof(text), #name " has another length");           \\
  _Static_assert(__builtin_memcmp(name, text, sizeof(text)) == 0, #name " has changed");

#if defined(__x86_64__) || defined(__aarch64__)
""" + lines + "#endif")
