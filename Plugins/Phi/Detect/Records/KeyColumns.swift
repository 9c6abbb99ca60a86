internal import FilterKit

/// Columns of tables about people that are numbered by something no list has: `trip_id`, `cert no`, `id`. They hold identifiers
/// where another column says that the rows are people.
enum KeyColumns {
  /// What such a column is called until it is known what stands beside it.
  static let kind: Kind = "KEY_COLUMN"
  private static let (leastDigits, longest) = (4, 20)

  /// The kind of a column by its name, or what it may be by its name's end.
  static func kind(of hash: FieldNames.NameHash) -> Kind? {
    if let kind = FieldNames.kind(ofColumn: hash) { return kind }
    return endings.contains { hash.tail & $0.mask == $0.letters } && !others.contains(hash.value) ? kind : nil
  }

  /// The columns of a header: keys count beside a person's name or number alone.
  static func settled(_ kinds: [Kind?]) -> [Kind?] {
    let isAboutPeople = kinds.contains { $0.map(people.contains) ?? false }
    return isAboutPeople ? kinds : kinds.map { $0 == kind ? nil : $0 }
  }

  private static let people: Set<Kind> = ["NAME", "SSN", "MRN", "HEALTH_PLAN"]

  /// Digits, and few letters and hyphens: no amount, no time, no digest.
  static func isKey(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count <= longest else { return false }
    var (digits, letters) = (0, 0)
    for index in range {
      let byte = text[index]
      if Bytes.isDigit(byte) {
        digits += 1
      } else if Bytes.isUpper(byte) {
        letters += 1
      } else if byte != UInt8(ascii: "-"), byte != UInt8(ascii: "/") {
        return false
      }
    }
    return digits >= leastDigits && letters <= digits
  }

  private static let endings: [(letters: UInt64, mask: UInt64)] = ["id", "no", "nr", "num", "number"].map {
    ending in
    let letters = ending.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return (letters, UInt64(1) << UInt64(8 * ending.utf8.count) - 1)
  }

  /// Words that end so, and what is no person's: places, goods, codes, programs.
  private static let others: Set<UInt64> = {
    let words = """
      paid void valid invalid grid covid bid said lipid fluid opioid thyroid steroid mid solid avoid android deptid departmentid productid \
      itemid itemno itemnumber locationid locid facilityid facid siteid siteno wardid wardno roomid roomno bedid bedno orgid organizationid \
      drugid medid medicationid ndcno testid loincid codeid icdid requestid sessionid buildid jobid parentid menuid roleid tenantid appid \
      configid templateid questionid formid formno vendorid supplierid skuid categoryid typeid statusid versionid versionno lineno \
      linenumber rowid rowno rownum rownumber countryid stateid cityid regionid seqno sequenceno sequencenumber lotno lotnumber batchno \
      batchnumber partno partnumber modelno modelnumber catno catalogno pageno portno processid threadid taskid transactionid txnid traceid \
      eventid messageid msgid channelid conceptid snomedid rxnormid casino kimono nano
      """
    return Set(
      words.utf8.split { $0 == 0x20 || $0 == 0x0A }.map { word in
        var hash = FieldNames.NameHash()
        for byte in word { hash.add(byte) }
        return hash.value
      })
  }()
}
