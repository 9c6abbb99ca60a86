#!/usr/bin/env bash
# Measures the phi plugin, and Presidio's analyzer on the same texts: Scripts/evaluate.sh [OPTIONS of Evaluation/evaluate.py]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
Scripts/install-dependencies.sh build
Scripts/build.sh release build -c release
Scripts/python-environment.sh Evaluation/requirements.txt
.build-python/bin/python Evaluation/evaluate.py --html .build-evaluation.html "$@"
echo "Misses and false alarms in place: .build-evaluation.html"
