import FilterHarness
import Testing

/// Signs that look like others, and invisible ones, hide nothing; what is reported are the text's own bytes.
@Suite struct DetectEvasionTests {
  @Test(arguments: [
    ("SSN ５３６-２２-８７１９ ok", "SSN:５３６-２２-８７１９"), ("SSN 536–22–8719", "SSN:536–22–8719"),
    ("no 5\u{200B}3\u{200B}6-22-8719 x", "SSN:5\u{200B}3\u{200B}6-22-8719"), ("MRN: ١٢٣٤٥٦٧", "MRN:١٢٣٤٥٦٧"),
    ("call (217)\u{A0}555‑0143", "PHONE:(217)\u{A0}555‑0143"),
    ("to m.holloway＠example.com", "EMAIL:m.holloway＠example.com"),
    ("Dr. O’Brien came", "NAME:O’Brien"), ("Jane Doe—seen today", "NAME:Jane Doe"),
    ("“Rajesh Patel”", "NAME:Rajesh Patel"),
    ("born 03\u{2044}14\u{2044}1961", "DATE:03\u{2044}14\u{2044}1961"), ("𝟓𝟑𝟔-𝟐𝟐-𝟖𝟕𝟏𝟗", "SSN:𝟓𝟑𝟔-𝟐𝟐-𝟖𝟕𝟏𝟗"),
    ("Kateřina Dvořáková came", "NAME:Kateřina Dvořáková"), ("Mr. Łukasz Żak came", "NAME:Łukasz Żak"),
  ])
  func finds(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
    // Behind other text, too, whose offsets differ.
    let moved = try found("é\u{200B}–ｘ ok, \(text)")
    #expect(moved.contains(expected), "found \(moved)")
  }

  @Test func everySplitInTwo() throws {
    let text =
      "Ｐatient “José Álvarez”, SSN ５３６–２２–８７１９, e\u{200B}\u{200B}-mail m.holloway＠example.com – called 217‑555‑0143."
    try expectTheSameAtEveryCut(text, atLeast: 4)
  }

  @Test func invisibleSignsAreNotHeldForEver() throws {
    let detector = unsafe try standardDetector.get()
    let run = Array(String(repeating: "\u{200B}", count: 20_000).utf8)
    let safe = try detector.detect([run, []]).safe
    #expect(UInt64(run.count) - (safe.first ?? 0) <= detector.maximumHold)
  }
}

/// Numbers that are spelled out or taken apart, and texts inside texts.
@Suite struct DetectDisguiseTests {
  @Test(arguments: [
    (
      "SSN is one two three dash four five dash six seven eight nine.",
      "SSN:one two three dash four five dash six seven eight nine"
    ),
    (
      "it is five three six, two two, eight seven one nine ok",
      "SSN:five three six, two two, eight seven one nine"
    ),
    (
      "call two one seven five five five oh one four three please",
      "PHONE:two one seven five five five oh one four three"
    ),
    ("MRN four-four-eight-two-nine-one-three", "MRN:four-four-eight-two-nine-one-three"),
    ("SSN: 1-2-3-4-5-6-7-8-9", "SSN:1-2-3-4-5-6-7-8-9"), ("SSN 5 3 6 2 2 8 7 1 9 x", "SSN:5 3 6 2 2 8 7 1 9"),
    ("ssn 536.22.8719 ok", "SSN:536.22.8719"), ("MRN 4.4.8.2.9.1.3", "MRN:4.4.8.2.9.1.3"),
    ("HAR: 98745098654", "ACCOUNT:98745098654"),
    ("217-555-0143, 2175550144, 217-555-0145", "PHONE:2175550144"),
    ("MRN: 4482913の患者", "MRN:4482913"),
    // "Patient: Jane Doe, SSN 536-22-8719"
    (
      "data UGF0aWVudDogSmFuZSBEb2UsIFNTTiA1MzYtMjItODcxOQ== x",
      "SSN:UGF0aWVudDogSmFuZSBEb2UsIFNTTiA1MzYtMjItODcxOQ"
    ),
    (
      "{\"d\":\"UGF0aWVudDogSmFuZSBEb2UsIFNTTiA1MzYtMjItODcxOQ\"}",
      "NAME:UGF0aWVudDogSmFuZSBEb2UsIFNTTiA1MzYtMjItODcxOQ"
    ),
  ])
  func finds(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
    try expectTheSameAtEveryCut("the plan was made, \(text), and then all of it went on for long enough")
  }

  @Test(arguments: [
    "one two three four five six seven eight nine ten", "policy number 2.1.3 of the code",
    "one or two of three, four",
    "page 2175550144 of it", "abcdefghijklmnopqrstuvwxyzABCD", "9fceb02d0ae598e95dc970b74767f19372d6",
    "viewDidLoadWithOptionsAndMore", "zero one zero one zero one zero one",
  ])
  func leavesAlone(_ text: String) throws { #expect(try found(text) == []) }
}
