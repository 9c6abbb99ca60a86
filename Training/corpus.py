#!/usr/bin/env python3
"""Makes the tagger's training texts: JSON lines of a text and its spans, in bytes of UTF-8.

    .build-python/bin/python Training/corpus.py FOLDER [--corpus DATA] [--without NAME]

Seeded: the same lists give the same files. Written/ has texts that were written by hand for the training (written.py); those of
Evaluation/Written are never read. With --corpus, texts of other people are added from a folder that has
wnut17/, btc/, presidio-research/ and aci-bench/ (MODEL_CARD.md says where they come from); --without leaves one out, to test on it.
"""
import argparse
import csv
import json
import os
import pathlib
import random
import re

import lists
import people
import scenes
import templates as T
import written

SEED = 20261126
# How often each of our written texts is told with other people in it.
COPIES = 5
SLOT = re.compile(r"\{\{|\}\}|\{([A-Za-z]+)\}")
FORMS = {"": "full", "f": "first", "l": "last", "s": "short", "r": "reversed", "h": "hl7", "i": "initialled", "k": "nickname"}
NAMED = re.compile(r"([PQDERNX])([flsrhtik]?)(U?)$|([pqxd])([fl]?)$")


class Maker:
    """Fills templates in."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.names = people.Names(self.chance)
        self.places = people.Places(self.chance)
        self.drug_names = lists.drug_names()
        self.diseases = [term for term in lists.disease_terms() if len(term) < 70]
        self.words = [word for word in lists.english_words() if 3 <= len(word) <= 10]
        usage, _ = lists.usage()
        self.common = [word for word in self.words if usage.get(word, -20) > -12.5]
        self.products = lists.detector_words("ClinicalWords")
        self.eponyms = lists.detector_words("Eponyms")
        self.brands = [name for name in self.drug_names if " " not in name]
        self.cast: dict[str, people.Person] = {}

    def person(self, role: str) -> people.Person:
        if role == "X":
            return people.Person(self.names)
        if role not in self.cast:
            self.cast[role] = people.Person(self.names)
        return self.cast[role]

    def slot(self, name: str) -> tuple[str, str, str]:
        """What stands in a slot: what comes before the span, the span, and its kind."""
        chance = self.chance
        pick = chance.choice
        if match := NAMED.match(name):
            if match[4]:
                text = self.person(match[4].upper()).form({"": "plainfull", "f": "first", "l": "last"}[match[5]], chance)
                return "", text.lower() if chance.random() < 0.7 else text, "PER"
            person = self.person(match[1])
            if match[2] == "t":
                return pick(people.FORMAL) + " ", person.form("last" if chance.random() < 0.7 else "full", chance), "PER"
            text = person.form(FORMS[match[2]], chance)
            return "", text.upper() if match[3] else text, "PER"
        if name == "city":
            return "", self.places.city(self.names), "LOC"
        if name == "lowercity":
            return "", self.places.city(self.names).lower(), "LOC"
        if name == "CITY":
            return "", self.places.city(self.names).upper(), "LOC"
        if name == "street":
            return "", self.places.street(self.names), "LOC"
        if name in ("Street", "Town", "TOWN"):
            text = self.places.abroad_street() if name == "Street" else self.places.town(self.names)
            return "", text.upper() if name == "TOWN" else text, "LOC"
        if name == "hosp":
            return "", self.places.hospital(self.names), "ORG"
        if name == "org":
            return "", self.places.organisation(self.names), "ORG"
        if name in ("state", "country"):
            return "", pick(self.places.states if name == "state" else self.places.areas), "AREA"
        if name in ("people", "People"):
            return "", pick(self.places.peoples), "AREA"
        return self.plain(name), "", ""

    def plain(self, name: str) -> str:
        chance = self.chance
        pick = chance.choice
        word = lambda: pick(self.common)
        if name in ("dx", "Dx", "DX"):
            term = pick(self.diseases)
            if name == "DX":
                return term.upper()
            return term.title().replace("'S", "'s") if name == "Dx" and chance.random() < 0.4 else term if name == "Dx" or chance.random() < 0.5 \
                else term[0].lower() + term[1:]
        if name in ("drug", "Drug"):
            drug = pick(self.brands)
            return drug.capitalize() if name == "Drug" else drug
        if name in ("Brand", "eponym"):
            word = pick(self.products if name == "Brand" else self.eponyms)
            return "-".join(part.capitalize() for part in word.split("-")) if name == "eponym" or chance.random() < 0.9 else word
        simple = {
            "sexshort": lambda: pick("MF"), "Relation": lambda: pick(T.RELATIONS).capitalize(), "deptlow": lambda: pick(T.DEPARTMENTS).lower(),
            "DEPT": lambda: pick(T.DEPARTMENTS).upper(), "Roman": lambda: pick(["I", "II", "III", "IV", "V"]), "classletter": lambda: pick("ABC"),
            "Latin": lambda: pick(T.LATIN).capitalize(), "latin": lambda: pick(T.LATIN), "DRUG": lambda: pick(self.brands).upper(),
            "Maker2": lambda: pick(T.CARS),
            "age": lambda: str(chance.randint(1, 89)), "small": lambda: str(chance.randint(2, 9)), "sex": lambda: pick(["male", "female", "man", "woman"]),
            "poss": lambda: pick(["his", "her"]), "symptom": lambda: pick(T.SYMPTOMS), "Symptom": lambda: pick(T.SYMPTOMS).title(),
            "dose": lambda: pick(["5 mg", "10 mg", "81 mg", "500 mg", "20 units", "5/325 mg", "2 puffs", "40 mg"]),
            "lab": lambda: pick(T.LABS), "LAB": lambda: pick(T.LABS), "dept": lambda: pick(T.DEPARTMENTS), "body": lambda: pick(T.BODY),
            "Body": lambda: pick(T.BODY).title(), "Bug": lambda: pick(T.BUGS), "Vaccine": lambda: pick(T.VACCINES),
            "procedure": lambda: pick(T.PROCEDURES), "Procedure": lambda: pick(T.PROCEDURES).title(),
            "relation": lambda: pick(T.RELATIONS), "job": lambda: pick(T.JOBS), "Product": lambda: pick(T.PRODUCTS),
            "Day": lambda: pick(T.DAYS), "month": lambda: pick(T.MONTHS), "Eponym": lambda: pick(T.EPONYMS).replace("-", pick("- -")), "head": lambda: pick(T.HEADS),
            "HEADING": lambda: pick(T.HEADINGS).upper(), "Heading": lambda: pick(T.HEADINGS),
            "result": lambda: pick(["negative", "positive", "normal", "within normal limits", "pending"]),
            "year": lambda: str(chance.randint(1990, 2026)), "num": lambda: str(chance.randint(10, 99999)), "time": lambda: f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}",
            "mrn": lambda: str(chance.randint(100000, 9999999)), "zip": lambda: f"{chance.randint(0, 99999):05}",
            "ST": lambda: pick("AL AK AZ CA CO CT FL GA IL IN KS KY LA MA MD MI MN MO NC NJ NM NV NY OH OK OR PA SC TN TX UT VA WA WI".split()),
            "phone": lambda: f"{chance.randint(201, 989)}-555-{chance.randint(100, 9999):04}", "initial": lambda: pick("ABCDEFGHJKLMR") + ".",
            "email": lambda: f"{word()}.{word()}@{word()}.com", "handle": lambda: word() + str(chance.randint(1, 99)),
            "date": lambda: pick([f"{chance.randint(1, 12):02}/{chance.randint(1, 28):02}/{chance.randint(1930, 2026)}", f"{pick(T.MONTHS)} {chance.randint(1, 28)}, {chance.randint(1990, 2026)}",
                                  f"{chance.randint(1950, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"]),
            "ABBR": lambda: pick(T.ABBREVIATIONS) if chance.random() < 0.7 else "".join(pick("ABCDEFGHIJKLMNOPRSTUVW") for _ in range(chance.randint(3, 5))),
            "PlaceTerm": lambda: pick(T.PLACE_TERMS), "Protocol": lambda: pick(T.PROTOCOLS), "short": lambda: pick(T.SHORT),
            "Algorithm": lambda: pick(T.ALGORITHMS), "algorithm": lambda: pick(T.ALGORITHMS).lower(), "Maker": lambda: pick(T.MAKERS), "BugShort": lambda: pick("ESKPCHLBN") + ". " + pick(["Coli", "Aureus", "Pneumoniae", "Difficile", "coli", "aureus",
                "Pylori", "Albicans", "difficile", "Epidermidis", "Faecalis", "influenzae", "Aeruginosa"]),
            "abbr": lambda: pick(T.ABBREVIATIONS).lower(), "Label": lambda: pick(T.LABELS),
            "word": word, "Word": lambda: word().capitalize(), "Type": lambda: "".join(word().capitalize() for _ in range(chance.randint(1, 3))),
            "ident": lambda: word() + "".join(word().capitalize() for _ in range(chance.randint(0, 2))),
            "snake": lambda: "_".join(word() for _ in range(chance.randint(1, 3))), "CONST": lambda: "_".join(word().upper() for _ in range(chance.randint(1, 3))),
        }
        return simple[name]()

    def sentence(self, template: str) -> tuple[str, list]:
        text = ""
        spans = []
        last = 0
        template = template.replace("\\n", "\n").replace("\\t", "\t")
        for match in SLOT.finditer(template):
            text += template[last:match.start()]
            last = match.end()
            if match[0] in ("{{", "}}"):
                text += match[0][0]
                continue
            before, value, kind = self.slot(match[1])
            text += before
            if kind:
                spans.append((len(text), len(text) + len(value), kind))
            text += value
        return text + template[last:], spans

    def document(self, pools: list[tuple[float, list[str]]], joints: list[str], most: int) -> tuple[str, list]:
        """Some sentences about the same people, with one way of standing together."""
        chance = self.chance
        self.cast = {}
        text = ""
        spans = []
        joint = chance.choice(joints)
        weights = [weight for weight, _ in pools]
        for _ in range(chance.randint(1, most)):
            pool = chance.choices(pools, weights)[0][1]
            sentence, found = self.sentence(chance.choice(pool))
            if text:
                text += joint if "\n" not in sentence else "\n"
            spans += [(len(text) + start, len(text) + end, kind) for start, end, kind in found]
            text += sentence
        draw = chance.random()
        if draw < 0.16 and len(text.lower()) == len(text):
            text = text.lower()
        elif draw < 0.21 and len(text.upper()) == len(text):
            text = text.upper()
        return text, spans


def line(text: str, spans: list) -> str:
    """A line of a corpus, with offsets in bytes."""
    at = [0]
    for letter in text:
        at.append(at[-1] + len(letter.encode()))
    return json.dumps({"text": text, "spans": [[at[start], at[end], kind] for start, end, kind in spans if start < end]}, ensure_ascii=False)


def write(path: str, documents: list) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for text, spans in documents:
            file.write(line(text, spans) + "\n")
    print(f"{path}: {len(documents)} texts")


def generated(folder: str, scale: float) -> None:
    notes, chat, code = ["\n", " ", " ", "\n\n", "  "], ["\n", " ", "\n", "\n\n", ". "], ["\n", "\n", "\n\n", "\n    "]
    for number, (name, pools, joints, most, count) in enumerate([
        ("clinical", [(1, T.CLINICAL), (0.9, T.NEGATIVE_CLINICAL)], notes, 14, 9000),
        ("healthy", [(1, T.NEGATIVE_CLINICAL)], notes, 14, 5000),
        ("chat", [(1, T.CHAT), (0.5, T.NEGATIVE_CHAT), (0.15, T.CLINICAL)], chat, 6, 12000),
        ("prose", [(1, T.PROSE), (0.25, T.NEGATIVE_CHAT)], chat, 6, 14000),
        ("address", [(1, T.ADDRESSES), (0.2, T.PROSE), (0.1, T.CHAT)], ["\n", "\n\n", " ", "\n"], 3, 6000),
        ("talk", [(1, T.NEGATIVE_CHAT), (0.3, T.NEGATIVE_CLINICAL)], chat, 6, 3000),
        ("code", [(1, T.CODE), (1, T.NEGATIVE_CODE)], code, 12, 4500),
        ("program", [(1, T.NEGATIVE_CODE)], code, 14, 3500),
        ("ward", [(1, scenes.WARD), (0.7, scenes.HEALTHY), (0.3, T.CLINICAL), (0.3, T.NEGATIVE_CLINICAL)], notes, 12, 9000),
        ("signs", [(1, scenes.HEALTHY), (0.3, T.NEGATIVE_CLINICAL)], notes, 14, 6000),
        ("developers", [(1, scenes.DEVELOPERS), (0.5, scenes.NEUTRAL_CODE), (0.7, T.NEGATIVE_CODE)], code, 10, 3500),
        ("abroad", [(1, scenes.ABROAD)], chat, 6, 5000),
        ("places", [(1, scenes.PLACES), (0.5, T.ADDRESSES), (0.5, T.PROSE), (0.3, T.CHAT)], chat, 5, 5000),
    ]):
        maker = Maker(SEED + number)
        write(os.path.join(folder, f"{name}.jsonl"), [maker.document(pools, joints, most) for _ in range(int(count * scale))])


def programs() -> list[str]:
    """Sources of programs and their comments: pieces of pinned packages."""
    texts = []
    for package, endings in (("django", (".py", ".js", ".html", ".txt")), ("pygments", (".py",)), ("numpy", (".py", ".h", ".c", ".pyi")), ("spacy", (".pyx", ".pxd", ".py"))):
        for place, folders, files in sorted(os.walk(lists.folder(package))):
            folders[:] = sorted(name for name in folders if name not in ("locale", "lang", "__pycache__"))
            for name in sorted(files):
                if name.endswith(endings):
                    content = open(os.path.join(place, name), encoding="utf-8", errors="replace").read()
                    texts += [content[start:start + 3000] for start in range(0, min(len(content), 60000), 12000)]
    return texts


def areas_of(text: str) -> bool:
    name = lists.plain(text).removeprefix("the ")
    return name in AREAS or re.sub(r"^(?:democratic |peoples |islamic )?(?:republic|kingdom|state|federation|islands?) of (?:the )?|,? (?:republic|federation|islands)$", "", name) in AREAS


AREAS = set(lists.areas())


TITLE = re.compile(r"(?:mr|mrs|ms|dr|miss|prof)\b\.? +", re.I)
CREDENTIAL = re.compile(r",? +(?:md|phd|dds|dvm|do|rn|np|jd|jr|sr|ii|iii|iv)\b\.?$", re.I)


def trimmed(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """A person's name without a title before it and letters behind it: neither is learnt, as corpora disagree about them."""
    spans = []
    if TITLE.fullmatch(text[start:end] + " "):
        return [(start, end, "SKIP")]
    if match := TITLE.match(text, start, end):
        spans.append((start, match.end(), "SKIP"))
        start = match.end()
    if match := CREDENTIAL.search(text, start, end):
        spans.append((match.start(), end, "SKIP"))
        end = match.start()
    return spans + [(start, end, "PER")]


def conll(paths: list[str]) -> list:
    """BIO lines, a word each: glued to texts as they were written, as far as one can tell."""
    kinds = {"PER": "PER", "person": "PER", "LOC": "LOC", "location": "LOC", "ORG": "ORG", "corporation": "ORG", "group": "ORG"}
    documents = []
    for path in paths:
        text, spans, kind = "", [], None
        rows = open(path, encoding="utf-8", errors="replace").read().split("\n")
        for row in rows + [""]:
            fields = row.rstrip("\r").split("\t")
            if len(fields) < 2 or not fields[0].strip():
                if text:
                    documents.append((text, settled(text, spans)))
                text, spans, kind = "", [], None
                continue
            word, label = fields[0].replace("\u2019", "'"), fields[-1]
            glue = "" if not text or re.fullmatch(r"[.,;:!?)'\]]+|'s|n't|s|ll|ve|t|re|m", word) and (len(word) < 2 or text[-1] == "'" or word[0] in ".,;:!?)'") or text[-1] in "(@#[" else " "
            text += glue
            start = len(text)
            text += word
            found = kinds.get(label[2:])
            if label.startswith("I-") and found and spans and spans[-1][2] == found and kind == found:
                spans[-1] = (spans[-1][0], len(text), found)
            elif found:
                # The names of accounts and tags are no names in running text: nothing is learnt of them.
                is_account = word[0] in "@#" or text[:start].rstrip().endswith(("@", "#"))
                spans.append((start, len(text), "SKIP" if is_account else found))
            elif label != "O":
                spans.append((start, len(text), "SKIP"))
            kind = found
    return documents


def presidio(path: str) -> list:
    kinds = {"PERSON": "PER", "LOCATION": "LOC", "ORGANIZATION": "ORG", "ADDRESS": "LOC", "TITLE": "SKIP"}
    documents = []
    for item in json.load(open(path, encoding="utf-8")):
        spans = sorted((span["start_position"], span["end_position"], kinds[span["entity_type"]]) for span in item["spans"] if span["entity_type"] in kinds)
        text = item["full_text"]
        documents.append((text, settled(text, spans)))
    return documents


def settled(text: str, spans: list) -> list:
    """The spans of other people's texts as this tagger takes them: countries apart, names without titles."""
    found = []
    for start, end, kind in spans:
        if kind == "PER":
            found += trimmed(text, start, end)
        else:
            found.append((start, end, "AREA" if kind == "LOC" and areas_of(text[start:end]) else kind))
    return found


def retold(documents: list, copies: int, seed: int) -> list:
    """Other people's texts with other names and places in them, so that what stands around is learnt and not who it was."""
    maker = Maker(seed)
    chance = maker.chance
    found = []
    for text, spans in documents:
        if not any(kind in ("PER", "LOC") for _, _, kind in spans):
            continue
        for _ in range(copies):
            said: dict[str, str] = {}
            new, moved, last = "", [], 0
            for start, end, kind in sorted(spans):
                if start < last or start >= end:
                    continue
                new += text[last:start]
                old = value = text[start:end]
                if kind in ("PER", "LOC") and re.search(r"[^\W\d_]{2}", old):
                    if old not in said:
                        said[old] = maker.places.city(maker.names) if kind == "LOC" else \
                            people.Person(maker.names).form("first" if " " not in old and chance.random() < 0.55 else "last" if " " not in old else "full", chance)
                    value = said[old]
                    value = value.lower() if old == old.lower() else value.upper() if old == old.upper() and len(old) > 3 else value
                moved.append((len(new), len(new) + len(value), kind))
                new += value
                last = end
            found.append((new + text[last:], moved))
    return found


def unlabelled(texts: list[str], is_program: bool) -> list:
    """Texts without labels, nearly without names: whatever looks like a name is not learnt from. In a program, words in lower case are none."""
    given = set(lists.census_given())
    places = {name for name, people, country in lists.cities() if people >= (1_000 if country == "US" else 20_000)}
    words = set(lists.english_words())
    documents = []
    for text in texts:
        spans = []
        for match in re.finditer(r"(?:\b(?:mr|mrs|ms|dr|miss)\b\.? ?)?[^\W\d_]+(?:'[^\W\d_]+)?", text, re.I):
            word = lists.plain(match[0].split(" ")[-1]).removesuffix("s") if match[0].endswith("'s") else lists.plain(match[0].split(" ")[-1])
            if is_program and match[0] == match[0].lower() and word not in AREAS:
                continue
            if " " in match[0] or (word in given or word in places) and word not in words or word in AREAS:
                # With the words on both sides.
                before = re.search(r"\S*\s*$", text[:match.start()])
                after = re.match(r"\s*\S*", text[match.end():])
                spans.append((match.start() - len(before[0]), match.end() + len(after[0]), "SKIP"))
        documents.append((text, spans))
    return documents


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--corpus")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--without", action="append", default=[], choices=["wnut", "btc", "presidio", "aci"])
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    generated(options.folder, options.scale)
    write(f"{options.folder}/sources.jsonl", unlabelled(programs(), True))
    texts = written.read(pathlib.Path(__file__).parent / "Written")
    write(f"{options.folder}/written.jsonl", written.streets_as_places(texts + written.renamed(texts, COPIES, SEED + 200)))
    if not options.corpus:
        return
    data = options.corpus
    for seed, (name, documents) in enumerate([
        ("wnut", conll([f"{data}/wnut17/wnut17train.conll", f"{data}/wnut17/emerging.dev.conll"])),
        ("btc", conll([f"{data}/btc/{part}.conll" for part in "abefg"])),
        ("presidio", presidio(f"{data}/presidio-research/generated_large.json")),
    ]):
        if name not in options.without:
            write(f"{options.folder}/{name}.jsonl", documents + retold(documents, 2, SEED + 100 + seed))
    if "aci" in options.without:
        return
    rows = list(csv.DictReader(open(f"{data}/aci-bench/train.csv", encoding="utf-8")))
    write(f"{options.folder}/aci.jsonl", unlabelled([row[part] for row in rows for part in ("dialogue", "note")], False))


main()
