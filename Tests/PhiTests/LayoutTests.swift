import FilterHarness
import Testing

/// Layouts whose blanks and signs say what a value is.
@Suite struct LayoutTests {
  static let layouts: [(text: String, expected: [String])] = [
    // Aligned by blanks; a long cell leaves one blank only.
    (
      "#  name                   dob          mrn        A1c\n1  Xqzvy, Britt           1955-04-30   40021187   7.4\n4  Wwyk-Qrtpmnb-Yng, Rita 1949-02-11   40018834   8.0\n",
      ["NAME:Xqzvy, Britt", "DATE:1955-04-30", "MRN:40021187", "NAME:Wwyk-Qrtpmnb-Yng, Rita", "MRN:40018834"]
    ),
    // Aligned to the right, as pandas has it.
    (
      "       mrn        name      phone\n0  77-0193  Xqzvy Wwyk  2845-7733\n1  77-0244   Qrtp Mnbv  2845-7734\n",
      [
        "MRN:77-0193", "NAME:Xqzvy Wwyk", "PHONE:2845-7733", "MRN:77-0244", "NAME:Qrtp Mnbv",
        "PHONE:2845-7734",
      ]
    ),
    // With a rule below the names, and letters of several bytes.
    (
      "name        phone\n----------  ---------\nXqzvé Wwyk  2845-7733\n",
      ["NAME:Xqzvé Wwyk", "PHONE:2845-7733"]
    ),
    // psql's expanded form.
    (
      "-[ RECORD 1 ]---+-----------\nrel             | father\nmob             | +91 98407 21553\nfull_name       | Xqzvy Wwyk\nupd_ver         | 17\n",
      ["PHONE:+91 98407 21553", "NAME:Xqzvy Wwyk"]
    ),
    // MySQL's box and its vertical form.
    (
      "+------------+------------+\n| name       | phone      |\n+------------+------------+\n| Xqzvy Wwyk | 2845-7733  |\n+------------+------------+\n",
      ["NAME:Xqzvy Wwyk", "PHONE:2845-7733"]
    ),
    (
      "*************************** 1. row ***************************\n  full_name: Xqzvy Wwyk\n     mobile: 2845 7733\n",
      ["NAME:Xqzvy Wwyk", "PHONE:2845 7733"]
    ),
    // Columns with names of other languages.
    (
      "Name;Geb.;Telefon;Kasse\nXqzvy Wwyk;6.2.35;2845/7733;AOK\n",
      ["NAME:Xqzvy Wwyk", "DATE:6.2.35", "PHONE:2845/7733"]
    ),
    ("nascimento\tcelular\n19061994\t2845-7733\n", ["DATE:19061994", "PHONE:2845-7733"]),
    // Names and values side by side.
    (
      "  cardholder   MR LACHLAN\n  valid to     08/2028\n  mobile       2845 7733 1\n",
      ["DATE:08/2028", "PHONE:2845 7733 1"]
    ),
    // redis.
    (
      "1) \"name\"\n2) \"Wei-Hsuan Ting\"\n3) \"mobile\"\n4) \"2845-7733\"\n",
      ["NAME:Wei-Hsuan Ting", "PHONE:2845-7733"]
    ),
    // Keys of settings, logs and programs.
    ("op_date: 6.2.25\nward_tel: 2845 7733\n", ["DATE:6.2.25", "PHONE:2845 7733"]),
    ("PATID=K-2240 BD=04301949 TEL=2845-7733", ["DATE:04301949", "PHONE:2845-7733"]),
    ("Row { dob: \"04301949\", phone: \"2845 7733\" }", ["DATE:04301949", "PHONE:2845 7733"]),
    // Rows of SQL, by the names in the statement, and by the table's.
    (
      "INSERT INTO patients (id, name, phone)\nVALUES (1, N'Xqzvy Wwyk', '2845 7733'), (2, 'Qrtp Mnbv', '2845 7734');\n",
      ["NAME:Xqzvy Wwyk", "PHONE:2845 7733", "NAME:Qrtp Mnbv", "PHONE:2845 7734"]
    ),
    (
      "CREATE TABLE kin (Id int IDENTITY(1,1), FullName nvarchar(30), Rel char(3), Tel varchar(15));\n\nINSERT kin VALUES\n (N'Xqzvy Wwyk', 'DAU', '2845 7733');\n",
      ["NAME:Xqzvy Wwyk", "PHONE:2845 7733"]
    ),
    // DICOM.
    (
      "(0010,0010) PN [XQZVY^ANA]           #  10, 1 PatientName\n(0010,0030) DA [19390714]\n(0010, 0020) Patient ID                  LO: 'K-2240'\n",
      ["NAME:XQZVY^ANA", "DATE:19390714", "MRN:K-2240"]
    ),
    // X12.
    (
      "NM1*IL*1*XQZVY*ELSBETH*M***MI*7TT6RE4HM91~N3*412 STARLIGHT RD~N4*JEFFERSON*NY*12748~DMG*D8*19390714*F~PER*IC*ANA XQZVY*TE*2125550143*FX*2125550144~CLM*VH-20417*118~DTP*472*D8*20250129~REF*SY*219099999~",
      [
        "NAME:XQZVY*ELSBETH*M", "HEALTH_PLAN:7TT6RE4HM91", "ADDRESS:412 STARLIGHT RD", "CITY:JEFFERSON",
        "ZIP:12748",
        "DATE:19390714", "PHONE:2125550143", "FAX:2125550144", "ACCOUNT:VH-20417", "DATE:20250129",
        "SSN:219099999",
      ]
    ),
  ]

  @Test(arguments: layouts.indices) func areRead(_ index: Int) throws {
    let (text, expected) = Self.layouts[index]
    for text in [text, "The plan was made and all of it went well, so far.\n\n\(text)"] {
      let all = try found(text)
      for value in expected { #expect(all.contains(value), "no \(value) in \(all)") }
    }
  }

  @Test(arguments: layouts.indices) func everySplitInTwo(_ index: Int) throws {
    try expectTheSameAtEveryCut(
      Self.layouts[index].text + "\nand then it all went on for as long as it took\n")
  }

  @Test(arguments: [
    "name        version     size\nzlib        1.2.13      88\n",
    "  address   The address of the host\n  city      the city name\n",
    "Options:\n  phone     A phone number to call\n  fax       none\n",
    "name  phone.\nThe plan was made and went well.\n",
    "Geburtsdatum;Straße;Telefon;Kasse\n", "| Name | Phone |\n", "1) \"name\"\n2) (nil)\n",
    "(0010,0010) PN (no value available)\n",
    "phone  string\ncity   string\n", #"{"nascimento": null}"#,
  ])
  func leavesAlone(_ text: String) throws { #expect(try found(text) == []) }
}
