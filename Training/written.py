"""Texts that were written by hand for this project, as training texts; and copies of them with other people and places.

In a copy each word of a name is replaced by one of its kind, the same one wherever it stands, so that `Begay, Leland` and `Mr. Begay`
stay one person and a name keeps the form in which it was written.
"""
import os
import pathlib
import random
import re
import sys

import lists
import people

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Evaluation"))
import marked  # noqa: E402

KINDS = {"NAME": "PER", "CITY": "LOC", "ADDRESS": "STREET", "ORG": "ORG"}
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
TITLE = re.compile(r"(?:\b(?:mrs?|ms|miss|mx|dr|prof|sr|sra|herr|frau|mme|nurse|sister|doctor|mister)\b\.?) *$", re.I)
PARTICLES = set("de la del della der den di du da dos das van von ter ten al el bin binti ibn ap ab y e of the and jr sr ii iii iv dr mr mrs ms".split())


def read(folder: pathlib.Path) -> list:
    """All texts of a folder: names, places, organisations and streets as the tagger takes them; of other values that have letters
    nothing is known."""
    return [(text, spans_of(text, spans)) for path in sorted(folder.glob("*.marked")) for text, spans in marked.read(path)]


def spans_of(text: str, spans: list) -> list:
    found = []
    for start, end, label in spans:
        value = text[start:end]
        kind = KINDS.get(label, "SKIP")
        # The names of accounts, and of records with signs between their parts, are other rules' business.
        if kind == "PER" and re.search(r"[\d_^*|@]", value) or kind == "STREET" and re.search(r"\bbox\b", value, re.I):
            kind = "SKIP"
        if kind != "SKIP" or re.search(r"[^\W\d_]", value):
            found.append((start, end, kind))
    taken = bytearray(len(text))
    for start, end, _ in found:
        taken[start:end] = b"\1" * (end - start)
    return found + [(match.start(), match.end(), "AREA") for match in AREA.finditer(text) if not any(taken[match.start():match.end()])]


AREA = re.compile(r"\b(?:" + "|".join(sorted((re.escape(name.title()) for name in lists.areas()), key=lambda name: (-len(name), name))) + r")\b")


def streets_as_places(documents: list) -> list:
    return [(text, [(start, end, "LOC" if kind == "STREET" else kind) for start, end, kind in spans]) for text, spans in documents]


class Cast:
    """Who stands in a copy for whom."""

    def __init__(self, text: str, spans: list, names: people.Names, places: people.Places) -> None:
        self.names, self.places = names, places
        self.chance = names.random
        self.said: dict[str, str] = {}
        self.families: set[str] = set()
        self.given: set[str] = set()
        for start, end, kind in spans:
            words = WORD.findall(text[start:end]) if kind == "PER" else []
            if len(words) > 1:
                comma = text[start:end].find(",")
                before = len(WORD.findall(text[start:start + comma])) if comma > 0 else 0
                first = words[before:] if before else words[:-1]
                self.given.update(word.lower() for word in first)
                self.families.update(word.lower() for word in (words[:before] if before else words[-1:]))

    def name(self, value: str, before: str) -> str:
        words = WORD.findall(value)

        def other(match: re.Match) -> str:
            word = match[0]
            key = word.lower()
            if len(word) == 1:
                return self.kept(key, lambda: self.chance.choice("ABCDEFGHJKLMNPRSTVW"), word)
            if key in PARTICLES and len(words) > 1:
                return word
            is_family = key in self.families if key in self.families or key in self.given \
                else bool(TITLE.search(before)) or self.chance.random() < 0.3
            return self.kept(key, self.names.last if is_family else self.names.first, word)
        return WORD.sub(other, value)

    def kept(self, key: str, make, like: str) -> str:
        if key not in self.said:
            self.said[key] = make()
        new = self.said[key]
        return new.lower() if like == like.lower() else new.upper() if like == like.upper() and len(like) > 1 else new

    def organisation(self, value: str) -> str:
        """Another one, as often as not."""
        key = "at " + value.lower()
        if key not in self.said:
            draw = self.chance.random()
            self.said[key] = value if draw < 0.5 or " " not in value else \
                self.places.hospital(self.names) if draw < 0.75 else self.places.organisation(self.names)
        new = self.said[key]
        return new.lower() if value == value.lower() else new.upper() if value == value.upper() else new

    def place(self, value: str) -> str:
        key = "place " + value.lower()
        if key not in self.said:
            end = re.search(r" (?:county|parish|district|island|islands|river|park|township|twp|co\.?|borough|co)$", value, re.I)
            self.said[key] = self.places.town(self.names) + (end[0] if end else "")
        new = self.said[key]
        return new.lower() if value == value.lower() else new.upper() if value == value.upper() and len(value) > 3 else new


def renamed(documents: list, copies: int, seed: int) -> list:
    """Copies with other people and places; a few of them in lower case or in capitals as a whole."""
    chance = random.Random(seed)
    names, places = people.Names(chance), people.Places(chance)
    found = []
    for text, spans in documents:
        for _ in range(copies):
            cast = Cast(text, spans, names, places)
            new, moved, last = "", [], 0
            for start, end, kind in sorted(spans):
                if start < last:
                    continue
                new += text[last:start]
                value = text[start:end]
                if kind == "PER":
                    value = cast.name(value, text[max(0, start - 12):start])
                elif kind == "LOC" and re.search(r"[^\W\d_]{2}", value):
                    value = cast.place(value)
                elif kind == "ORG":
                    value = cast.organisation(value)
                moved.append((len(new), len(new) + len(value), kind))
                new += value
                last = end
            new += text[last:]
            draw = chance.random()
            lower, upper = new.lower(), new.upper()
            if draw < 0.14 and len(lower) == len(new):
                new = lower
            elif draw < 0.18 and len(upper) == len(new):
                new = upper
            found.append((new, moved))
    return found
