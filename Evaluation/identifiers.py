"""Identifiers with right check digits, made by chance, for each kind of 45 CFR 164.514(b)(2) that has a form; and sentences around them."""
import random
import string

DIGITS, CAPITALS = string.digits, "ABCDEFGHJKLMNPRSTUVWXYZ"


def luhn(body: str) -> str:
    """The body with its check digit (ISO/IEC 7812-1)."""
    total = sum(sum(divmod(int(digit) * (2 if index % 2 == 0 else 1), 10)) for index, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


class Identifiers:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def some(self, letters: str, count: int) -> str:
        return "".join(self.chance.choice(letters) for _ in range(count))

    def card(self) -> str:
        number = luhn(self.chance.choice(["4", "51", "55", "2221", "6011"]).ljust(4, "7") + self.some(DIGITS, 11))
        return " ".join(number[start:start + 4] for start in range(0, 16, 4)) if self.chance.random() < 0.4 else number

    def iban(self) -> str:
        country, body = self.chance.choice([("DE", self.some(DIGITS, 18)), ("GB", self.some(CAPITALS, 4) + self.some(DIGITS, 14))])
        value = int("".join(str(int(letter, 36)) for letter in body + country + "00"))
        return f"{country}{98 - value % 97:02}{body}"

    def npi(self) -> str:
        return luhn("80840" + self.chance.choice("12") + self.some(DIGITS, 8))[5:]

    def dea(self) -> str:
        body = self.some(DIGITS, 6)
        total = sum(map(int, body[::2])) + 2 * sum(map(int, body[1::2]))
        return self.chance.choice("ABFM") + self.some(CAPITALS, 1) + body + str(total % 10)

    def vin(self) -> str:
        values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9]))
        weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
        letters = "1HG" + self.some(CAPITALS + DIGITS, 5) + "0" + self.some(CAPITALS, 2) + self.some(DIGITS, 6)
        total = sum(weight * (int(letter) if letter.isdigit() else values[letter]) for weight, letter in zip(weights, letters)) % 11
        return letters[:8] + ("X" if total == 10 else str(total)) + letters[9:]

    def gtin(self) -> str:
        body = "00" + self.some(DIGITS, 11)
        total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(body)))
        return body + str(-total % 10)

    def mbi(self) -> str:
        letter = lambda: self.some("ACDEFGHJKMNPQRTUVWXY", 1)
        digit = lambda: self.some(DIGITS, 1)
        return self.some("123456789", 1) + letter() + self.some("ACDE0123456789", 1) + digit() + letter() + self.some("ACDE0123456789", 1) + digit() \
            + letter() + letter() + digit() + digit()

    def values(self) -> dict[str, tuple[str, str]]:
        """By slot: kind and value."""
        chance, some = self.chance, self.some
        month, day = chance.randint(1, 12), chance.randint(1, 28)
        names = "January February March April May June July August September October November December".split()
        return {
            "ssn": ("SSN", f"{chance.randint(101, 665)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}"),
            "mrn": ("MRN", some(DIGITS, chance.randint(6, 9))), "mbi": ("HEALTH_PLAN", self.mbi()),
            "member": ("HEALTH_PLAN", some(CAPITALS, 3) + some(DIGITS, 9)), "card": ("ACCOUNT", self.card()), "iban": ("ACCOUNT", self.iban()),
            "account": ("ACCOUNT", some(DIGITS, 10)), "npi": ("LICENSE", self.npi()), "dea": ("LICENSE", self.dea()),
            "licence": ("LICENSE", some(CAPITALS, 1) + some(DIGITS, 7)), "vin": ("VEHICLE", self.vin()), "plate": ("VEHICLE", some("123456789", 1) + some(CAPITALS, 3) + some(DIGITS, 3)),
            "udi": ("DEVICE", f"(01){self.gtin()}(21){some(CAPITALS + DIGITS, 8)}"), "serial": ("DEVICE", some(CAPITALS, 2) + "-" + some(DIGITS, 6)),
            "mac": ("DEVICE", ":".join(some("0123456789abcdef", 2) for _ in range(6))), "url": ("URL", f"https://portal.example.org/patient/{some(DIGITS, 6)}"),
            "ip": ("IP", f"{chance.randint(11, 200)}.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}"),
            "biometric": ("BIOMETRIC", "FP-" + some(DIGITS, 6)), "passport": ("ID", some(CAPITALS, 1) + some(DIGITS, 8)), "accession": ("ID", "S" + some(DIGITS, 2) + "-" + some(DIGITS, 5)),
            "key": ("CREDENTIAL", "sk-" + "proj-" + some(string.ascii_letters + DIGITS, 32)), "secret": ("CREDENTIAL", some(string.ascii_letters, 7) + some(DIGITS, 4) + "!"),
            "old": ("AGE", str(chance.randint(90, 104))), "tel": ("PHONE", f"({chance.randint(201, 989)}) 555-{chance.randint(100, 199):04}"),
            "dots": ("PHONE", f"{chance.randint(201, 989)}.555.{chance.randint(100, 199):04}"), "abroad": ("PHONE", f"+44 20 7{some(DIGITS, 3)} {some(DIGITS, 4)}"),
            "fax": ("FAX", f"{chance.randint(201, 989)}-555-{chance.randint(100, 199):04}"), "mail": ("EMAIL", f"{some(string.ascii_lowercase, 6)}.{some(string.ascii_lowercase, 5)}@example.net"),
            "usdate": ("DATE", f"{month}/{day}/{chance.randint(1935, 2026)}"), "written": ("DATE", f"{names[month - 1]} {day}, {chance.randint(1990, 2026)}"),
            "isodate": ("DATE", f"{chance.randint(1990, 2026)}-{month:02}-{day:02}"), "zipcode": ("ZIP", some(DIGITS, 5)),
        }


SENTENCES = """
SSN: {ssn}
The social security number is {ssn}, the MRN is {mrn}.
Pt MRN# {mrn} seen {usdate}.
Medicare beneficiary {mbi}
Medicare number: {mbi}
Insurance: Blue Cross, member ID {member}
Please charge my Visa card {card}.
credit card: {card}
Wire it to IBAN {iban}.
Account number: {account}
NPI {npi}, DEA {dea}
Ordering provider NPI: {npi}
Driver's license: {licence}
driver license number {licence} was copied
VIN {vin}, license plate {plate}
His car, VIN: {vin}, was towed.
Device UDI {udi}
Pacemaker serial number {serial}
serial no: {serial}
The pump's MAC address is {mac}.
See {url} for the chart.
Login from {ip} on {isodate}.
client_ip={ip}
fingerprint id: {biometric}
Passport number {passport}
Accession number: {accession}
OPENAI_API_KEY={key}
password: {secret}
She is a {old}-year-old woman.
He turned {old} years old on {written}.
Call {tel} or {dots}.
My number is {dots}.
Office phone {abroad}
Fax: {fax}
fax results to {fax} please
Write to {mail} or {mail}.
Admitted {written}, discharged {isodate}.
DOB: {usdate}
Texas {zipcode}
ZIP code: {zipcode}
{{"ssn": "{ssn}", "mrn": "{mrn}", "phone": "{tel}", "email": "{mail}"}}
{{"identifier": [{{"system": "http://hl7.org/fhir/sid/us-ssn", "value": "{ssn}"}}], "birthDate": "{isodate}"}}
mrn={mrn} ip={ip} phone={fax}
ssn,mrn,email\\n{ssn},{mrn},{mail}
| MRN | DOB | Phone |\\n|---|---|---|\\n| {mrn} | {usdate} | {dots} |
UPDATE patient SET ssn = '{ssn}', email = '{mail}' WHERE mrn = '{mrn}';
<patient><ssn>{ssn}</ssn><phone>{dots}</phone></patient>
""".strip().split("\n")
