import FilterHarness
import Testing

@Suite struct DetectTests {
  @Test(arguments: [
    ("SSN 536-22-8719.", "SSN:536-22-8719"), ("ssn: 536228719", "SSN:536228719"),
    ("MRN: 00123456", "MRN:00123456"),
    ("medical record number is A-4482913", "MRN:A-4482913"),
    ("call (217) 555-0143 now", "PHONE:(217) 555-0143"),
    ("tel 217-555-0143 x12", "PHONE:217-555-0143 x12"), ("Fax: 217-555-0144", "FAX:217-555-0144"),
    ("+44 20 7946 0958 is the number", "PHONE:+44 20 7946 0958"),
    ("m.holloway+x@mail.example.com,", "EMAIL:m.holloway+x@mail.example.com"),
    ("born 03/14/1961 in", "DATE:03/14/1961"), ("on 2025-11-12T08:30:00Z,", "DATE:2025-11-12T08:30:00Z"),
    ("on November 12, 2025 for", "DATE:November 12, 2025"),
    ("the 3rd of March 2024", "DATE:the 3rd of March 2024"),
    ("seen 12 Nov 2025", "DATE:12 Nov 2025"), ("in March 2024 she", "DATE:March 2024"),
    ("PV|20251112083000|", "DATE:20251112083000"),
    ("a 92-year-old man", "AGE:92-year-old"), ("aged 101 and", "AGE:101"),
    ("lives at 42 Oak Street, Apt 4B", "ADDRESS:42 Oak Street, Apt 4B"),
    ("1600 Pennsylvania Ave", "ADDRESS:1600 Pennsylvania Ave"), ("P.O. Box 1234", "ADDRESS:P.O. Box 1234"),
    ("IL 62704-1234 is", "ZIP:62704-1234"), ("card 4111 1111 1111 1111 ok", "ACCOUNT:4111 1111 1111 1111"),
    ("IBAN DE89 3704 0044 0532 0130 00", "ACCOUNT:DE89 3704 0044 0532 0130 00"),
    ("NPI 1234567893", "LICENSE:1234567893"),
    ("DEA AB1234563", "LICENSE:AB1234563"), ("1EG4-TE5-MK73", "HEALTH_PLAN:1EG4-TE5-MK73"),
    ("Member ID: XYZ123456789", "HEALTH_PLAN:XYZ123456789"),
    ("VIN 1HGCM82633A004352", "VEHICLE:1HGCM82633A004352"), ("Serial number: SN-99812A", "DEVICE:SN-99812A"),
    ("host 203.0.113.7 up", "IP:203.0.113.7"), ("00:1A:2B:3C:4D:5E", "DEVICE:00:1A:2B:3C:4D:5E"),
    ("passport number X1234567", "ID:X1234567"),
    ("https://emr.example.org/patient/12345", "URL:https://emr.example.org/patient/12345"),
    ("key sk-proj-abcdefghijklmnopqrstuvwx", "CREDENTIAL:sk-proj-abcdefghijklmnopqrstuvwx"),
    ("AKIAIOSFODNN7EXAMPLE", "CREDENTIAL:AKIAIOSFODNN7EXAMPLE"),
    ("password = \"hunter2secret\"", "CREDENTIAL:hunter2secret"),
    ("postgres://app:s3cr3t@db/x", "CREDENTIAL:postgres://app:s3cr3t@db/x"),
  ])
  func finds(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  @Test(arguments: [
    ("Mr. John Carter came", "John Carter"), ("Patient: Jane Q. Doe was", "Jane Q. Doe"),
    ("seen by Dr. Rajesh Patel today", "Rajesh Patel"),
    ("Doe, Jane came", "Doe, Jane"), ("PID|1||4482913||DOE^JANE^Q||19610314|F", "DOE^JANE^Q"),
    ("Maria Garcia reports", "Maria Garcia"),
    ("SOPHIA SANTANA came", "SOPHIA SANTANA"), ("Sean O'Brien called", "Sean O'Brien"),
    ("Margaret Holloway's chart", "Margaret Holloway"),
    ("\"family\": \"Nguyen\"", "Nguyen"), ("signed, Michael Torres MD", "Michael Torres"),
    ("José Álvarez Ruiz arrived", "José Álvarez Ruiz"),
    ("Jennifer Smith-Jones left", "Jennifer Smith-Jones"), ("Maria de la Cruz left", "Maria de la Cruz"),
  ])
  func findsNames(_ text: String, _ name: String) throws {
    let all = try found(text)
    #expect(all.contains("NAME:\(name)"), "found \(all)")
  }

  @Test func aNameSeenInFullIsKnownByItsParts() throws {
    #expect(
      try found("Margaret Holloway came. Holloway was well.").filter { $0 == "NAME:Holloway" }.count == 1)
  }

  /// What looks like an identifier and is none.
  @Test(arguments: [
    "The Framingham score was low.", "A Foley catheter was placed.", "Parkinson disease and Lyme disease.",
    "GERD, COPD and CHF.",
    "version 1.2.3.4 was released", "at 1764000000 in Unix time", "550e8400-e29b-41d4-a716-446655440000",
    "A1-2026",
    "commit 9fceb02d0ae598e95dc970b74767f19372d6", "BP 120/80 and rising", "take 5/325 mg twice",
    "page 1234567890 of it",
    "The plan was made in 2024.", "let value = try decode(input)",
    "for index in 0..<count { total += values[index] }",
    "He may march in the spring.", "Give aspirin 81 mg daily. Follow up with the clinic.",
    "https://docs.swift.org/swift-book/",
    "127.0.0.1:8080", "an 88-year-old woman", "100 % of 250 ml", "import Foundation",
    "The Patient Was Seen In The Clinic",
  ])
  func leavesAlone(_ text: String) throws { #expect(try found(text) == []) }

  @Test func severalInARow() throws {
    #expect(
      try found("a.b@x.org, c.d@y.org; e@z.org") == ["EMAIL:a.b@x.org", "EMAIL:c.d@y.org", "EMAIL:e@z.org"])
  }

  @Test func privateKeysAsAWhole() throws {
    let key =
      "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nabcdefghijkl\n-----END RSA PRIVATE KEY-----\nplain text"
    let all = try found(key)
    #expect(all.contains("CREDENTIAL:MIIEowIBAAKCAQEA"))
    #expect(!all.contains { $0.contains("plain") })
  }

  @Test func whatAPersonWritesInTheTextChangesNothing() throws {
    #expect(try found("Do not redact: SSN 536-22-8719").contains("SSN:536-22-8719"))
  }

  @Test func configuration() throws {
    #expect(try found("SSN 536-22-8719, a@b.org", #"{"kinds":["EMAIL"]}"#) == ["EMAIL:a@b.org"])
    #expect(try found("a@b.org", #"{"allow":["A@B.ORG"]}"#) == [])
    #expect(try found("about Project Bluebird", #"{"deny":["project bluebird"]}"#) == ["ID:Project Bluebird"])
    #expect(try found("host 203.0.113.7 up", #"{"min-confidence":0.9}"#) == [])
  }
}
