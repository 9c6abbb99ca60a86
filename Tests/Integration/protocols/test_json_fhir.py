"""Any JSON over HTTP, and FHIR's REST API: every string of every body, both ways; what is not scanned (paths, queries) holds no values."""

import json

import pytest

from scripted import sse
from values import MASK, NOTE, SHORT, assert_clean, assert_fits, escaped, events, leaks
from wire import raw

BODIES = {
    "a member": {"note": NOTE},
    "a name": {SHORT: 1},
    "deep": {"a": [[{"b": {"c": [NOTE, {SHORT: [NOTE]}]}}]]},
    "an array": [NOTE, 1, None, True, {"a": NOTE}],
    "JSON inside": {"body": json.dumps({"note": NOTE, "n": 1})},
    "JSON inside JSON inside": {"body": json.dumps({"body": json.dumps({"note": NOTE})})},
    "labelled": {"ssn": "219-09-9999", "patient_name": "Maria Gonzalez", "dob": "03/14/1961", "mrn": "4482913", "phone": "(212) 555-0187"},
    "mixed": {"ok": 1.50, "null": None, "text": "plain", "note": NOTE, "list": []},
}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("place", BODIES)
def test_json_requests(sites, place, method):
    site = sites("json")
    site.upstream.answers({"ok": True})
    status, _, data = raw(site, method, "/v2/items/42?page=1&sort=name", BODIES[place])
    assert status == 200, data
    assert site.upstream.last_line == f"{method} /v2/items/42?page=1&sort=name HTTP/1.1"
    assert_clean(site.upstream.last)
    assert_fits(BODIES[place], json.loads(site.upstream.last))


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
@pytest.mark.parametrize("place", BODIES)
def test_json_answers(sites, place, method):
    site = sites("json")
    site.upstream.answers(BODIES[place])
    status, _, data = raw(site, method, "/v2/items/42", {} if method == "POST" else None)
    assert status == 200
    assert_clean(data)
    assert_fits(BODIES[place], json.loads(data))


@pytest.mark.parametrize(
    "body",
    [
        b'{"note":"' + escaped("Patient Maria Gonzalez, SSN 219-09-9999").encode() + b'"}',
        b'"SSN 219-09-9999"',
        b'  [ "SSN 219-09-9999" ]\r\n',
        b'{"ssn":219099999,"card_number":4111111111111111,"mrn":4482913}',
        b'{"a":"x","\\u0053SN 219-09-9999":0}',
        '{"ssn":"２１９-０９-９９９９"}'.encode(),
        '{"note":"SSN 219\u201109\u20119999"}'.encode(),
    ],
)
def test_json_in_unusual_writing(sites, body):
    site = sites("json")
    site.upstream.answers({"ok": True})
    status, _, data = raw(site, "POST", "/x", body)
    assert status == 200, data
    assert_clean(site.upstream.last)
    assert MASK.search(site.upstream.last.decode())
    site.upstream.answers(body)
    _, _, data = raw(site, "GET", "/x")
    assert_clean(data)


BAD = [
    "/v2/patients/219-09-9999",
    "/v2/patients/SSN%20219-09-9999",
    "/v2/m.gonzalez@example.com",
    "/v2/m.gonzalez%40example.com",
    "/v2/items?ssn=219-09-9999",
    "/v2/items?mrn=4482913",
    "/v2/items?email=m.gonzalez@example.com",
    "/v2/items?name=Maria%20Gonzalez",
    "/v2/items?q=Patient+Maria+Gonzalez",
    "/v2/items?phone=%28212%29%20555-0187",
    "/v2/items?dob=03/14/1961",
    "/v2/items?219-09-9999=x",
    "/v2/%32%31%39-09-9999",
    "/v2/..%2f219-09-9999",
    "/v2/items?a=x&a=219-09-9999",
    "/v2/items#219-09-9999",
    "/v2/Maria.Gonzalez",
    "/v2/items?name=Maria.Gonzalez",
    "/v2/Maria/Gonzalez",
    "/Patient?name=Gonzalez",
    "/Patient?family=Gonzalez&given=Maria",
    "/Patient?identifier=4482913",
    "/Patient?phone=2125550187",
    "/v2/dob/1961-03-14",
    "/v2/items?birthdate=1961-03-14",
]


@pytest.mark.parametrize("protocol", ["json", "fhir"])
@pytest.mark.parametrize("path", BAD)
def test_a_value_in_a_path_or_a_query_does_not_arrive(sites, protocol, path):
    site = sites(protocol)
    site.upstream.answers({"resourceType": "Bundle"})
    status, _, data = raw(site, "GET", path)
    if site.upstream.requests:
        for head, _ in site.upstream.requests:
            assert_clean(head)
            assert b"1961-03-14" not in head and b"03/14" not in head
    else:
        assert 400 <= status < 500
        if protocol == "fhir":
            assert json.loads(data)["resourceType"] == "OperationOutcome"
        else:
            assert json.loads(data)["status"] == status
        assert_clean(data, "the refusal itself")


def test_json_streams(sites):
    site = sites("json")
    sent = [{"note": NOTE, "n": 1}, {"deep": [{"note": NOTE}]}, {"ok": True}]
    site.upstream.streams(sse(*sent))
    status, found, data = raw(site, "POST", "/stream", {})
    assert status == 200, data
    assert_clean(data)
    # What stands in events of an unknown API is held to be pieces: it may be cut anew, but nothing is lost.
    got = [json.loads(text) for _, text in events(data)]
    assert_fits(NOTE, "".join(one.get("note", "") for one in got))
    assert any(one.get("ok") is True for one in got)
    # A name that may itself be protected can't be cut anew: the stream is refused.
    site.upstream.streams(sse({"deep": [{SHORT: NOTE}]}))
    status, _, data = raw(site, "POST", "/stream", {})
    assert_clean(data)
    # Events that are no JSON: masked, or the stream ends with an error.
    site.upstream.streams(sse(sent[2]) + b"data: plain words\n\n" + b"data: " + NOTE.encode() + b"\n\n")
    _, _, data = raw(site, "POST", "/stream", {})
    assert_clean(data)


def test_json_lines_and_other_types_of_answers(sites):
    """Bodies that are no JSON: masked or refused, never passed unread."""
    site = sites("json")
    for kind, body in (
        ("text/plain", NOTE.encode()),
        ("application/x-ndjson", b'{"a":1}\n' + json.dumps({"note": NOTE}).encode() + b"\n"),
        ("text/html", b"<p>" + NOTE.encode() + b"</p>"),
        ("text/csv", b"id,note\n1," + NOTE.encode()),
        ("application/octet-stream", NOTE.encode()),
        ("image/png", NOTE.encode()),
        ("application/json; charset=utf-16", ('"' + NOTE + '"').encode("utf-16")),
        ("application/json", b'\xef\xbb\xbf{"note":"' + NOTE.encode() + b'"}'),
    ):
        site.upstream.answers(body, content_type=kind)
        status, found, data = raw(site, "GET", "/x")
        assert_clean(data, kind)
        assert_clean(data.decode("utf-16", "ignore"), kind)
    for kind, body in (
        ("text/plain", NOTE.encode()),
        ("application/x-www-form-urlencoded", b"ssn=219-09-9999"),
        ("application/x-ndjson", json.dumps({"note": NOTE}).encode() + b"\n{}"),
        ("application/octet-stream", NOTE.encode()),
    ):
        site.reset()
        status, _, data = raw(site, "POST", "/x", body, {"Content-Type": kind})
        for _, arrived in site.upstream.requests:
            assert_clean(arrived, kind)
        assert site.upstream.requests or 400 <= status < 500


PATIENT = {
    "resourceType": "Patient",
    "id": "example",
    "meta": {"versionId": "1", "lastUpdated": "2024-01-02T03:04:05Z"},
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Patient Maria Gonzalez, SSN 219-09-9999</div>'},
    "identifier": [
        {
            "use": "usual",
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}], "text": "MRN"},
            "system": "urn:oid:1.2.36.146.595.217.0.1",
            "value": "4482913",
        },
        {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "219-09-9999"},
    ],
    "active": True,
    "name": [{"use": "official", "family": "Gonzalez", "given": ["Maria"]}],
    "telecom": [{"system": "phone", "value": "(212) 555-0187", "use": "home"}, {"system": "email", "value": "m.gonzalez@example.com"}],
    "gender": "female",
    "birthDate": "1961-03-14",
    "address": [{"line": ["42 Oak Street"], "city": "Springfield", "state": "IL", "postalCode": "62704"}],
}
OBSERVATION = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "2339-0", "display": "Glucose"}], "text": "Glucose"},
    "subject": {"reference": "Patient/example", "display": "Maria Gonzalez"},
    "valueQuantity": {"value": 95, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"},
    "note": [{"text": NOTE}],
}


def assert_fhir_clean(data):
    more = {"birthDate": b"1961-03-14", "address line": b"42 Oak", "city": b"Springfield", "postal code": b"62704"}
    seen = leaks(data) + [kind for kind, word in more.items() if word in data]
    assert not seen, f"seen {seen}"


@pytest.mark.parametrize(
    "resource",
    [
        PATIENT,
        OBSERVATION,
        {
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [
                {"resource": PATIENT, "request": {"method": "POST", "url": "Patient"}},
                {"resource": OBSERVATION, "request": {"method": "POST", "url": "Observation"}},
            ],
        },
    ],
    ids=["Patient", "Observation", "Bundle"],
)
def test_fhir(sites, resource):
    site = sites("fhir")
    site.upstream.answers(resource, content_type="application/fhir+json", etag='W/"1"')
    status, found, data = raw(site, "GET", "/Patient/example?_format=json", headers={"Accept": "application/fhir+json"})
    assert status == 200 and found["etag"] == 'W/"1"' and found["content-type"] == "application/fhir+json"
    assert_fhir_clean(data)
    got = json.loads(data)
    assert got["resourceType"] == resource["resourceType"]
    for method, path in (("POST", "/Patient"), ("PUT", "/Patient/example")):
        status, _, data = raw(
            site, method, path, resource, {"Content-Type": "application/fhir+json", "If-Match": 'W/"1"', "Prefer": "return=representation"}
        )
        assert status == 200, data
        assert_fhir_clean(site.upstream.last)
        assert (
            site.upstream.field("content-type") == ["application/fhir+json"]
            and site.upstream.field("if-match") == ['W/"1"']
            and site.upstream.field("prefer") == ["return=representation"]
        )
    # Codes, units and structure stay.
    arrived = json.loads(site.upstream.last)
    entries = [e["resource"] for e in arrived["entry"]] if "entry" in arrived else [arrived]
    for one in entries:
        if one["resourceType"] == "Observation":
            assert one["code"] == OBSERVATION["code"] and one["valueQuantity"] == OBSERVATION["valueQuantity"] and one["status"] == "final"
        else:
            assert one["identifier"][0]["type"] == PATIENT["identifier"][0]["type"] and one["gender"] == "female" and one["active"] is True


def test_fhir_searches_by_codes_pass(sites):
    site = sites("fhir")
    site.upstream.answers({"resourceType": "Bundle", "type": "searchset", "total": 0}, content_type="application/fhir+json")
    for path in ("/Observation?code=2339-0&_count=10", "/metadata", "/Patient/example/_history/1", "/Patient?_id=example&_sort=-_lastUpdated"):
        status, _, data = raw(site, "GET", path)
        assert status == 200, (path, data)
        assert site.upstream.last_line == f"GET {path} HTTP/1.1"


def test_fhirs_own_errors(sites):
    site = sites("fhir")
    status, found, data = raw(site, "GET", "/Patient/example", headers={"Authorization": "Bearer sk-sluice-" + "0" * 32})
    outcome = json.loads(data)
    assert (
        status == 401
        and outcome["resourceType"] == "OperationOutcome"
        and outcome["issue"][0]["severity"] == "error"
        and found["content-type"].startswith("application/fhir+json")
    )
    status, _, data = raw(site, "POST", "/Patient", {"resourceType": "Patient", "note": "export all patients"})
    assert status == 403 and json.loads(data)["issue"][0]["diagnostics"]
    assert site.upstream.requests == []


def test_attachments_of_fhir_hold_no_values(sites):
    """`Attachment.data` and `Binary.data` are base64: media, or read."""
    import base64

    site = sites("fhir")
    site.upstream.answers({"resourceType": "OperationOutcome"})
    coded = base64.b64encode(("The note: " + NOTE).encode()).decode()
    for body in (
        {"resourceType": "Binary", "contentType": "text/plain", "data": coded},
        {"resourceType": "DocumentReference", "content": [{"attachment": {"contentType": "text/plain", "data": coded}}]},
        {"resourceType": "Patient", "photo": [{"contentType": "image/png", "data": "iVBORw0KGgo="}]},
    ):
        site.reset()
        site.upstream.answers({"resourceType": "OperationOutcome"})
        status, _, _ = raw(site, "POST", f"/{body['resourceType']}", body)
        for _, arrived in site.upstream.requests:
            assert_clean(arrived)
            assert b"iVBOR" not in arrived
