"""Texts with marks: a line `=== ID STYLE` begins each, and ⟦KIND:value⟧ marks a value. Read by the evaluation and by the training."""
import pathlib
import re
import sys

MARK = re.compile("⟦([A-Z_]+):([^⟦⟧]+)⟧")


def read(path: pathlib.Path) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Texts without their marks, each with where its values are and what they were called."""
    texts = []
    for part in re.split(r"^=== .*\n", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        text, spans, last = "", [], 0
        for match in MARK.finditer(part.rstrip("\n")):
            text += part[last:match.start()]
            spans.append((len(text), len(text) + len(match[2]), match[1]))
            text, last = text + match[2], match.end()
        text += part[last:].rstrip("\n")
        if "⟦" in text or "⟧" in text:
            sys.exit(f"{path}: a mark in this text isn't ⟦KIND:value⟧: {text[:60]!r}")
        texts.append((text, spans))
    return texts
