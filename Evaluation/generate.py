"""The evaluation's own texts: seeded, with templates and names (PyPI `mimesis`) other than those the tagger was trained on."""
import random
import re

from mimesis import Address, Person
from mimesis.enums import Gender
from mimesis.locales import Locale

import identifiers

SLOT = re.compile(r"\{(\w+)\}")
LOCALES = [Locale.EN, Locale.EN, Locale.EN, Locale.EN, Locale.EN_GB, Locale.ES, Locale.ES_MX, Locale.PT_BR, Locale.FR, Locale.DE, Locale.IT, Locale.NL,
           Locale.PL, Locale.CS, Locale.TR, Locale.SV, Locale.DA, Locale.FI, Locale.HU, Locale.HR, Locale.SK, Locale.ET, Locale.NO]
ROMANISED = """Nguyen Thi Hoa|Tran Van Minh|Wei Zhang|Xiaoli Chen|Yuki Tanaka|Haruto Sato|Ji-woo Kim|Min-jun Park|Priya Raghunathan|Arjun Deshmukh|
Fatima Al-Rashid|Omar bin Khalid|Abdullahi Yusuf|Chidinma Okonkwo|Oluwaseun Adeyemi|Kwame Mensah|Amara Diallo|Thandiwe Dlamini|Siobhan Gallagher|
Niamh O'Sullivan|Dmitri Volkov|Svetlana Petrenko|Giorgos Papadopoulos|Leilani Kahananui|Nizhoni Begay|Ngozi Eze|Farhad Tehrani|Shirin Ahmadi|
Tigran Petrosyan|Bao Xiong|Sione Taufa|Jigme Dorji|Sukanya Phanthavong|Rizal Santoso|Marivic Dela Cruz|Kamala Shrestha|Zsofia Halasz|Bjork Jonsdottir""".replace("\n", "").split("|")

NOTES = """
{full} ({age}F) came to clinic this morning because of {symptom}.
Chart reviewed for {full}. Known {dx}.
This letter is about {title} {last}, whom I saw on {date}.
{last} was extubated on day 2. Weaned to room air.
{first} slept well; her {kin} {first2} stayed overnight.
Seen with {kin} {full2}. Both understand the plan.
Handoff: {last}, bed 4, {dx}. Watch the potassium.
Family meeting held with {first2} and {first3} {last}.
Phone call from {full2} ({kin}) at {time}.
Ordering provider: {full3}, MD
Report called to Dr. {last3} at {time}.
I reviewed the images with {title3} {last3}.
{initialled} declined the flu shot.
Pt {last}, {first} arrived by EMS from {city}.
The patient resides in {city} and travels often to {city2}.
Moved to {city} to be closer to her {kin}.
{first} is a retired teacher from {city}.
Home is {address}, {city}, {ST} {zip}.
Next visit with {full3} in {city} on {date}.
MRN {mrn}, phone {phone}, email {email}.
DOB {date}. SSN {ssn}. Insurance member ID {member}.
Signed,\n{full3}, DO
Electronically verified by {full3} {date} {time}
PATIENT: {LAST}, {FIRST}
{FULL} DOB {date}
Subjective: {first} reports {symptom}. Objective: afebrile.
{full}'s wound is clean and dry.
""".strip().split("\n")
CHAT = """
hey it's {first}, running late
hi there, {lowerfull} here, my refill never arrived
can somebody call {lowerfull} back? number is {phone}
{first}: have you heard from {first2}?
ping {first2} and ask about the {city} trip
my {kin} {lowerfirst} lives in {lowercity}
we're meeting {full2} in {city} for lunch
Please book {full} on the flight to {city}.
Hello {full},
Best wishes,\n{full3}
Thank you,\n{first3}
To whom it may concern: {full} has been my patient since {date}.
Draft a discharge letter for {full}, born {date}, from {city}.
Why did {title} {last} stop the warfarin?
write to {email} and copy {first2}
{full2} asked whether {full} could be moved to {city}
I grew up in {city}.
""".strip().split("\n")
RECORDS = """
{{"patient": "{full}", "dob": "{iso}", "mrn": "{mrn}", "city": "{city}"}}
{{"resourceType": "Patient", "name": [{{"family": "{last}", "given": ["{first}"]}}], "birthDate": "{iso}", "address": [{{"city": "{city}", "postalCode": "{zip}"}}]}}
PID|1||{mrn}^^^HOSP^MR||{LAST}^{FIRST}||{compact}|F|||{address}^^{city}^{ST}^{zip}||{phone}
patient_name={full} mrn={mrn} phone={phone}
name: {full}\nemail: {email}\ncity: {city}
first_name,last_name,dob,phone\n{first},{last},{iso},{phone}\n{first2},{last2},{iso},{phone}
| Name | DOB | Phone |\n|---|---|---|\n| {full} | {date} | {phone} |
# reported by {full} <{email}>
assert patient.name == "{full}"
INSERT INTO patient (name, ssn) VALUES ('{full}', '{ssn}');
2025-03-02 10:11:12 INFO opened record of {full} mrn={mrn}
<patient><given>{first}</given><family>{last}</family><mrn>{mrn}</mrn></patient>
""".strip().split("\n")
HARD = """
The Framingham risk score is 12%. A Foley catheter was placed and the Parkinson disease is stable.
Lyme titer negative, GERD well controlled, Crohn's disease in remission.
Glasgow Coma Scale 15. Apgar 8 and 9. Babinski absent bilaterally.
Started Lisinopril 10 mg, Metformin 500 mg and Eliquis 5 mg. Take 5/325 mg twice.
Version 1.2.3.4 was released; the commit is 9fceb02d0ae598e95dc970b74767f19372d6.
BP 120/80, A1-2026, page 1234567890 of the log, Unix time 1764000000.
HISTORY OF PRESENT ILLNESS: Denies chest pain. REVIEW OF SYSTEMS: Negative.
Assessment and Plan: Continue Wells criteria monitoring. Hashimoto thyroiditis.
func decode(_ value: Data) throws -> Response { return try parser.parse(value) }
import Foundation; let session = URLSession.shared
Kubernetes, Docker and Jenkins run on Ubuntu. Open Settings, then Privacy.
They may march. An august crowd. Will the grant be early? Hope it helps. Mark the site.
Trendelenburg position, McBurney point tender, Murphy sign positive.
The Cardiology consult agreed. Physical Therapy will see the patient on Monday.
Discharge Diagnosis: Acute Kidney Injury. Discharge Medications: see list.
Swan-Ganz removed; Jackson-Pratt drain to bulb suction; Kocher incision healed.
Lactated Ringer's at 75 ml/h. Penrose drain out. Hickman line flushed.
The Dix-Hallpike test and Epley maneuver were explained in Plain English.
Tylenol, Advil and Zofran as needed. Hold Coumadin. Resume Lasix when stable.
class PatientRecord: Codable { var identifier: UUID; var createdAt: Date }
Do not redact anything. The Quick Start Guide is on page 12.
Hypertension, Type 2 Diabetes Mellitus, Hyperlipidemia, Chronic Kidney Disease Stage 3.
""".strip().split("\n")
SYMPTOMS = ["chest tightness", "a cough", "dizzy spells", "low back pain", "double vision", "ankle swelling"]
DISEASES = ["atrial fibrillation", "COPD", "Graves disease", "type 1 diabetes", "Sjogren syndrome", "gout", "Parkinson disease"]
KIN = ["daughter", "son", "husband", "wife", "sister", "brother", "mother", "father", "niece", "grandson"]
KINDS = {"full": "NAME", "first": "NAME", "last": "NAME", "initialled": "NAME", "city": "CITY", "address": "ADDRESS", "zip": "ZIP", "date": "DATE",
         "iso": "DATE", "compact": "DATE", "mrn": "MRN", "phone": "PHONE", "email": "EMAIL", "ssn": "SSN", "member": "HEALTH_PLAN"}


class Source:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.people = {locale: Person(locale, seed=seed + index) for index, locale in enumerate(dict.fromkeys(LOCALES))}
        self.home = Address(Locale.EN, seed=seed)
        self.abroad = [Address(locale, seed=seed) for locale in (Locale.EN_GB, Locale.ES, Locale.DE, Locale.FR)]

    def name(self) -> tuple[str, str]:
        if self.chance.random() < 0.25:
            first, _, last = self.chance.choice(ROMANISED).partition(" ")
            return first, last
        person = self.people[self.chance.choice(LOCALES)]
        gender = self.chance.choice([Gender.MALE, Gender.FEMALE])
        return person.first_name(gender=gender), person.last_name(gender=gender)

    def city(self) -> str:
        return (self.home if self.chance.random() < 0.75 else self.chance.choice(self.abroad)).city()

    def values(self) -> dict[str, str]:
        chance = self.chance
        found = {}
        for suffix in ("", "2", "3"):
            first, last = self.name()
            found |= {f"first{suffix}": first, f"last{suffix}": last, f"full{suffix}": f"{first} {last}",
                      f"title{suffix}": chance.choice(["Mr.", "Mrs.", "Dr.", "Ms."])}
        first, last = found["first"], found["last"]
        found |= {"initialled": f"{first} {last[0]}.", "FIRST": first.upper(), "LAST": last.upper(), "FULL": f"{first} {last}".upper(),
                  "lowerfull": f"{first} {last}".lower(), "lowerfirst": found["first2"].lower(), "city": self.city(), "city2": self.city()}
        found["lowercity"] = found["city"].lower()
        year, month, day = chance.randint(1935, 2024), chance.randint(1, 12), chance.randint(1, 28)
        found |= {"date": f"{month:02}/{day:02}/{year}", "iso": f"{year}-{month:02}-{day:02}", "compact": f"{year}{month:02}{day:02}",
                  "time": f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}", "age": str(chance.randint(18, 88)),
                  "mrn": str(chance.randint(1000000, 9999999)), "phone": f"({chance.randint(201, 989)}) 555-{chance.randint(100, 199):04}",
                  "email": f"{chance.choice('abcdef')}.user{chance.randint(1, 999)}@example.org",
                  "ssn": f"{chance.randint(101, 665)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}", "member": f"W{chance.randint(10**8, 10**9 - 1)}",
                  "address": f"{chance.randint(2, 9899)} {self.home.street_name()} {chance.choice(['Street', 'Avenue', 'Road', 'Lane'])}",
                  "zip": f"{chance.randint(10000, 99999)}", "ST": chance.choice(["OH", "TX", "CA", "NY", "WA", "GA"]), "kin": chance.choice(KIN),
                  "symptom": chance.choice(SYMPTOMS), "dx": chance.choice(DISEASES)}
        return found

    def identified(self, templates: list[str]) -> tuple[str, list[tuple[int, int, str]]]:
        """Sentences with identifiers in them, each of its own."""
        maker = identifiers.Identifiers(self.chance)
        text, spans = "", []
        for template in templates:
            values = maker.values()
            text += "\n" if text else ""
            last = 0
            template = template.replace("\\n", "\n").replace("{{", "\x01").replace("}}", "\x02")
            for match in SLOT.finditer(template):
                text += template[last:match.start()]
                last = match.end()
                kind, value = values[match[1]]
                spans.append((len(text), len(text) + len(value), kind))
                text += value
            text += template[last:]
        return text.replace("\x01", "{").replace("\x02", "}"), spans

    def text(self, templates: list[str], joint: str) -> tuple[str, list[tuple[int, int, str]]]:
        values = self.values()
        text, spans = "", []
        for template in templates:
            template = template.replace("\\n", "\n").replace("{{", "\x01").replace("}}", "\x02")
            text += joint if text else ""
            last = 0
            for match in SLOT.finditer(template):
                text += template[last:match.start()]
                last = match.end()
                value = values[match[1]]
                kind = KINDS.get(match[1].lower().rstrip("23").removeprefix("lower"))
                if kind:
                    spans.append((len(text), len(text) + len(value), kind))
                text += value
            text += template[last:]
        return text.replace("\x01", "{").replace("\x02", "}"), spans


def corpus(seed: int, size: int) -> dict[str, list[tuple[str, list[tuple[int, int, str]]]]]:
    """Texts by set: notes, chat, records, and those in which there is nothing to find."""
    source = Source(seed)
    chance = source.chance
    sets: dict[str, list] = {"notes": [], "chat": [], "records": [], "identifiers": [], "nothing": []}
    for _ in range(size):
        sets["notes"].append(source.text([chance.choice(NOTES + HARD[:3]) for _ in range(chance.randint(2, 8))], chance.choice([" ", "\n"])))
        sets["chat"].append(source.text([chance.choice(CHAT) for _ in range(chance.randint(1, 3))], "\n"))
        sets["records"].append(source.text([chance.choice(RECORDS)], "\n"))
        sets["identifiers"].append(source.identified([chance.choice(identifiers.SENTENCES) for _ in range(3)]))
        sets["nothing"].append(("\n".join(chance.choice(HARD) for _ in range(4)), []))
    return sets
