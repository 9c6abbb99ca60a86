"""Values that nobody has, one for each kind that the shipped detector surely finds where they stand in context; and a search for them
in every form that they could hide in."""

import base64
import binascii
import html
import json
import re
import urllib.parse

NOTE = (
    "Patient Maria Gonzalez, DOB 03/14/1961, MRN 4482913, SSN 219-09-9999, phone (212) 555-0187, "
    "e-mail m.gonzalez@example.com, card 4111 1111 1111 1111."
)

# What must not be seen, by kind, and the whole value that one mask stands for.
KINDS = {
    "NAME": ("Maria Gonzalez", ["maria", "gonzalez"]),
    "DATE": ("03/14/1961", ["03/14/1961"]),
    "MRN": ("4482913", ["4482913"]),
    "SSN": ("219-09-9999", ["219-09-9999"]),
    "PHONE": ("(212) 555-0187", ["555-0187"]),
    "EMAIL": ("m.gonzalez@example.com", ["m.gonzalez", "gonzalez@"]),
    "ACCOUNT": ("4111 1111 1111 1111", ["4111 1111 1111 1111"]),
}
# The same as letters and digits alone, for values that are cut or written with other signs between.
BARE = {"SSN": "219099999", "PHONE": "2125550187", "ACCOUNT": "4111111111111111", "MRN": "4482913", "DATE": "03141961", "NAME": "mariagonzalez"}

MASK = re.compile(r"\[[A-Z]+(?:_[A-Z]+)*(?:_[0-9A-HJKMNP-TV-Z]{5,10})?\]")
SHORT = "SSN 219-09-9999"


def escaped(text):
    """The text as JSON would have it with each character escaped."""
    return "".join(f"\\u{ord(c):04x}" for c in text)


def unescaped(text):
    """The text without JSON's escapes, also where they are escaped in turn."""
    for _ in range(6):
        plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), re.sub(r"\\+(?=u[0-9a-fA-F]{4})", r"\\", text))
        plain = re.sub(r'\\(["\\/])', r"\1", plain)
        if plain == text:
            break
        text = plain
    return text


def decoded(text):
    """What base64 in the text says, wherever it may begin."""
    for run in re.findall(r"[A-Za-z0-9+/_-]{12,}", text):
        run = run.replace("-", "+").replace("_", "/")
        for start in range(4):
            part = run[start:]
            part = part[: len(part) // 4 * 4]
            try:
                yield base64.b64decode(part).decode("latin-1")
            except binascii.Error:
                continue


def leaves(value, place=""):
    """Each string and number of a JSON value, and where it stands."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield f"{place}/{name}#name", name
            yield from leaves(below, f"{place}/{name}")
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from leaves(below, f"{place}/{index}")
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield place, str(value)


def events(data):
    """The events of a stream: name and data of each (the event-stream format of the HTML standard)."""
    found = []
    for block in re.split(r"\r\n\r\n|\n\n|\r\r", data.decode("utf-8", "replace")):
        name, lines = "", []
        for line in re.split(r"\r\n|\n|\r", block):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                lines.append(value)
        if lines or name:
            found.append((name, "\n".join(lines)))
    return found


# Members that say the same in each event, so that how many events there are shows in them.
REPEATED = {
    "id",
    "object",
    "model",
    "service_tier",
    "system_fingerprint",
    "type",
    "role",
    "item_id",
    "obfuscation",
    "modelVersion",
    "responseId",
    "jsonrpc",
}


def channels(data, everything=False):
    """What each place of a stream's events says over all of them: the numbers that tell texts apart belong to the place."""
    texts = {}
    for name, text in events(data):
        try:
            value = json.loads(text)
        except ValueError:
            continue
        if not isinstance(value, dict):
            continue
        kind = value.get("type", name)
        numbers = "/".join(
            f"{k}={value[k]}" for k in ("output_index", "content_index", "summary_index", "annotation_index", "index", "item_id") if k in value
        )

        def walk(value, place):
            if isinstance(value, dict):
                index = value.get("index")
                place += "(thought)" if value.get("thought") else ""
                for key, below in value.items():
                    if key in REPEATED and isinstance(below, str) and not everything:
                        continue
                    walk(below, f"{place}[{index}]/{key}" if index is not None else f"{place}/{key}")
            elif isinstance(value, list):
                for number, below in enumerate(value):
                    own = isinstance(below, dict) and "index" in below
                    walk(below, place if own else f"{place}/{number}")
            elif isinstance(value, str):
                texts[place] = texts.get(place, "") + value

        walk(value, f"{kind}({numbers})")
    return {place: text for place, text in texts.items() if text or everything}


def leaks(data, kinds=None):
    """Which values can be seen in these bytes, and in what form: never the values themselves."""
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    views = {"plain": text, "escaped": unescaped(text), "percent": urllib.parse.unquote_plus(text), "entities": html.unescape(text)}
    views["base64"] = "\n".join(decoded(views["escaped"]))
    if isinstance(data, bytes) and re.search(rb"(?m)^data:", data):
        joined = "\n".join(channels(data, everything=True).values())
        views["joined"] = joined
        views["joined, escaped"] = unescaped(joined)
    found = {}
    for view, seen in views.items():
        seen = seen.lower()
        for kind, (_, words) in KINDS.items():
            if kinds and kind not in kinds:
                continue
            if any(word in seen for word in words):
                found.setdefault(kind, view)
            bare = BARE.get(kind)
            # Only signs may part what is cut: anything more is another text.
            if bare and re.search(r"(?<![0-9a-z])" + r"[^0-9a-z]{0,3}".join(bare) + r"(?![0-9])", seen):
                found.setdefault(kind, f"{view}, cut")
    return [f"{kind} ({view})" for kind, view in found.items()]


def assert_clean(data, where="", kinds=None):
    seen = leaks(data, kinds)
    assert not seen, f"{where}: seen {seen}"


def has_planted(text):
    return bool(leaks(str(text)))


def masked_pattern(text):
    """What the text looks like with each planted value masked, and nothing else changed."""
    pattern = re.escape(text)
    for whole, _ in KINDS.values():
        pattern = pattern.replace(re.escape(whole), MASK.pattern)
    return pattern


def assert_fits(sent, arrived, place="$"):
    """What arrived is what was sent, with planted values masked, and nothing else changed."""
    if isinstance(sent, dict) and isinstance(arrived, dict) and sent.keys() == arrived.keys():
        for name, below in sent.items():
            assert_fits(below, arrived[name], f"{place}/{name}")
    elif isinstance(sent, dict):
        assert isinstance(arrived, dict), f"{place}: no object any more"
        assert len(sent) == len(arrived), f"{place}: has {len(arrived)} members, not {len(sent)}"
        for (name, below), (other, value) in zip(sent.items(), arrived.items()):
            assert_fits(name, other, f"{place} a name")
            assert_fits(below, value, f"{place}/{MASK.sub('[…]', other)}")
    elif isinstance(sent, list):
        assert isinstance(arrived, list) and len(sent) == len(arrived), f"{place}: the array has changed"
        for index, (below, value) in enumerate(zip(sent, arrived)):
            assert_fits(below, value, f"{place}/{index}")
    elif isinstance(sent, str) and has_planted(sent):
        try:
            inner = json.loads(sent)
        except ValueError:
            inner = None
        if isinstance(inner, (dict, list)):
            assert isinstance(arrived, str), f"{place}: no string any more"
            try:
                value = json.loads(arrived)
            except ValueError:
                raise AssertionError(f"{place}: the JSON inside the string is none any more: {arrived!r}") from None
            assert_fits(inner, value, f"{place} inside")
        else:
            assert_clean(arrived, place)
            assert re.fullmatch(masked_pattern(sent), arrived), f"{place}: more has changed than the values: {arrived!r}"
    else:
        assert type(sent) is type(arrived) and sent == arrived, f"{place}: {sent!r} became {arrived!r}"
