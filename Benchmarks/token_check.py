"""What checking a token costs, the first time and when it is remembered, beside libcrypto's bare verification.

    .build-python/bin/python Benchmarks/token_check.py

Needs the release build. Prints a table for Benchmarks/RESULTS.md; times are CPU time of one thread, the plugin called through its
C table as the gateway does.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests" / "Integration" / "identity"))

from identity_gateway import Key, Provider  # noqa: E402

SPEED = {"RS256": ("rsa2048", 2048), "PS256": ("rsa2048", 2048), "ES256": ("ecdsap256", 256), "EdDSA": ("ed25519", 253)}


def bare(name):
    """Microseconds of one verification, from `openssl speed`."""
    done = subprocess.run(["openssl", "speed", "-seconds", "1", name], capture_output=True, text=True, check=True)
    return 1e6 / float(re.split(r"\s+", done.stdout.strip().splitlines()[-1])[-1])


def main():
    provider = Provider()
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "token_check"
        subprocess.run(["cc", "-O2", "-I", ROOT / "Sources/FilterABI/include", "-o", program, ROOT / "Benchmarks/token_check.c"], check=True)
        print("| algorithm | bytes | first time | of it bare verification | ratio | remembered |\n|---|---|---|---|---|---|")
        for alg, (name, _) in SPEED.items():
            provider.keys = [Key("k", alg)]
            tokens = pathlib.Path(folder) / "tokens"
            tokens.write_text("\n".join(provider.token(sub=f"person-{i}", groups=["clinicians", "staff", "research"], email="ana@example.org", email_verified=True) for i in range(1500)) + "\n")
            settings = json.dumps({"issuer": provider.issuer, "audience": "sluice", "groups-claim": "groups"})
            done = subprocess.run([program, ROOT / ".build/release/libsluice-oidc.so", settings, tokens, "200000"], capture_output=True, text=True, check=True)
            cold, warm, size = map(float, done.stdout.split())
            verify = bare(name)
            print(f"| {alg} | {size:.0f} | {cold:.1f} µs | {verify:.1f} µs | {cold / verify:.2f} | {warm:.2f} µs |", flush=True)
    provider.close()


main()
