import FilterHarness
import Testing

/// Records as records: what a field is, its place or its name says.
@Suite struct DetectRecordTests {
  static let records: [(text: String, expected: [String])] = [
    (
      "MSH|^~\\&|LAB|HOSP|EMR|HOSP|20240314083000||ORU^R01|1|P|2.5\rPID|1||44829^^^H^MR~77-123^^^S||XQZVY^ANA^Q||19610314|F|||42 Oak St^^Springfield^IL^62704||2175550143|||||ACC99812|536228719\rNK1|1|WWYK^BO|SPO||2175550199\rPV1|1|I|W^389||||00477^LASTR^FIRQ^A\rOBX|1|NM|GLU||143|mg/dL\r",
      [
        "MRN:44829", "MRN:77-123", "NAME:XQZVY^ANA^Q", "DATE:19610314", "ADDRESS:42 Oak St",
        "CITY:Springfield",
        "ZIP:62704", "PHONE:2175550143", "ACCOUNT:ACC99812", "SSN:536228719", "NAME:WWYK^BO",
        "PHONE:2175550199",
        "LICENSE:00477", "NAME:LASTR^FIRQ^A", "DATE:20240314083000",
      ]
    ),
    (
      "MSH#*~\\&#LAB#HOSP\nPID#1##99182*H##QWXZT*OLA##19700102\n",
      ["MRN:99182", "NAME:QWXZT*OLA", "DATE:19700102"]
    ),
    (
      "first_name,last_name,ssn,dob,note\nXqzvy,Wwyk,219099999,1961-03-14,seen\nQrtp,Mnbv,219-09-9998,1971-03-14,\"a, b\"\n\nXqzvy,Wwyk,219099999,1961-03-14,seen\n",
      ["NAME:Xqzvy", "NAME:Wwyk", "SSN:219099999", "NAME:Qrtp", "NAME:Mnbv", "SSN:219-09-9998"]
    ),
    (
      "id\tname\tmrn\n1\tXqzvy Wwyk\t00123456\n2\tQrtp Mnbv\t00123457\n",
      ["NAME:Xqzvy Wwyk", "MRN:00123456", "NAME:Qrtp Mnbv", "MRN:00123457"]
    ),
    (
      "| Name | SSN | City |\n|------|:----|-----|\n| Xqzvy Wwyk | 219099999 | Qqton |\n",
      ["NAME:Xqzvy Wwyk", "SSN:219099999", "CITY:Qqton"]
    ),
    (
      " patient    | phone      | zip\n------------+------------+-------\n Xqzvy Wwyk | 2175550143 | 62704\n(1 row)\n",
      ["NAME:Xqzvy Wwyk", "PHONE:2175550143", "ZIP:62704"]
    ),
    (
      #"{"patient_first_name": "Xqzvy", "emergencyContactName": "Wwyk Qrtp", "ssn":219099999, "zip_code": "62704"}"#,
      ["NAME:Xqzvy", "NAME:Wwyk Qrtp", "SSN:219099999", "ZIP:62704"]
    ),
    (
      "level=info first_name=Xqzvy last_name=Wwyk patient_id=448291 dob=19610314 ok",
      ["NAME:Xqzvy", "NAME:Wwyk", "MRN:448291", "DATE:19610314"]
    ),
    ("GET /p?last_name=Xqzvy&zip=62704&mrn=448291 HTTP/1.1", ["NAME:Xqzvy", "ZIP:62704", "MRN:448291"]),
    ("patient:\n  first_name: Xqzvy\n  city: Qqton\n", ["NAME:Xqzvy", "CITY:Qqton"]),
    (
      #"<patient><name><given>Xqzvy</given><hl7:family use="L">Wwyk</hl7:family></name><birthTime value="19610314"/><id root="2.16" extension="448291"/><addr><streetAddressLine>42 Qqroad</streetAddressLine><postalCode>62704</postalCode></addr></patient>"#,
      ["NAME:Xqzvy", "NAME:Wwyk", "DATE:19610314", "MRN:448291", "ADDRESS:42 Qqroad", "ZIP:62704"]
    ),
  ]

  @Test(arguments: records.indices) func areRead(_ index: Int) throws {
    let (text, expected) = Self.records[index]
    let all = try found(text)
    for value in expected { #expect(all.contains(value), "no \(value) in \(all)") }
    // Behind prose, too.
    let moved = try found("The plan was made and all of it went well, so far.\n\n\(text)")
    for value in expected { #expect(moved.contains(value), "no \(value) in \(moved)") }
  }

  @Test(arguments: records.indices) func everySplitInTwo(_ index: Int) throws {
    try expectTheSameAtEveryCut(Self.records[index].text + "and then it all went on for as long as it took\n")
  }

  @Test func aTableEndsWithItsRows() throws {
    let all = try found(
      "name,city,ssn\nXqzvy,Qqton,219099999\nMore was said about it\nQrtp,Wwton,219099998\n")
    #expect(
      all.contains("NAME:Xqzvy") && !all.contains("CITY:Wwton") && !all.contains { $0.contains("More") })
  }

  @Test(arguments: [
    "struct Patient {\n  let firstName: String\n  var city: String\n}\n", "firstName = person.firstName",
    #"{"firstName": "string", "lastName": null, "city": "string"}"#,
    "name, address, and phone are needed:\nHe lives well\n",
    "name,version,size\nzlib,1.2.13,88\n", "PID controllers | tuning\n",

    "func make(firstName: String, lastName: String)", "a,b,c\n1,2,3\n",
    "SELECT first_name, last_name FROM patients WHERE id = 1",
    "firstName: string;\nlastName: string;\n", "<name>string</name>",
  ])
  func leavesAlone(_ text: String) throws { #expect(try found(text) == []) }

  /// Elements of arrays are texts of their own: what stands beside them still counts.
  @Test func arraysKeepTheirContext() throws {
    let detector = unsafe try standardDetector.get()
    func kinds(_ texts: [(String, String)]) throws -> [[String]] {
      try detector.detect(texts: texts.map { (pointer: $0.0, text: $0.1) }).map { $0.map(\.kind) }
    }
    #expect(try kinds([("/0/0", "SSN"), ("/0/1", "219099999")]) == [[], ["SSN"]])
    #expect(try kinds([("/0/0", "SSN"), ("/1/1", "219099999")]) == [[], []])
    let table = [
      ("/columns/0", "first_name"), ("/columns/1", "note"), ("/columns/2", "ssn"), ("/rows/0/0", "Xqzvy"),
      ("/rows/0/1", "219099998"), ("/rows/0/2", "219099999"), ("/rows/1/2", "219099997"),
    ]
    #expect(try kinds(table) == [[], [], [], ["NAME"], [], ["SSN"], ["SSN"]])
    let rows = [
      ("/0/0", "id"), ("/0/1", "mrn"), ("/0/2", "city"), ("/1/0", "77"), ("/1/1", "448291"),
      ("/1/2", "Qqton"),
    ]
    #expect(try kinds(rows) == [[], [], [], [], ["MRN"], ["CITY"]])
  }

  /// Lines with commas that are no header leave nothing behind, whatever ends them.
  @Test(arguments: [
    "Feels well, sleeps, eats.\n", "name, ssn, city:\n", "Mr. Xq, name, ssn,\r\n", "name, (ssn), city\n",
    "name, a sentence that goes on and on for more than any name of a column, ssn\n", "a,b;name,ssn.\n",
  ])
  func aTableBehindProse(_ prose: String) throws {
    let text = prose + "name,ssn,city\nXqzvy Wwyk,219099999,Qqton\n\nXqzvy Wwyk,219099999,Qqton\n"
    let all = try found(text)
    for value in ["NAME:Xqzvy Wwyk", "CITY:Qqton"] { #expect(all.contains(value), "found \(all)") }
    // Nothing but its column makes it one.
    #expect(all.filter { $0 == "SSN:219099999" }.count == 1, "found \(all)")
    try expectTheSameAtEveryCut(text)
  }
}
