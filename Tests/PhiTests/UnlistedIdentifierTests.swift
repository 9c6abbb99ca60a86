import Testing

/// Values that look like identifiers behind words that no list of labels has, and what looks like one and is none.
@Suite struct UnlistedIdentifierTests {
  @Test(arguments: [
    // A word that counts, whatever stands before it.
    ("stamp no. NG/PHS/00731 seen", "NG/PHS/00731"), ("BAND# T-88213 here", "T-88213"),
    ("Exam no. 2024-11-0417", "2024-11-0417"), ("kit #40217-B", "40217-B"),
    // An abbreviation in capitals.
    ("the HRN 0617392 again", "0617392"), ("CAQH 14882073 | x", "14882073"),
    ("alien TRN 118-442-760 NHF", "118-442-760"), ("by CPSO 87416, she", "87416"),
    ("ABN 51 824 753 556", "51 824 753 556"),
    // Who and what has a number.
    ("interpreter 40718, line", "40718"), ("juror 114-0083 came", "114-0083"),
    ("card YA-4417, ward", "YA-4417"),
    ("sub# KDM 70062311 02 grp", "KDM 70062311 02"), ("staff EC 5504183, from", "EC 5504183"),
    // The form alone.
    ("imaging for him (LV-0067731) today", "LV-0067731"), ("then D118402 left", "D118402"),
    ("next 300-44-819 cycle", "300-44-819"), ("at 4012-0033 again", "4012-0033"),
    ("see 0317744206 there", "0317744206"),
    ("if key == 'KHC204871' { f(); g(); }", "KHC204871"),
    // Behind somebody's name.
    ("Dr. Patel, John 2218830 seen", "2218830"), ("REDFEATHER, LOUIS  51-20-83", "51-20-83"),
  ])
  func areFound(_ text: String, _ value: String) throws {
    let all = try found(text)
    #expect(all.contains { $0.hasSuffix(":\(value)") }, "found \(all)")
  }

  /// What a list goes on with behind its label.
  @Test(arguments: [
    ("MRNs 448210, 448377 and 449002 are hers", ["448210", "448377", "449002"]),
    ("Sample IDs L2601170442 and L2601170459.", ["L2601170442", "L2601170459"]),
    ("NHI NNV3285 / NHI ZQT0543", ["NNV3285", "ZQT0543"]),
    ("ACC# C2306020114  C2306030087  C2306050132", ["C2306020114", "C2306030087", "C2306050132"]),
  ])
  func inLists(_ text: String, _ values: [String]) throws {
    let all = try found(text)
    for value in values { #expect(all.contains { $0.hasSuffix(":\(value)") }, "\(value) in \(all)") }
  }

  @Test(arguments: [
    "RFC 7540, RFC7540", "ISO-8859-1 and ISO19794-2", "CVE-2023-44487", "CPT 99213, HCPCS E0601",
    "LOINC 2823-3",
    "ICD M75.121", "NDC 00093-7146-01", "BG 142/167/155", "RVN 1968-69", "from 0300-0420", "A1-2026",
    "NCT03990685", "page 1234567890 of the log", "order 20591", "version 12345", "ticket 20591",
    "U 25000 units",
    "color=\"#F05339\"", "UUID 7c1d0b5e-41aa-4f6d-9c0e-8f23d1b6a790", "{\"00100020\":1}", "|MSG00213|P|",
    "digest E682A8E5A5BDF09F9982", "64009494, 10324966, 64867251", "PLT 250000 mg", "$12345678", "2012-2015",
    "ED25519 and X25519", "#define SIZE 0123456",
  ])
  func areNot(_ text: String) throws { #expect(try found(text) == []) }

  /// Words that have a vehicle's letters in them make no plate of a standard's number.
  @Test(arguments: [
    "may be true according to RFC 9110.", "a param of the ISO 8601 form", "the driver follows RFC 9112.",
  ])
  func isNoPlate(_ text: String) throws { #expect(try found(text).allSatisfy { !$0.hasPrefix("VEHICLE") }) }

  /// What else says more: a telephone, an address, a date.
  @Test(arguments: [
    ("Tel. 0412 883 907", "PHONE:0412 883 907"), ("CPT seen 03/14/1961", "DATE:03/14/1961"),
    ("card 4111 1111 1111 1111", "ACCOUNT:4111 1111 1111 1111"),
  ])
  func isSurer(_ text: String, _ only: String) throws { #expect(try found(text) == [only]) }

  /// Plates by form, last digits, links with somebody's name, what opens doors, patients' UUIDs.
  @Test(arguments: [
    ("van BV22 HKJ outside", "VEHICLE:BV22 HKJ"), ("own car, KTL 8841, parked", "VEHICLE:KTL 8841"),
    ("plate KAK 417 QF seen", "VEHICLE:KAK 417 QF"), ("SSN last 4 8816", "SSN:8816"),
    ("my card ending in 9076", "ACCOUNT:9076"), ("ssn_last4=8841", "SSN:8841"),
    (
      "see https://visits.clinic.example/p/maria-gonzalez",
      "URL:https://visits.clinic.example/p/maria-gonzalez"
    ),
    ("key safe code 2849", "CREDENTIAL:2849"), ("wifi pw haggis-Tartan-82", "CREDENTIAL:haggis-Tartan-82"),
    ("SMTP_PASS=Zubrowka#4471", "CREDENTIAL:Zubrowka#4471"),
    ("password          = \"Wq9!ferment\"", "CREDENTIAL:Wq9!ferment"),
    ("Patient/3e7d1a90-55c2-4b0e-9f1d-6a20cc41e7b8", "ID:3e7d1a90-55c2-4b0e-9f1d-6a20cc41e7b8"),
    ("the 271 has NM1*IL*1*DOE*JANE****MI*H58203917~", "HEALTH_PLAN:H58203917"),
    ("mrn_a=10045823 mrn_b=10045832", "MRN:10045832"), ("licence MD.204418 is", "LICENSE:MD.204418"),
    ("medical record three three zero nine one eight", "MRN:three three zero nine one eight"),
    ("<DEANumber>BM4481209</DEANumber>", "LICENSE:BM4481209"),
    ("acct=00418827730 sec=WEB", "ACCOUNT:00418827730"),
    (".memberId(\"W2208 41973\")", "HEALTH_PLAN:W2208 41973"), ("NHI NYN1298 seen", "ID:NYN1298"),
    ("INSERT INTO p (id, npi, last) VALUES (1, '2379224936', 'x');", "LICENSE:2379224936"),
  ])
  func byKind(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  @Test func isTheSameHoweverItIsCut() throws {
    try expectTheSameAtEveryCut(
      """
      Seen with Dr. Patel, John 2218830, and Maria Gonzalez  4/4/1941  51-20-83 (LV-0067731).
      HRN 0617392; sub# KDM 70062311 02 grp 40719. MRNs 448210, 448377 and 449002, call (217) 555-0143 or
      0412 883 907. ABN 51 824 753 556 - staff EC 5504183, key safe code 2849, van BV22 HKJ.
      """, atLeast: 12)
  }
}
