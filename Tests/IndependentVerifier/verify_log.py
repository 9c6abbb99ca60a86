"""A second verifier of evidence logs, written from docs/verify.md alone, with nothing but Python's library.

usage: verify_log.py DIRECTORY [VERIFIER-KEY [KEPT-CHECKPOINT-FILE]]
Prints one JSON object, {"verdict", "records", "covered", "checkpoints", "removed", "first"}; exit code 0 whole, 1 not, 2 can't tell.
`first` is the first record that is concerned, or null.
"""

import base64
import hashlib
import json
import os
import re
import sys

# --- Ed25519 (RFC 8032 section 5.1.7), verification only -----------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(one, two):
    """Adds two points in extended coordinates (X, Y, Z, T)."""
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(key, message, signature):
    if len(signature) != 64:
        return False
    a, r = decompress(key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = multiply(s, BASE), add(r, multiply(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- CRC-32C, the tree ----------------------------------------------------------------------------------------------

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ 0x82F63B78 if byte & 1 else byte >> 1
    TABLE.append(byte)


def crc32c(data):
    state = 0xFFFFFFFF
    for byte in data:
        state = state >> 8 ^ TABLE[(state ^ byte) & 255]
    return state ^ 0xFFFFFFFF


def leaf(record):
    return hashlib.sha256(b"\0" + record).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    def __init__(self, size=0, roots=()):
        self.size, self.roots = size, list(roots)

    def append(self, value):
        size = self.size
        while size & 1:
            value = node(self.roots.pop(), value)
            size >>= 1
        self.roots.append(value)
        self.size += 1

    def root(self):
        value = self.roots[-1]
        for before in reversed(self.roots[:-1]):
            value = node(before, value)
        return value


# --- Keys and checkpoints -------------------------------------------------------------------------------------------


def read_keys(text):
    keys = []
    for line in text.split():
        name, digest, data = line.split("+", 2)
        data = base64.b64decode(data, validate=True)
        if len(data) != 33 or data[0] != 1:
            raise ValueError("not an Ed25519 key")
        known = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
        if known.hex() != digest:
            raise ValueError("the key's hash does not fit")
        keys.append((name, known, data[1:]))
    return keys


def read_checkpoints(data):
    """Yields (size, root, origin, text, signature lines), or None for what is no checkpoint."""
    lines, entry, blanks = data.split(b"\n"), [], 0
    for line in lines[:-1]:
        if line == b"":
            blanks += 1
            if blanks == 2:
                yield parse_checkpoint(entry)
                entry, blanks = [], 0
                continue
        entry.append(line)


def parse_checkpoint(lines):
    try:
        origin, size, root, blank = lines[:4]
        signatures = lines[4:]
        decoded = base64.b64decode(root, validate=True)
        if blank or not signatures or len(decoded) != 32 or base64.b64encode(decoded) != root:
            return None
        if not re.fullmatch(rb"0|[1-9][0-9]*", size):
            return None
        if any(not line.startswith("\u2014 ".encode()) for line in signatures):
            return None
        text = origin + b"\n" + size + b"\n" + root + b"\n"
        return int(size), decoded, origin.decode(), text, signatures
    except ValueError:
        return None


def signers(checkpoint, keys):
    """The keys, of those given, that signed it."""
    found = []
    for line in checkpoint[4]:
        parts = line.decode(errors="replace").split(" ")
        if len(parts) != 3:
            continue
        try:
            data = base64.b64decode(parts[2], validate=True)
        except ValueError:
            continue
        for name, known, key in keys:
            if parts[1] == name and data[:4] == known and signed_by(key, checkpoint[3], data[4:]):
                found.append((name, known, key))
    return found


class KeyRing:
    """Which keys may sign, from where to where, as the log's own records change it."""

    def __init__(self, given, beside):
        self.trusted = {key: None for key in given}  # the largest size that it may sign; None: any
        self.claimed = {key: False for key in beside if key not in given}  # whether it has signed
        self.rotations = []

    def take(self, sequence, data):
        try:
            (new,), (old,) = read_keys(data["key"]), read_keys(data["previous"])
        except (KeyError, TypeError, AttributeError, ValueError):
            return
        if len(self.rotations) < 256:
            self.rotations.append((sequence, new, old))

    def accepts(self, checkpoint):
        """True, False, or None where it can't be told yet."""
        found = signers(checkpoint, self.trusted)
        if found:
            return any(self.trusted[key] is None or checkpoint[0] <= self.trusted[key] for key in found)
        others = signers(checkpoint, self.claimed)
        for key in others:
            self.claimed[key] = True
        return None if others else False

    def confirm(self, size):
        changed = True
        while changed:
            changed = False
            for entry in self.rotations:
                sequence, new, old = entry
                if sequence >= size or (new not in self.trusted and old not in self.trusted):
                    continue
                self.trusted.setdefault(new, None)
                limit = self.trusted.get(old)
                self.trusted[old] = sequence + 1 if limit is None else min(limit, sequence + 1)
                self.claimed.pop(new, None)
                self.claimed.pop(old, None)
                self.rotations.remove(entry)
                changed = True
                break


# --- What was removed, and by whose leave ---------------------------------------------------------------------------


def parse_ranges(text):
    """Pairs of the first and the last sequence, or None."""
    ranges = []
    if not isinstance(text, str):
        return None
    for part in text.split(",") if text else []:
        match = re.fullmatch(r"([0-9]{1,19})(?:-([0-9]{1,19}))?", part)
        if not match:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last or (ranges and ranges[-1][1] >= first):
            return None
        ranges.append((first, last))
    return ranges


def within(sequence, ranges):
    return any(first <= sequence <= last for first, last in ranges)


class Removals:
    def __init__(self):
        self.removed, self.permissions, self.holds = [], [], {}

    def take(self, sequence, data):
        event = data.get("event")
        ranges = parse_ranges(data.get("records"))
        if event == "session.held" and ranges is not None and isinstance(data.get("session"), str):
            self.holds.setdefault(data["session"], []).extend(ranges)
        elif event == "session.released":
            self.holds.pop(data.get("session"), None)
        elif event == "records.removed" and ranges is not None:
            held = [pair for all_of_one in self.holds.values() for pair in all_of_one]
            self.permissions.append((sequence, ranges, held))

    def forbidden(self, covered):
        """The removed sequences that no covered record allows."""
        def is_allowed(record):
            return any(
                sequence < covered and record < sequence and within(record, ranges) and not within(record, held)
                for sequence, ranges, held in self.permissions
            )
        return [record for record in self.removed if not is_allowed(record)]


# --- Records and segments -------------------------------------------------------------------------------------------

ENVELOPE = re.compile(
    rb'(?:,"exchange":"[^"\\]*")?,"log":"([0-9a-f]{32})","sequence":(0|[1-9][0-9]*)(?:,"session":"[^"\\]*")?'
    rb',"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z","type":"[^"\\]+","v":1}'
)


def parse_record(record):
    """The log, the sequence and, for an administration record, its data; or None. The data ends where the decoder says, so nothing in it can mislead."""
    try:
        if not record.startswith(b'{"data":{'):
            return None
        text = record.decode()
        record = json.loads(text)
        _, end = json.JSONDecoder().raw_decode(text, 8)
        match = ENVELOPE.fullmatch(text[end:].encode())
        data = record["data"] if record.get("type") == "administration" else None
        return match and (match[1].decode(), int(match[2]), data)
    except (ValueError, RecursionError):
        return None


def number(data, at, size):
    return int.from_bytes(data[at : at + size], "little")


def parse_header(data, first):
    """The log's identifier and the tree before the first record, or None."""
    header = data[:4096]
    if len(header) < 4096 or header[:8] != b"SLUICELG" or number(header, 8, 4) != 1:
        return None
    count, size = number(header, 12, 4), number(header, 32, 8)
    if count != bin(size).count("1") or size != first or any(header[48:60]) or any(header[64 + 32 * count :]):
        return None
    if crc32c(header[:60] + bytes(4) + header[64:]) != number(header, 60, 4):
        return None
    return header[16:32].hex(), Tree(size, [header[64 + 32 * i : 96 + 32 * i] for i in range(count)])


def good_frame(data, at):
    """The record of the good frame at `at`, or None."""
    length = number(data, at, 4)
    if len(data) < at + 40 or length == 0 or len(data) < at + 40 + length:
        return None
    if crc32c(data[at : at + 4] + data[at + 8 : at + 40]) != number(data, at + 4, 4):
        return None
    record = data[at + 40 : at + 40 + length]
    return record if leaf(record) == data[at + 8 : at + 40] else None


def unfinished(data, at):
    tail = data[at:].rstrip(b"\0")
    if len(tail) < 40:
        return True
    start = -at % 512
    while start + 512 <= len(tail):
        if not any(tail[start : start + 512]):
            return True
        start += 512
    length = number(tail, 0, 4)
    if 0 < length <= len(tail) - 40 or leaf(tail[40:]) == tail[8:40]:
        return False
    return not any(good_frame(tail, i) is not None for i in range(1, len(tail) - 40))


def removed_frame(data, at):
    """Whether a good frame of a removed record stands at `at`."""
    length = number(data, at, 4)
    return (
        len(data) >= at + 40
        and length >> 31 == 1
        and 1 <= length & 0x7FFFFFFF <= 268435456
        and crc32c(data[at : at + 4] + data[at + 8 : at + 40]) == number(data, at + 4, 4)
    )


class Verification:
    def __init__(self, directory, keys, beside, kept=None):
        self.kept = kept
        self.directory, self.keys, self.removals = directory, KeyRing(keys, beside), Removals()
        self.problems, self.log, self.tree, self.expected = [], None, Tree(), 0
        self.tree_is_true, self.covered, self.checkpoint_count, self.differs = True, 0, 0, False
        self.previous = None
        path = os.path.join(directory, "checkpoints")
        self.checkpoints = []
        if os.path.exists(path):
            with open(path, "rb") as file:
                self.checkpoints = list(read_checkpoints(file.read()))

    def run(self):
        names = sorted(n for n in os.listdir(self.directory) if re.fullmatch(r"segment-\d{20}\.log", n))
        if not names:
            raise LookupError("there is no log")
        for index, name in enumerate(names):
            with open(os.path.join(self.directory, name), "rb") as file:
                data = file.read()
            self.begin(data, int(name[8:28]))
            self.compare()
            self.read(data, index == len(names) - 1)
        for checkpoint in self.checkpoints:
            self.checkpoint_count += 1
            if self.accepts(checkpoint) and checkpoint[0] > self.expected:
                self.problems.append(self.expected)
        if self.kept and self.accepts(self.kept) and self.kept[0] > self.expected:
            self.problems.append(self.expected)
        self.problems += [None for has_signed in self.keys.claimed.values() if has_signed]
        self.problems += self.removals.forbidden(self.covered)

    def begin(self, data, first):
        header = parse_header(data, first)
        if header is None:
            self.problems.append(self.expected)
            self.skip(first)
            return
        self.log = self.log or header[0]
        if header[0] != self.log:
            self.problems.append(self.expected)
        continuous = first == self.expected
        self.skip(first)
        if continuous and self.tree_is_true:
            if header[1].roots != self.tree.roots:
                self.problems.append(self.expected)
        else:
            self.tree, self.tree_is_true = header[1], True

    def skip(self, first):
        if first != self.expected:
            self.problems.append(min(first, self.expected))
            self.expected, self.tree_is_true = first, False

    def read(self, data, is_last):
        at = 4096
        while True:
            record = good_frame(data, at)
            if record is not None:
                self.take(record)
                self.compare()
                at += 40 + len(record)
                continue
            if removed_frame(data, at):
                self.removals.removed.append(self.expected)
                self.tree.append(data[at + 8 : at + 40])
                self.expected += 1
                self.compare()
                at += 40
                continue
            if not any(data[at:]):
                return
            if is_last and not self.checkpoints and unfinished(data, at):
                return
            self.problems.append(self.expected)
            length = number(data, at, 4)
            stated = length & 0x7FFFFFFF
            length = 0 if length >> 31 else length
            if stated == 0 or stated > 268435456 or len(data) < at + 40 + length:
                self.tree_is_true = False
                return
            self.tree.append(data[at + 8 : at + 40])
            self.expected += 1
            self.compare()
            at += 40 + length

    def take(self, record):
        sequence = self.expected
        self.tree.append(leaf(record))
        self.expected += 1
        fields = parse_record(record)
        if fields is None or fields[0] != self.log:
            self.problems.append(sequence)
        if fields is not None and fields[2] is not None:
            if fields[2].get("event") == "checkpoint-key.rotated":
                self.keys.take(sequence, fields[2])
            self.removals.take(sequence, fields[2])
        if fields is not None and fields[1] != sequence:
            self.problems.append(sequence)
            self.expected, self.tree_is_true = fields[1] + 1, False

    def accepts(self, checkpoint):
        if checkpoint is None or checkpoint[2] != "sluice/" + (self.log or ""):
            self.problems.append(None)
            return False
        standing = self.keys.accepts(checkpoint)
        if standing is False:
            self.problems.append(None)
        return standing is True

    def compare(self):
        if self.kept and self.kept[0] <= self.tree.size:
            kept, self.kept = self.kept, None
            if self.accepts(kept) and self.tree_is_true and not self.differs and kept[0] == self.tree.size:
                self.judge(kept)
        while self.checkpoints:
            checkpoint = self.checkpoints[0]
            if checkpoint is not None and checkpoint[0] > self.tree.size:
                return
            self.checkpoints.pop(0)
            if checkpoint is not None:
                self.checkpoint_count += 1
            if not self.accepts(checkpoint):
                continue
            size, root = checkpoint[:2]
            if self.previous and (size < self.previous[0] or (size == self.previous[0] and root != self.previous[1])):
                self.problems.append(None)
                continue
            self.previous = (size, root)
            if not self.tree_is_true or self.differs or size != self.tree.size:
                continue
            self.judge(checkpoint)

    def judge(self, checkpoint):
        size, root = checkpoint[:2]
        if self.tree.root() == root:
            self.covered = max(self.covered, size)
            self.keys.confirm(size)
            return
        self.differs = True
        if not any(p is not None and self.covered <= p < size for p in self.problems):
            self.problems.append(self.covered)


def main():
    directory = sys.argv[1]
    result = {"verdict": "undetermined", "records": 0, "covered": 0, "checkpoints": 0, "removed": 0, "first": None}
    try:
        try:
            with open(os.path.join(directory, "checkpoint.pub"), encoding="utf-8") as file:
                beside = read_keys(file.read())
        except (OSError, ValueError):
            beside = []
        keys = read_keys(sys.argv[2]) if len(sys.argv) > 2 else beside
        if not keys:
            raise LookupError("there is no key")
        kept = None
        if len(sys.argv) > 3:
            with open(sys.argv[3], "rb") as file:
                kept = parse_checkpoint(file.read().split(b"\n")[:-1])
            if kept is None:
                raise ValueError("this is not a checkpoint")
        run = Verification(directory, keys, beside, kept)
        run.run()
        named = [p for p in run.problems if p is not None]
        result.update(removed=len(run.removals.removed), records=run.expected, covered=run.covered, checkpoints=run.checkpoint_count)
        if run.problems:
            result.update(verdict="not-whole", first=min(named) if named else None)
        elif run.expected > 0 and run.checkpoint_count > 0:
            result.update(verdict="whole")
    except (LookupError, OSError, ValueError):
        pass
    print(json.dumps(result))
    return {"whole": 0, "not-whole": 1, "undetermined": 2}[result["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
