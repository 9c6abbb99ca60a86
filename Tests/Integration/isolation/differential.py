"""The same texts through the three placements: what each makes of them, in a form that can be compared.

A text goes to a gateway as a request, whose bytes are cut at random on the way, and comes back as an answer: once whole,
and as streams whose deltas and whose bytes are cut at random. Every cut follows from a seed."""
import json
import random
import socket

ROUNDS = 2  # streams of each text, cut differently

FAMILY = ["Holloway", "Søndergaard", "Okonkwo-Reyes", "Nguyễn", "Quillfeather"]
GIVEN = ["Margaret", "Ana", "John Q.", "Thiên", "Émile"]


class Facts:
    """Made-up people, so that each text has values to find, some of them twice."""

    def __init__(self, chance):
        self.given, self.family = chance.choice(GIVEN), chance.choice(FAMILY)
        self.ssn = f"{chance.randint(100, 665)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}"
        self.mrn = f"{chance.randint(0, 99999999):08d}"
        self.phone = f"({chance.randint(201, 989)}) 555-{chance.randint(100, 199):04d}"
        self.born = f"{chance.randint(1920, 2009)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        self.employee = f"EMP-{chance.randint(100000, 999999)}"


def prose(f, chance):
    parts = [f"{f.given} {f.family} was seen on {f.born} by Dr. {f.family}.", f"SSN {f.ssn}, MRN: {f.mrn}, call {f.phone}.",
             f"Reviewed by {f.employee}.", "日本語 😀 follows; the dose is 40 mg twice a day.", f"Mr. {f.family} agreed.\n\n",
             "for (int i = 0; i < 10; i++) total += values[i];"]
    return " ".join(chance.choices(parts, k=chance.randint(3, 12)))


def plain_json(f, chance):
    return json.dumps({"patient": {"name": f"{f.given} {f.family}", "ssn": f.ssn, "phones": [f.phone, f.phone]}, "n": chance.random(),
                       "note": prose(f, chance), "ok": True}, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 2]))


def fhir(f, chance):
    patient = {"resourceType": "Patient", "id": "p1", "birthDate": f.born, "name": [{"family": f.family, "given": [f.given]}],
               "identifier": [{"system": "http://hl7.org/fhir/sid/us-ssn", "value": f.ssn}, {"type": {"text": "MRN"}, "value": f.mrn}],
               "telecom": [{"system": "phone", "value": f.phone}]}
    note = {"resourceType": "Observation", "subject": {"display": f"{f.given} {f.family}"}, "note": [{"text": prose(f, chance)}]}
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient}, {"resource": note}]},
                      ensure_ascii=False, separators=chance.choice([(",", ":"), None]))


def hl7(f, chance):
    born = f.born.replace("-", "")
    return "\r".join([r"MSH|^~\&|EPIC|NORTH|LAB|SOUTH|20260102030405||ADT^A01|MSG001|P|2.5",
                      f"PID|1||{f.mrn}^^^NORTH^MR||{f.family}^{f.given}||{born}|F|||1 Elm Street^^Boston^MA^02139||{f.phone}|||||{f.ssn}",
                      f"NK1|1|{f.family}^Bo|SPO||{f.phone}", f"NTE|1||{prose(f, chance)}"]) + "\r"


def sse(f, chance):
    text = prose(f, chance)
    pieces = [text[i:i + 60] for i in range(0, len(text), 60)]
    return "".join(f"event: delta\ndata: {json.dumps({'delta': piece})}\n\n" for piece in pieces) + "data: [DONE]\n\n"


def told(make):
    """Inside a sentence: one text. A text that is JSON and nothing else is taken apart by the gateway, which a filter of texts
    does not do (docs/decisions/0008)."""
    return lambda f, chance: "Here it is:\n" + make(f, chance) + "\nThat was all."


FORMS = {"prose": prose, "json": told(plain_json), "fhir": told(fhir), "hl7": hl7, "sse": sse, "bare json": plain_json, "bare fhir": fhir}


def texts(seed, each=2):
    chance = random.Random(seed)
    return [(form, make(Facts(chance), chance)) for form, make in FORMS.items() for _ in range(each)]


def cuts(chance, length, most=12):
    return sorted(chance.sample(range(1, length), min(length - 1, chance.randint(1, most)))) if length > 1 else []


def pieces(whole, at):
    edges = [0, *at, len(whole)]
    return [whole[a:b] for a, b in zip(edges, edges[1:]) if a < b]


def post(port, key, body, chance):
    """A chunked request, each chunk a write; the answer's body, chunks put together."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.sendall(f"POST /openai/v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n"
                     "content-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n".encode())
        for piece in pieces(body, cuts(chance, len(body))):
            wire.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        wire.sendall(b"0\r\n\r\n")
        data = b""
        while got := wire.recv(65536):
            data += got
    head, rest = data.split(b"\r\n\r\n", 1)
    assert b" 200 " in head.split(b"\r\n")[0], data[:600]
    if b"transfer-encoding: chunked" not in head.lower():
        return rest
    whole = b""
    while rest:
        size, rest = rest.split(b"\r\n", 1)
        whole, rest = whole + rest[:int(size, 16)], rest[int(size, 16) + 2:]
    return whole


def said(events):
    """The text of a stream of chat completions."""
    found = [json.loads(line[6:]) for line in events.decode().split("\n") if line.startswith("data: {")]
    return "".join(choice["delta"].get("content") or "" for event in found for choice in event["choices"])


def through_gateway(gateway, upstream, key, corpus, seed):
    """For each text: what was sent on, the whole answer, and the streamed ones."""
    rows = []
    for number, (form, text) in enumerate(corpus):
        chance = random.Random(f"{seed}/{number}")
        row = {"like": "streamed 0" if form.startswith("bare") else "answered"}
        upstream.requests.clear()
        upstream.reply = lambda head, body, text=text: upstream.whole(text)
        question = {"model": "m", "messages": [{"role": "user", "content": text}]}
        body = json.dumps(question, ensure_ascii=False).encode()
        answer = json.loads(post(gateway.port, key, body, chance))
        row["sent"] = [json.loads(body)["messages"][0]["content"] for body in bodies(upstream)]
        row["answered"] = answer["choices"][0]["message"]["content"]
        question = json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": "Go on."}]}).encode()
        for turn in range(ROUNDS):
            deltas = pieces(text, cuts(chance, len(text), 40))
            data = upstream.events(deltas)
            upstream.reply = lambda head, body, data=data, at=cuts(chance, len(data)): upstream.stream(data, at)
            row[f"streamed {turn}"] = said(post(gateway.port, key, question, chance))
        rows.append(row)
    return rows


def bodies(upstream):
    """What the upstream was sent: the gateway may have passed chunks on as they are."""
    return [body for _, body in upstream.requests]


def differences(placements):
    """What is not the same in all of them: `{name: rows}`; the first is what the others are held against."""
    names = list(placements)
    found = []
    for number, rows in enumerate(zip(*placements.values(), strict=True)):
        for name, row in zip(names[1:], rows[1:]):
            for part in row.keys() & rows[0].keys():
                if row[part] != rows[0][part]:
                    found.append((number, names[0], name, part, rows[0][part], row[part]))
    # However a text was cut, its answer is the same. (One that is JSON is taken apart where it comes whole.)
    for name, rows in placements.items():
        for number, row in enumerate(rows):
            for part in row:
                if part.startswith("streamed") and row[part] != row[row["like"]]:
                    found.append((number, name, name, part, row[row["like"]], row[part]))
    return found
