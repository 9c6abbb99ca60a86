import Testing

/// Structured identifiers as people write them: labels and forms varied, after the standards and the records of common systems.
@Suite struct IdentifierFormTests {
  /// The label, with `{}` where the value stands, and the values; all of them together are tried.
  private static let forms: [(labels: [String], values: [String])] = [
    (
      [
        "SSN: {}", "social: {}", "SS# {}", "her social is {}", "TIN {}", "tax id {}", "Soc. Sec. No. {}",
        "SSN ending in {}",
      ],
      ["536-22-8719", "536 22 8719", "536.22.8719", "536228719"]
    ),
    (
      [
        "MRN: {}", "MR# {}", "Med. Rec. No. {}", "Unit No: {}", "Unit Number: {}", "EPI: {}", "EMPI {}",
        "FIN: {}", "FIN NBR: {}", "CSN: {}", "Encounter #: {}", "CMRN: {}", "Hosp #: {}", "Pt ID: {}",
      ],
      ["00123456", "E1234567", "12-34-56", "M000123456", "A00012345678"]
    ),
    (["MBI: {}", "Medicare ID {}", "on file {}"], ["1EG4-TE5-MK73", "1EG4TE5MK73", "1EG4 TE5 MK73"]),
    (
      [
        "Member ID: {}", "Group #: {}", "BCBS ID {}", "Plan ID: {}", "Subscriber No. {}", "RxGrp: {}",
        "Ins. ID: {}",
      ],
      ["XYZ123456789", "W1234 56789", "123456789-01"]
    ),
    (
      [
        "Tel. {}", "my number is {}", "text me at {}", "Ph {}", "fax to {}", "landline {}",
      ],
      [
        "2175550143", "217/555-0143", "020 7946 0958", "030 901820-12", "01 42 68 53 00", "(02) 9374 4000",
        "0412 345 678", "(11) 91234-5678", "0049 30 901820", "8 (495) 123-45-67", "06-12345678",
        "+44 (0)20 7946 0958", "+91 98765 43210",
      ]
    ),
    (
      ["Driver's license: {}", "DLN: {}", "lic # {}", "OLN: {}", "DL {}"],
      ["D1234567", "S530-4607-5901", "A123-456-78-901-0", "WDLABCD456DG"]
    ),
    (
      ["license plate {}", "Plate: {}", "lic plate {}", "plates {}"],
      ["7ABC123", "ABC-1234", "ABC 1234", "LR33 TEE"]
    ),
    (
      [
        "S/N: {}", "SN: {}", "implant lot: {}", "stent, LOT {}", "model/serial: {}", "pump serial {}",
        "Serial: {}",
      ],
      ["SN-883920", "A8839X20", "BLX-0042-99", "883920"]
    ),
    (["card {}", "charged to {}"], ["4111.1111.1111.1111", "3782 822463 10005"]),
    (
      ["DOB: {}", "born {}", "D.O.B. {}", "date of birth is {}", "b. {}"],
      [
        "14MAR1961", "19610314", "03141961", "3.14.61", "14. March 1961", "Mar-14-1961", "1961 Mar 14",
        "03/14/'61", "03 14 1961", "1961.03.14", "14. März 1961", "14 mars 1961", "14 de marzo de 1961",
        "14/Mar/1961",
      ]
    ),
    (
      [
        "{}F with CHF", "age of {}", "She is {}.", "a {}M presents", "he turned {}", "\"age\": {}",
        "{} y.o.",
      ], ["94", "101", "90"]
    ),
    (["aged {}", "a {}-year-old"], ["ninety-two", "one hundred and one"]),
    (
      ["Account #{}", "a/c {}", "account {}", "Billing ID: {}", "invoice {}"],
      ["000123456789", "4455-8821-09"]
    ),
    (["voiceprint: {}", "retina scan {}", "Face ID template {}"], ["77-81234", "VP0012345"]),
    (["MAC {}", "hwaddr {}"], ["001A2B3C4D5E"]), (["GTIN {}"], ["00844588003288"]),
    (["email {}"], ["jane [at] example [dot] com", "jane(at)example.com"]),
    (["see {}"], ["www.facebook.com/jane.doe.77", "https://linkedin.com/in/jane-doe-1234"]),
    (
      [
        "password: {}", "password={}", "my password is {}", "--password {}", "pass: {}",
        "curl -u admin:{} https://x", "?user=a&password={}&x=1",
        "curl -sS --fail -u 'admin:{}' https://x",
      ], ["hunter2!X", "Tr0ub4dor&3", "P@ssw0rd1"]
    ),
  ]

  @Test(arguments: forms.indices)
  func isFoundWhole(_ index: Int) throws {
    for label in Self.forms[index].labels {
      for value in Self.forms[index].values {
        let text = label.replacing("{}", with: value)
        let all = try found(text)
        let isWhole = all.contains { $0.split(separator: ":", maxSplits: 1).last?.contains(value) == true }
        #expect(isWhole, "in \(text): found \(all)")
      }
    }
  }

  /// Keys of vendors by their beginnings, put together so that no scanner of repositories takes them for lost ones.
  @Test(arguments: [
    ("gsk", "_", 52), ("xai", "-", 80), ("pplx", "-", 48), ("r8", "_", 37), ("ntn", "_", 46),
    ("secret", "_", 43),
    ("figd", "_", 40), ("pscale_tkn", "_", 43), ("sntrys", "_", 60), ("fm2", "_", 60), ("glc", "_", 60),
    ("dp.pt", ".", 43), ("x1.atlasv1", ".", 60), ("SSWS 00", "", 40), ("cio", "", 32), ("EAA", "", 100),
  ])
  func keyOfAVendor(_ start: String, _ joint: String, _ length: Int) throws {
    let rest = String((0..<length).map { Array("aZ3kQ9xT7mB1vR5w")[$0 * 7 % 16] })
    let all = try found("the key is \(start + joint + rest) ok")
    #expect(all.contains { $0.hasPrefix("CREDENTIAL:") && $0.hasSuffix(rest) }, "found \(all)")
  }

  @Test(arguments: [
    "temp 101F with chills", "he is 98% on air", "She is 100 miles away", "a lot 2000 people", "MAC SHA256",
    "password authentication failed", "password: $PASSWORD", "curl -u $USER:$PASSWORD https://x",
    "the prefix figd_aZ3kQ9xT7 is short",
    "version 2024.03.14", "serial X509 parser", "96-well plates", "https://linkedin.com/company/acme-health",
    "ratio 3.14 61", "epi 0.3 mg IM", "epi 1:1000", "pain 7-8/10 today", "{\"address\": \"127.0.0.1\"}",
    "int next = tree[0].Len;", "the Adler-32 of a stream", "calls gzread(file, buffer)",
    "joins ff12::beeb:1:2:3",
    "the list has FRA for France Métropolitaine",
  ])
  func isNobodys(_ text: String) throws { #expect(try found(text) == []) }
}
