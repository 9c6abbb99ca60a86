import FilterHarness
import FilterKit
import Testing

@testable import PhiFilter

/// What is written as an escape is read as what it stands for; what is reported are the text's own bytes.
@Suite struct EscapeTests {
  private func normal(_ text: String) -> String {
    var normal = NormalText()
    let bytes = Array(text.utf8)
    normal.append(bytes.span, end: true)
    return String(decoding: normal.bytes, as: UTF8.self)
  }

  @Test(arguments: [
    (#"a\nb\tc"#, "a\nb\tc"), (#"say \"Jane\""#, #"say "Jane""#), (#"\\\"Jane\\\""#, #""Jane""#),
    (#"Jos\u00e9 \u0041"#, "José A"), (#"\ud835\udfd3"#, "5"), (#"\\u00e9"#, "é"), (#"1\/2"#, "1/2"),
    (#"\d{3} \w+ \x41"#, #"\d{3} \w+ \x41"#), (#"\u12"#, #"\u12"#), (#"\ud835 alone"#, #"\ud835 alone"#),
    ("a%40b", "a@b"), ("Jos%C3%A9", "José"), ("a%2540b", "a@b"), ("100% of 5%", "100% of 5%"),
    ("%zz %4 %", "%zz %4 %"), ("%FF%C3", "%FF%C3"), ("%d %s %02x", "%d %s %02x"),
    ("Doe&#44; J&eacute;r&ocirc;me", "Doe, Jérôme"), ("a&nbsp;b &lt;x&gt;", "a b <x>"), ("&#x35;&#54;", "56"),
    ("&amp;#53;", "5"), ("a && b & c &foo; &#; &#xD800;", "a && b & c &foo; &#; &#xD800;"),
    ("R&D; x", "R&D; x"),
    ("Ѕmith and ЅЅN", "Smith and SSN"), ("Иван Сорока", "Иван Сорока"), ("αβγ А", "αβγ А"),
    ("5\u{336}3\u{336}6", "536"), ("1️⃣2️⃣", "12"), ("๕๓๖ ௧௨", "536 12"), ("①②⑨", "129"),
  ])
  func isReadAs(_ text: String, _ expected: String) { #expect(normal(text) == expected) }

  @Test(arguments: [
    (#"{\"ssn\":\"536228719\"}"#, "SSN:536228719"), (#"seen\nMRN: 4482913\nand"#, "MRN:4482913"),
    (#"Patient:\u0020Jos\u00e9 Garc\u00eda,"#, #"NAME:Jos\u00e9 Garc\u00eda"#),
    ("m.holloway%40example.com is", "EMAIL:m.holloway%40example.com"),
    ("dob=03%2F14%2F1961", "DATE:03%2F14%2F1961"),
    ("SSN&nbsp;536&#45;22&#45;8719", "SSN:536&#45;22&#45;8719"),
    ("ЅЅN: 536228719", "SSN:536228719"), ("MRN:\u{2066}4482913", "MRN:4482913"),
    (
      "https://emr.example.org/patient/John%20Smith?x=1 ok",
      "URL:https://emr.example.org/patient/John%20Smith?x=1"
    ),
    (#"\\\"password\\\": \\\"hunter2secret\\\""#, "CREDENTIAL:hunter2secret"),
    ("card 4111 1111 1111 1111.Patient was", "ACCOUNT:4111 1111 1111 1111"),
    ("DOB 03/14/1961.Patient was", "DATE:03/14/1961"), ("患者536-22-8719の", "SSN:536-22-8719"),
    ("电话217-555-0143。", "PHONE:217-555-0143"),
  ])
  func finds(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
    let moved = try found(#"\u00e9%20&amp;\n–é ok. "# + text)
    #expect(moved.contains(expected), "found \(moved)")
  }

  private static let texts = [
    #"{\"patient\":{\"name\":\"Jos\u00e9 \u00c1lvarez\",\"ssn\":\"536-22-8719\"}}\nseen by Dr. Patel\n"#,
    "name=Jane%20Doe&dob=03%2F14%2F1961&mail=m.holloway%2540example.com&amp;#53; and &eacute;&nbsp;SSN 536228719",
    "Ѕmith, Јane came; ЅЅN 536&#x2d;22&#45;8719, \\ud835\\udfd3 and %F0%9D%9F%93 \\\\\\\\\\n end ОСАЕ",
  ]

  @Test(arguments: texts) func everySplitInTwo(_ text: String) throws {
    try expectTheSameAtEveryCut(text, atLeast: 2)
  }

  /// Whatever the bytes and the cuts, the normal text and its places are the same, and every place is in order.
  @Test func normalTextDoesNotDependOnCuts() {
    var random = SeededGenerator(seed: 23)
    let parts = [
      "\\", "\\n", "\\u", "00e9", "d835", "\\udfd3", "%", "25", "40", "%C3", "%A9", "&", "amp;", "#", "53;",
      "eacute;", "x", "5", " ", "\"", "Ѕ", "é", "\u{200B}", "\u{301}", "\u{1F600}", "\u{E0041}",
    ]
    for _ in 0..<800 {
      var bytes = (0..<Int.random(in: 1...16, using: &random)).flatMap { _ in
        Array((parts.randomElement(using: &random) ?? "").utf8)
      }
      if Bool.random(using: &random) { bytes.append(UInt8.random(in: 0...255, using: &random)) }
      var (whole, pieces) = (NormalText(), NormalText())
      whole.append(bytes.span, end: true)
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + Int.random(in: 1...5, using: &random))
        let piece = Array(bytes[start..<end])
        pieces.append(piece.span, end: end == bytes.count)
        start = end
      }
      #expect(whole.bytes == pieces.bytes)
      var last = 0
      for index in whole.bytes.indices {
        let origin = whole.origin(of: index..<index + 1)
        #expect(origin == pieces.origin(of: index..<index + 1))
        #expect(origin.lowerBound >= last && origin.upperBound <= bytes.count && !origin.isEmpty)
        last = origin.lowerBound
      }
      if NormalText.isNormal(bytes.span) { #expect(whole.bytes == bytes) }
    }
  }

  @Test(arguments: [
    "\\u200b", "&#x0000200b;", "%E2%80%8B", "\u{200B}", "\u{E0041}", "\\", "%25", "&amp;", "\\u00e9",
  ])
  func escapesAreNotHeldForEver(_ unit: String) throws {
    let detector = unsafe try standardDetector.get()
    #expect(detector.maximumHold <= 65_536)
    let piece = Array(String(repeating: unit, count: 4000).utf8)
    var fed = 0
    for safe in try detector.detect([piece, piece, piece, [], []]).safe.prefix(3) {
      fed += piece.count
      #expect(UInt64(fed) - safe <= detector.maximumHold)
    }
  }
}
