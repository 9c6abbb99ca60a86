import Testing

/// Numbers without a label beside somebody's name, columns that only their neighbours explain, and what looks like them.
@Suite struct NumbersBesideNameTests {
  @Test(arguments: [
    ("keep 4417093 (Okafor, Adaeze) only", "4417093"), ("5519208,Nguyen, Thanh,F,x", "5519208"),
    ("71-4093~Delgado~Ramona~F", "71-4093"), ("= 8830417 Haverkamp, both", "8830417"),
    // Names of files.
    ("/export/OKAFOR_ADAEZE_558208/IM01.dcm", "558208"), ("cat adt_66170932_20240311.hl7", "66170932"),
    ("to A08_00718842_HAVERKAMP_20240219.hl7", "00718842"),
    // Officers, and labels that touch.
    ("Ofc. Delgado #441 took it", "441"), ("Trooper Ann Haverkamp badge 2217, case", "2217"),
    ("8/2 rx6619408 qty 12", "6619408"),
    ("mrn7713208 admitted", "7713208"),
    // HL7's XCN wherever it stands, the VA's short names.
    ("OBR|1|||80053^CMP^C4|||2023||||1467500912^DELGADO^RAMONA", "1467500912"),
    ("HAVERKAMP,RAMONA     H4417   3B", "H4417"),
    // Records that are made one.
    ("unmerge 1100483 / 2731197 today", "2731197"), ("MRN merged 9930418 <- 9988004", "9988004"),
    ("patient LS0091443, rx", "LS0091443"), ("register OPD No 2219/21 with", "2219/21"),
    ("enc 41-2 order L-770022;", "L-770022"),
    ("DonorID AKFG215 KDPI", "AKFG215"), ("pid=90441828 pname=\"X\"", "90441828"),
    (".mrn(\"KHX-009-119\")", "KHX-009-119"),
    ("Tavares, Idalina 04/19/1961 00718833", "00718833"), ("P(\"Adi\", \"NHN 0356308\")", "NHN 0356308"),
  ])
  func areFound(_ text: String, _ value: String) throws {
    let all = try found(text)
    #expect(all.contains { $0.hasSuffix(":\(value)") }, "found \(all)")
    try expectTheSameAtEveryCut("so it was, \(text)\nand then all of it went on for a while")
  }

  @Test(arguments: [
    "a pack 4417 Reagent Pack", "build_20240311_143000.zip", "test-123456-linux.tar", "80053^CMP^CPT4",
    "x 12345 Monday Morning",
    "CPT II 3044F 3046F", "0600 1400 2200", "background:#8458B3 }", "\n[EHR-20418] Wrong banner",
    "WHERE c.itemid IN (220052, 220181)",
    "p/n 05401488190", "CLIENT_ID=5c1a77f0", "a|mg/dL|70-99|H", "REF 5520-B-400", "reagent lot 684412-01",
    "sensor 45", "order 20591",
    "TKT-24131 closes", "ATCC 25922", "user A4417 ok",
  ])
  func areNot(_ text: String) throws {
    #expect(try found(text).filter { !$0.hasPrefix("NAME") && !$0.hasPrefix("DATE") } == [])
  }

  /// Tables: keys beside names, accounts, lines with numbers, and what PostgreSQL dumps.
  @Test(arguments: [
    ("cert_no|name|dod\n2020-104883|Delgado, Ramona|2020-12-24\n", "ID:2020-104883"),
    (
      "user_id | display | role\n--------+------+----\nhlindqvist22 | Lindqvist, Hans | RN\n",
      "ID:hlindqvist22"
    ),
    ("     1\tchart,name,last_seen\n     2\t5503,Ramona Delgado,1/9/24\n", "MRN:5503"),
    ("   11→mrn,name,dob\n   12→55031,Ramona Delgado,1961-01-09\n", "MRN:55031"),
    (
      "COPY public.trip (trip_id, full_name, city) FROM stdin;\n881206\tDELGADO, RAMONA\tAhoskie\n\\.\n",
      "ID:881206"
    ),
    (
      "INSERT INTO appt (appt_id, first_name, phone) VALUES (5519025, 'Ramona', '2845 7733');\n", "ID:5519025"
    ),
    ("emp#     name                dept\n647618   Delgado, Ramona     EVS\n", "ID:647618"),
  ])
  func inTables(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
    try expectTheSameAtEveryCut(text)
  }

  @Test(arguments: [
    "trip_id,product,price\n881206,Widget,12\n", "  1\tlet a = 5519025\n  2\tlet b = 5519026\n",
    "COPY public.item (item_id, price) FROM stdin;\n881206\t12\n\\.\n",
  ])
  func notInTables(_ text: String) throws { #expect(try found(text) == []) }

  /// Templates of fingers and palms, plates, vehicles, last digits, cards.
  @Test(arguments: [
    ("template=\"Rk1SACAyMAAAAADkAAABPAFiAMUAxQ\"", "BIOMETRIC:Rk1SACAyMAAAAADkAAABPAFiAMUAxQ"),
    ("palm vein at kiosk, template PV-77e1f0c3-L, retried", "BIOMETRIC:PV-77e1f0c3-L"),
    ("footprints in fp_N240317A_L.wsq", "BIOMETRIC:fp_N240317A_L.wsq"),
    ("ENROLL ok tmpl=PV1:9f3ac01177be44d0a3 q=8", "BIOMETRIC:PV1:9f3ac01177be44d0a3"),
    ("in a silver Tacoma, Oregon 419 LVM left", "VEHICLE:419 LVM"),
    ("VIN for report 1FMCU0GD7JUB44103.", "VEHICLE:1FMCU0GD7JUB44103"),
    ("pt's last4 P8814 SC", "SSN:P8814"), ("xxx-xx-2291, KY", "SSN:2291"),
    ("Visa **** 9727 today", "ACCOUNT:9727"),
    ("MRN ends 603 too", "MRN:603"), ("pnr 19410518-2385 x", "ID:19410518-2385"),
    ("Tessera 80380000900372619056.", "HEALTH_PLAN:80380000900372619056"),
    ("NM1*IL*1*DELGADO*RAMONA****MI*W2281 90418~", "HEALTH_PLAN:W2281 90418"),
    ("BCBSNC YPPW1180447702", "HEALTH_PLAN:YPPW1180447702"),
  ])
  func others(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
    try expectTheSameAtEveryCut("so it was, \(text)\nand then all of it went on for a while")
  }
}
