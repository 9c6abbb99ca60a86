#!/usr/bin/env bash
# Learns the weights of the phi plugin's tagger: word lists and texts from public packages, then `sluice-train`.
#
#   CORPUS=FOLDER Scripts/train.sh     with texts of other people (Plugins/Phi/MODEL_CARD.md says which); the shipped weights are
#   OUT=FILE                           where the model goes; Plugins/Phi/Tagger/Model/model.bin without it
#   WITHOUT="NAME ..."                 leaves texts of CORPUS out, to measure on them: presidio, wnut, btc, aci
#
# The same packages and corpora give the same file, bit for bit.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=${OUT:-Plugins/Phi/Tagger/Model/model.bin}
work=.build-training
Scripts/install-dependencies.sh build train
Scripts/python-environment.sh Training/requirements.txt
Scripts/build.sh train build -c release --product sluice-train
mkdir -p "$work"
rm -f "$work"/*.jsonl
without=()
for name in ${WITHOUT:-}; do without+=(--without "$name"); done
.build-python/bin/python Training/gazetteer.py "$work/words.tsv"
PYTHONHASHSEED=0 .build-python/bin/python Training/corpus.py "$work" ${CORPUS:+--corpus "$CORPUS"} "${without[@]}"
texts=()
for name in written clinical healthy ward signs chat prose abroad places address talk code program developers sources wnut aci btc presidio; do
  [[ -e $work/$name.jsonl ]] && texts+=("$work/$name.jsonl")
done
.build/release/sluice-train --words "$work/words.tsv" --out "$out" "${texts[@]}"
