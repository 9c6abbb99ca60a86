#!/usr/bin/env python3
"""Makes Plugins/Phi/Lexicon/lexicon.bin: which words are names, and which are only words.

Sources: PyPI `names` (US Census 1990 names with ranks, public domain) and Debian `wamerican` (English words,
SCOWL). The file is a hash table of 2^17 32-bit slots, little-endian: 24 bits of a word's FNV-1a hash and 8 bits
of classes; 0 is an empty slot. The words themselves are not in it.

    pip install names && apt-get install wamerican && python3 Scripts/make-lexicon.py
"""
import os
import struct

import names

GIVEN, GIVEN_COMMON, FAMILY, FAMILY_COMMON, WORD, NEVER = 1, 2, 4, 8, 16, 32
SLOTS = 1 << 17

# Eponyms, drugs, places of the body, products and programs' names: capitalised, and nobody's name here.
NEVER_NAMES = """
framingham foley parkinson parkinsons alzheimer alzheimers lyme crohn crohns hodgkin hodgkins hashimoto graves
addison addisons cushing cushings raynaud raynauds tourette huntington huntingtons apgar glasgow babinski
romberg murphy mcburney mcmurray lachman trendelenburg valsalva heimlich doppler holter swan ganz jackson pratt
penrose kirschner wilms ewing kaposi burkitt barrett barretts marfan down turner klinefelter asperger asperger's
lou gehrig guillain barre sjogren sjogrens wegener kawasaki bell bells hirschsprung meckel dupuytren baker colles
wernicke korsakoff charcot marie tooth ehlers danlos von willebrand epstein barr coombs western blot gram pap
tylenol advil motrin lipitor zocor norvasc synthroid lasix coumadin plavix nexium prilosec zantac pepcid ativan
xanax valium prozac zoloft lexapro celexa paxil wellbutrin ambien lantus humalog novolog metformin lisinopril
amlodipine losartan gabapentin prednisone insulin aspirin heparin warfarin eliquis xarelto albuterol keflex
cipro bactrim augmentin zithromax levaquin flagyl python java javascript swift kotlin ruby rust docker
kubernetes linux windows ubuntu debian github gitlab google microsoft amazon azure oracle cursor claude openai
anthropic chrome firefox safari postgres redis kafka jenkins jira slack teams zoom excel outlook january
february march april may june july august september october november december monday tuesday wednesday thursday
friday saturday sunday english spanish french german italian chinese medicare medicaid christmas easter
thanksgiving hispanic caucasian african american asian white black hispanic male female
""".split()


def fnv(word: str) -> int:
    value = 0xCBF29CE484222325
    for byte in word.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def main() -> None:
    folder = os.path.dirname(names.__file__)
    classes: dict[str, int] = {}

    def add(word: str, flags: int) -> None:
        classes[word] = classes.get(word, 0) | flags

    for source in ("dist.female.first", "dist.male.first"):
        for line in open(os.path.join(folder, source)):
            if fields := line.split():
                rank = int(fields[3])
                add(fields[0].lower(), GIVEN | (GIVEN_COMMON if rank <= 400 else 0))
    for line in open(os.path.join(folder, "dist.all.last")):
        if fields := line.split():
            rank = int(fields[3])
            if rank <= 30000:
                add(fields[0].lower(), FAMILY | (FAMILY_COMMON if rank <= 3000 else 0))
    for line in open("/usr/share/dict/words", encoding="utf-8"):
        word = line.strip()
        if word.isascii() and word.isalpha() and word.islower() and len(word) > 1:
            add(word, WORD)
    for word in NEVER_NAMES:
        add(word.replace("'", ""), NEVER)
    # The dictionary has a few given names in lower case that are names first of all.
    for word in "john mark bill frank jack peter dick ray".split():
        if word in classes:
            classes[word] |= GIVEN

    table = [0] * SLOTS
    for word in sorted(classes):
        value = fnv(word)
        index = value & (SLOTS - 1)
        while table[index]:
            index = (index + 1) & (SLOTS - 1)
        table[index] = ((value >> 40) & 0xFFFFFF) << 8 | classes[word]
    target = os.path.join(os.path.dirname(__file__), "..", "Plugins", "Phi", "Lexicon", "lexicon.bin")
    with open(target, "wb") as file:
        file.write(struct.pack(f"<{SLOTS}I", *table))
    print(f"{len(classes)} words, {os.path.getsize(target)} bytes")


main()
