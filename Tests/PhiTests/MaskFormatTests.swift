import FilterABI
import FilterHarness
import FilterKit
import PhiCrypto
import Testing

@testable import PhiFilter

/// Operators whose result is another value, or can be opened again.
@Suite struct MaskFormatTests {
  private func masked(
    _ value: String, _ kind: String, _ use: String, more: String = "",
    direction: UInt32 = SLUICE_DIRECTION_REQUEST
  ) throws -> String {
    let rules = #"{"rules":[{"kind":"\#(kind)","use":"\#(use)"}]\#(more)}"#
    return try makeMask(rules).masked(
      value, [TestFinding(0..<value.utf8.count, kind)], direction: direction)
  }

  // MARK: Tokens

  @Test func anEncryptedValueIsOpenedWithTheInstallationsKey() throws {
    let masked = try masked("536-22-8719", "SSN", "encrypt")
    #expect(masked.hasPrefix("[SSN_ENC_") && masked.hasSuffix("]"))
    let keys = try PhiKeys(installationKey: Array("the key of the tests' installation".utf8))
    let bytes = Array(masked.utf8)
    let found = SealedToken(keys: keys).read(bytes.span, at: 0)
    let read = try #require(found)
    #expect(String(decoding: read.value, as: UTF8.self) == "536-22-8719")
  }

  @Test(arguments: ["encrypt", "hash", "placeholder"]) func whatWasMaskedStays(use: String) throws {
    let once = try masked("Jane Doe", "NAME", use)
    let text = "Seen: \(once), again"
    let mask = try makeMask(#"{"default":"surrogate"}"#)
    for start in 6..<6 + once.utf8.count {
      #expect(try mask.edits(text, [TestFinding(start..<6 + once.utf8.count, "ID")]).isEmpty)
    }
    #expect(try mask.edits(text, [TestFinding(0..<6 + once.utf8.count, "ID")]).count == 1)
  }

  @Test func aHashIsTheWholeFingerprint() throws {
    let text = "Jane Doe"
    let mask = try makeMask(#"{"default":"hash"}"#)
    let edits = try mask.edits(text, [TestFinding(0..<8, "NAME")])
    let digits = edits[0].fingerprint.map { ($0 < 16 ? "0" : "") + String($0, radix: 16).uppercased() }
      .joined()
    #expect(edits[0].replacement == "[NAME_\(digits)]" && edits[0].operation == "hash")
  }

  @Test func anotherValueOfTheFormat() throws {
    let masked = try masked("MRN 448-2913", "MRN", "format-preserving")
    #expect(masked.wholeMatch(of: /[A-Z0-9]{3} [A-Z0-9]{3}-[A-Z0-9]{4}/) != nil, "\(masked)")
    // Too few values, or letters of other alphabets: a placeholder, and evidence says so.
    let mask = try makeMask(#"{"rules":[{"kind":"ID","use":"format-preserving"}]}"#)
    for value in ["12345", "Zoë12345"] {
      let edits = try mask.edits(value, [TestFinding(0..<value.utf8.count, "ID")])
      #expect(edits[0].operation == "placeholder" && edits[0].replacement.hasPrefix("[ID_"))
    }
  }

  // MARK: Dates

  @Test(arguments: [
    ("03/14/1961", 1, "03/15/1961"), ("3/4/1961", 30, "4/3/1961"), ("12/31/99", 1, "01/01/00"),
    ("25/12/1980", 7, "01/01/1981"), ("1961-03-14", -14, "1961-02-28"), ("1960-03-01", -1, "1960-02-29"),
    ("2025-11-12T08:30:00Z", 20, "2025-12-02T08:30:00Z"), ("20251231083000", 1, "20260101083000"),
    ("November 30th, 2025", 1, "December 1st, 2025"), ("the 3rd of March 2024", -2, "the 1st of March 2024"),
    ("12 NOV 2025", 19, "1 DEC 2025"), ("Wednesday, Nov 12, 2025", 1, "Thursday, Nov 13, 2025"),
    ("March 2024", 31, "April 2024"), ("3/14", 20, "4/3"), ("11.12.2025", 1, "11.13.2025"),
    ("May 31", 1, "June 1"),
    ("2025/01/02 10:15", -2, "2024/12/31 10:15"),
  ])
  func aDateKeepsItsForm(text: String, days: Int, expected: String) throws {
    let bytes = Array(text.utf8)
    let read = DateText(bytes.span)
    let date = try #require(read)
    #expect(String(decoding: date.shifted(by: days), as: UTF8.self) == expected)
  }

  @Test func theCalendarIsGregorian() {
    var day = Calendar.days(1899, 12, 31)
    #expect(day == -25568)
    for _ in 0..<80_000 {
      let date = Calendar.date(day)
      #expect(Calendar.days(date.year, date.month, date.day) == day)
      day += 1
    }
    #expect(Calendar.date(19_782) == (2024, 2, 29))
  }

  @Test(arguments: ["session", "installation"]) func timeBetweenDatesStays(scope: String) throws {
    let text = "in 03/14/2024, out 2024-03-20, back May 1, 2024"
    let mask = try makeMask(
      #"{"rules":[{"kind":"DATE","use":"date-shift"}],"date-shift":{"days":90,"per":"\#(scope)"}}"#)
    let masked = try mask.masked(
      text,
      ["03/14/2024", "2024-03-20", "May 1, 2024"].map { TestFinding($0, in: text, "DATE") })
    let match = try #require(masked.wholeMatch(of: /in (.+), out (.+), back (.+)/))
    let days = [match.1, match.2, match.3].compactMap { part -> Int? in
      var form: [UInt8] = []
      let bytes = Array(part.lowercased().utf8)
      guard DateForm.append(bytes.span, to: &form) else { return nil }
      let parts = String(decoding: form, as: UTF8.self).split(separator: "-").compactMap { Int($0) }
      return Calendar.days(parts[0], parts[1], parts[2])
    }
    #expect(days.count == 3 && days[1] - days[0] == 6 && days[2] - days[1] == 42)
    let moved = days[0] - Calendar.days(2024, 3, 14)
    #expect(moved != 0 && abs(moved) <= 90)
  }

  @Test func eachPatientMovesByTheirOwn() throws {
    let mask = try makeMask(
      #"{"rules":[{"kind":"DATE","use":"date-shift"},{"kind":"MRN","use":"redact"}],"date-shift":{"per":"patient"}}"#
    )
    let text = "MRN 1001 2024-03-14; MRN 1002 2024-03-14; MRN 1001 2024-03-15"
    let findings = [
      TestFinding(4..<8, "MRN"), TestFinding(9..<19, "DATE"), TestFinding(25..<29, "MRN"),
      TestFinding(30..<40, "DATE"),
      TestFinding(46..<50, "MRN"), TestFinding(51..<61, "DATE"),
    ]
    let dates = try mask.edits(text, findings).filter { $0.operation == "date-shift" }.map(\.replacement)
    let days = dates.compactMap { text -> Int? in
      let parts = text.split(separator: "-").compactMap { Int($0) }
      return Calendar.days(parts[0], parts[1], parts[2])
    }
    #expect(days.count == 3 && days[2] == days[0] + 1 && days[1] != days[0])
  }

  @Test func whatIsNoDateGetsAPlaceholder() throws {
    #expect(try masked("the other day", "DATE", "date-shift").hasPrefix("[DATE_"))
    #expect(try masked("13/32/2020", "DATE", "date-shift").hasPrefix("[DATE_"))
  }

  /// In an answer nobody can tell a shifted date from a real one.
  @Test func answersGetPlaceholders() throws {
    for (value, kind, use) in [
      ("2024-03-14", "DATE", "date-shift"), ("4482913", "MRN", "format-preserving"),
      ("4482913", "MRN", "surrogate"),
    ] {
      #expect(try masked(value, kind, use, direction: SLUICE_DIRECTION_RESPONSE).hasPrefix("[\(kind)_"))
      #expect(try masked(value, kind, use).hasPrefix("[") == false)
    }
  }

  // MARK: What may stay

  @Test(arguments: [
    ("ZIP", "62704", "627"), ("ZIP", "62704-1234", "627"), ("ZIP", "03601", "000"), ("ZIP", "89301", "000"),
    ("ZIP", "SW1A 1AA", "[ZIP]"), ("DATE", "March 14, 1961", "1961"), ("DATE", "03/14/61", "1961"),
    ("DATE", "3/14", "[DATE]"), ("AGE", "92", "90+"), ("AGE", "101", "90+"), ("AGE", "89", "89"),
  ])
  func generalising(kind: String, value: String, expected: String) throws {
    #expect(try masked(value, kind, "generalise") == expected)
  }

  // MARK: Surrogates

  @Test(arguments: [
    ("NAME", "Jane Doe", #"[A-Z][a-z]+ [A-Z][a-z]+"#), ("NAME", "DOE, JANE Q", #"[A-Z]+, [A-Z]+ [A-Z]"#),
    ("NAME", "Dr. Jane Doe, MD", #"Dr\. [A-Z][a-z]+ [A-Z][a-z]+, MD"#),
    ("NAME", "sophy santino", "[a-z]+ [a-z]+"),
    ("SSN", "536-22-8719", #"9\d\d-(89|93)-\d{4}"#), ("SSN", "536228719", #"9\d\d(89|93)\d{4}"#),
    ("PHONE", "(217) 842-9911", #"\([2-9]\d\d\) 555-01\d\d"#),
    ("PHONE", "+1 217.842.9911", #"\+1 [2-9]\d\d\.555\.01\d\d"#),
    ("PHONE", "+44 20 7946 0958", #"\[PHONE_.{6}\]"#),
    ("EMAIL", "m.holloway@mail.org", #"[a-z]+\.[a-z]+@example\.com"#),
    ("URL", "https://emr.org/patient/12345", #"https://example\.com/r/[0-9a-z]{8}"#),
    ("IP", "10.1.2.3", #"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+"#),
    ("IP", "fe80::1", "2001:db8::[0-9a-f]+:[0-9a-f]+"),
    ("ADDRESS", "42 Oak Street, Apt 4B", #"\d+ [A-Z][a-z]+ Street"#), ("CITY", "Springfield", "[A-Z][a-z]+"),
    ("ZIP", "62704-1234", #"00\d{3}-\d{4}"#), ("AGE", "93", "90"), ("MRN", "A-4482913", #"[A-Z]-\d{7}"#),
    ("ACCOUNT", "4111 1111 1111 1111", #"(\d{4} ?){4}"#),
  ])
  func aSurrogateLooksLikeItsValue(kind: String, value: String, pattern: String) throws {
    let made = try masked(value, kind, "surrogate")
    let form = try Regex(pattern)
    #expect(made != value && made.wholeMatch(of: form) != nil, "\(made)")
    #expect(try masked(value, kind, "surrogate") == made)
    // What comes back is left alone, whichever way it goes.
    if !made.hasPrefix("["), Surrogate.recognised.contains(where: { $0.name == kind }) {
      #expect(try masked(made, kind, "surrogate") == made)
      #expect(try masked(made, kind, "surrogate", direction: SLUICE_DIRECTION_RESPONSE) == made)
    }
  }

  @Test func aFamilyNameAloneIsThatOfTheWholeName() throws {
    let whole = try masked("Jane Holloway", "NAME", "surrogate")
    let family = try masked("Holloway", "NAME", "surrogate")
    #expect(whole.hasSuffix(family))
    #expect(try masked("HOLLOWAY", "NAME", "surrogate") == family.uppercased())
  }

  @Test func nobodyIsCalledLikeASurrogate() {
    for index in 0..<SurrogateNames.familyCount {
      let name = Array(SurrogateNames.family(index).utf8)
      let classes = Lexicon.classes(Lexicon.hash(name.span, name.indices))
      #expect(classes.isDisjoint(with: [.given, .family, .word, .place]), "\(SurrogateNames.family(index))")
    }
  }

  @Test(arguments: [
    (#"{"rules":[{"kind":"NAME","use":"date-shift"}]}"#, "/rules/0/use"),
    (#"{"rules":[{"kind":"SSN","use":"generalise"}]}"#, "/rules/0/use"),
    (#"{"rules":[{"kind":"CREDENTIAL","use":"surrogate"}]}"#, "/rules/0/use"),
  ])
  func whatAKindCantBeIsSaid(configuration: String, pointer: String) throws {
    let failure = #expect(throws: FilterFailure.self) { try makeMask(configuration) }
    #expect(failure?.pointer == pointer)
  }
}
