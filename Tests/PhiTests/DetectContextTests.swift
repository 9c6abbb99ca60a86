import FilterHarness
import Testing

/// Values that only what stands beside them makes values.
@Suite struct DetectContextTests {
  @Test(arguments: [
    ("lives in Boston now", "CITY:Boston"), ("a trip to Columbus, Georgia in June", "CITY:Columbus"),
    ("moved to San Jose last year", "CITY:San Jose"),
    ("7161 Rimrock Dr, San Ramon, CA 95828-1234", "CITY:San Ramon"),
    ("Ann Arbor, Michigan", "CITY:Ann Arbor"), ("Texas 94545", "ZIP:94545"),
    ("742 Johnson Creek", "ADDRESS:742 Johnson Creek"), ("Suite 521", "ADDRESS:Suite 521"),
    ("Unit 5599 Box 3418", "ADDRESS:Unit 5599 Box 3418"),
    ("DPO AA 11483", "ZIP:11483"), ("You can call 0477 11 28 98", "PHONE:0477 11 28 98"),
    ("Phone: 079 7602 9803", "PHONE:079 7602 9803"),
    ("(978)645-9740x11144", "PHONE:(978)645-9740x11144"),
    ("001-825-741-0957x5184 fax", "FAX:001-825-741-0957x5184"),
    ("89 72 63 41 office", "PHONE:89 72 63 41"), ("my name is marie", "NAME:marie"),
    ("hi brian , how are you", "NAME:brian"),
    ("dr. henry howard called", "NAME:henry howard"), ("Mr. Turner came", "NAME:Turner"),
    ("Brian White is a 58-year-old", "NAME:Brian White"),
    ("Anna S. came", "NAME:Anna S"), ("seen by R. Patel today", "NAME:R. Patel"),
    ("Patient: Khasan Akhtakhanov", "NAME:Khasan Akhtakhanov"),
    ("<given>Isabella</given>", "NAME:Isabella"), ("Fredrik shouted at her", "NAME:Fredrik"),
    ("2001:db8::8a2e:370:7334", "IP:2001:db8::8a2e:370:7334"),
    ("PASSWORD=correcthorse", "CREDENTIAL:correcthorse"), ("00-1A-2B-3C-4D-5E", "DEVICE:00-1A-2B-3C-4D-5E"),
  ])
  func finds(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  @Test(arguments: [
    "Turner syndrome and Bell's palsy", "a Jackson Pratt drain", "Clark level 4", "E. Coli and S. Aureus",
    "A. Young patient",
    "CAN I SPEAK TO A REAL PERSON?", "XX(200, OK, OK)", "LOSS OF USE, DATA, OR PROFITS",
    "grade 2 ER-positive, PR-positive",
    "660 /* street */", "OID 2.5.4.6 of X.520", "Section 4.2.1.12 of RFC 5280", "icon@2x.png",
    "std::vector and Bad::Face",
    "let password: Passphrase", "verifies a MLDSA65 signature in it", "PING ACK frames",
    "Delta CRL Indicator", "name: NULL",
    "In WAL mode", "fileprivate init() {", "fileprivate func clear() {", "typealias InboundIn = Never",
    "ORDER BY name COLLATE NOCASE DESC", "120 at home", "call the clinic in 2 weeks", "reach 120/80 by then",
    "Name: Good Health Clinic",
    "https://datatracker.ietf.org/doc/html/rfc8017", "call back 2024-03 report", "from Boston Scientific",
    "tall (72 in)",
  ])
  func leavesAlone(_ text: String) throws { #expect(try found(text) == []) }

  @Test func oneValueIsReportedOnce() throws {
    #expect(try found("on 29 March 2017.") == ["DATE:29 March 2017"])
  }

  @Test func whatIsDeniedIsFoundInAnyText() throws {
    let deny = #"{"deny":["operation sunrise","x of y of z of a of b of c of d"]}"#
    #expect(try found("the operation sunrise went well", deny) == ["ID:operation sunrise"])
    let text = Array("it was x of y of z of a of b of c of d and so on".utf8)
    let detector = try makeDetector(deny)
    let whole = try detector.detect([text]).findings
    #expect(whole.count == 1)
    #expect(try detector.detect(text.map { [$0] }).findings == whole)
  }
}
