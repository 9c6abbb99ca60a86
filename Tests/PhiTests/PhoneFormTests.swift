import Testing

/// Numbers of telephones in the national forms of the world.
@Suite struct PhoneFormTests {
  @Test(arguments: [
    // United Kingdom, Ireland, Australia, New Zealand, South Africa, Nigeria, Kenya, Pakistan, the Philippines.
    "01878 700 316", "01234 567890", "020 7946 0958", "0141 339 6027", "07911 230 486", "087 614 2295",
    "094 962 0417", "(02) 6056 7714",
    "0412 883 907", "09 275 8841", "021 534 7788", "083 471 9926", "0803 417 2265", "0722 483956",
    "0300-1284567", "0917 528 4567",
    // Germany, Austria, Switzerland, France, Belgium, the Netherlands.
    "0203 3718840", "09194/77213", "0351 / 123 48 67", "0664 128 45 67", "044 668 18 00", "06 24 71 08 55",
    "0470 12 84 56", "06-40917722",
    "010-1284567",
    // Spain, Sweden, Finland, Türkiye, Hungary, Russia.
    "943 15 27 08", "070-318 44 92", "08-128 456 78", "040 128 4567", "0532 128 45 67", "06 30 128 4567",
    "8 (495) 128-45-67",
    // India, Japan, Korea, Taiwan, China, Indonesia, Israel, Brazil, North America.
    "98140-66273", "94430 71862", "090-1284-5678", "010-1284-5678", "0932-417-806", "138 1284 5678",
    "0812-3456-7290", "054-128-4567",
    "(73) 99814-2207", "(11) 3456-7290", "270/443-8165",
  ])
  func needNoWord(_ number: String) throws {
    for text in ["he said \(number) and went", "Linh, \(number)) today", "x;\(number);y"] {
      let all = try found(text)
      #expect(all.contains("PHONE:\(number)"), "\(text): \(all)")
    }
  }

  @Test(arguments: [
    "58 55 91 42", "912 345 678", "601 284 567", "912 84 567", "9128 4567", "55 1284 5678", "555-0143",
    "22334455",
  ])
  func needAWord(_ number: String) throws {
    for label in [
      "Tel.", "skal du ringe på", "mobil", "WhatsApp", "contacted on", "komórka:", "tlf", "llamar al",
      "celular",
    ] {
      let all = try found("\(label) \(number) snart.")
      #expect(all.contains("PHONE:\(number)"), "\(label): \(all)")
    }
  }

  @Test(arguments: [
    ("T (02) 6056 7714 | F (02) 6056 7719", "FAX:(02) 6056 7719"), ("fx 505-863-4479", "FAX:505-863-4479"),
    ("M: 98140-66273; the", "PHONE:98140-66273"), ("pager 4471", "PHONE:4471"), ("bleep 2284,", "PHONE:2284"),
    ("ext. 44712", "PHONE:44712"),
    ("Telefax: 0203 3718841", "FAX:0203 3718841"), ("ward_tel: 0141 339 6027\n", "PHONE:0141 339 6027"),
    ("husb 9155 7097", "PHONE:9155 7097"), ("Mom's number 855 0377.", "PHONE:855 0377"),
    ("wife 0612345678", "PHONE:0612345678"),
    ("Can we call you?\nsi 33 1842 6079 but", "PHONE:33 1842 6079"),
    ("217-555-0143, 555-0188", "PHONE:555-0188"),
    ("(217) 555-0143 / 0144", "PHONE:0144"), ("call x4471", "PHONE:x4471"),
    ("1-800-FLOWERS", "PHONE:1-800-FLOWERS"),
    ("?s 18335550157", "PHONE:18335550157"), ("Ph. (4O6) 778-2l50", "PHONE:(4O6) 778-2l50"),
    ("Ph. 4O6.778.2l50", "PHONE:4O6.778.2l50"), ("Ph. 4O6- 778-2150", "PHONE:4O6- 778-2150"),
    ("(351) 913-204-785", "PHONE:(351) 913-204-785"),
    ("PID|1||1^^^H^MR||A^B||19610314|F|||||^PRN^PH^^1^715^5550163\n", "PHONE:715^5550163"),
    ("PID|1||1||A^B||19610314|F|||9 Elm^^Ord^NE^68862||3085550127\n", "PHONE:3085550127"),
    (#"{"system": "phone", "value": "01443 774 019"}"#, "PHONE:01443 774 019"),
    ("RN Adaeze 7N x4-3317: rm", "PHONE:x4-3317"),
    ("- Orla Breen NP x70313\n", "PHONE:x70313"), ("my pgr 8-4471\n", "PHONE:8-4471"),
    ("Siobhan 4-4417 / Ida", "PHONE:4-4417"),
    ("Orla Breen FY1, page 3316\n", "PHONE:3316"), ("sent to ***-***-0175.", "PHONE:0175"),
    ("use my cell, ends in 0109.", "PHONE:0109"), ("555-0119 area code 956", "PHONE:956"),
    ("text 5805550184 ok", "PHONE:5805550184"),
    ("text me at seven oh one 555 01 38.", "PHONE:seven oh one 555 01 38"),
    (
      "reach him at nine five two, five five five, oh one, uh, seventy. Okay",
      "PHONE:nine five two, five five five, oh one, uh, seventy"
    ),
    ("the number? 9 1 9, triple 5, 0 1 3 7.", "PHONE:9 1 9, triple 5, 0 1 3 7"),
    ("Tel. 5550-12, Fax -19\n", "FAX:-19"),
    ("faksem 12 648 22 91.", "FAX:12 648 22 91"),
    (#"{"celular": "73 9814 2207"}"#, "PHONE:73 9814 2207"), ("電話 2845 7733", "PHONE:2845 7733"),
  ])
  func areFound(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "\(all)")
  }

  @Test(arguments: [
    "pH 7.18 7.29 7.37", "HPO HP:0001639.", "Temp Key: X25519, 253 bits",
    ".long 118099200,3784767140,251790600", "NS x1000 mL bolus",
    "max 2147483647, and", "of ten, five three 2", "account 51 884 2073", "ndc 00406-0552-01",
    "school 2009 2012", "nos. 800-3311, 800-3312", "4-x 4471",
    "BSB 083-214", "0000 00000 0", "NHS No 0769 459 2087", "01 02 03 04 05",
    "2024-03-14 10:40", "03.04.2026",
    "0.123 456 789", "IBAN 0412 883 907", "order 0412 883 907", "0x0412 0x883", "T 37.2", "HR 120 160 180",
    "10.20.30.40",
    "at 0410, spoke 0655", "1234 5678 9012", "ref 0203 3718840", "12-31-99", "extends 5000", "0755 root",
  ])
  func leavesAlone(_ text: String) throws {
    #expect(try found(text).filter { $0.hasPrefix("PHONE") || $0.hasPrefix("FAX") } == [])
  }
}
