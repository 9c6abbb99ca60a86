"""What the tests of this folder say, and what must not get through."""
PATIENT = "Maria Lindqvist"
SSN = "219-09-9999"
TEXT = f"Patient {PATIENT}, SSN {SSN}, has a fever."


def has_nothing(data):
    return PATIENT.encode() not in data and SSN.encode() not in data
