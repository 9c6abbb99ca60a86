internal import FilterKit

/// What people are called besides their names: `aka "Junebug"`, `goes by Skip`, `Xiomara Feliciano ("Xio")`, `@Adaeze`.
enum CalledNames {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:aka|a\.k\.a\.|alias|nicknamed?|street name|(?:goes|went|going) by|(?:likes|wants|prefers|asks) to be called|calls (?:him|her|them)self|known as|preferred(?: name)?|answers to)(?:: ?| )[\"'\xE2(a-z]"#
    ) { view, end in called(view, end - 1) },
    PatternRule(#"\bprefers:? ?[\"'\xE2]"#) { view, end in called(view, end - 1) },
    PatternRule(#"[a-z] ?\([\"'][A-Z][a-z-]{1,15}[\"']\)"#, caseless: false) { view, end in
      bracketed(view, end)
    },
    PatternRule(#"[ \n(]@[a-z][a-z'-]{2,15}\b"#) { view, end in mentioned(view, end) },
  ]

  private static let longest = 24

  /// What stands in quotes behind a word of calling, or a word of names.
  private static func called(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = end
    if view.byte(start) == UInt8(ascii: "(") { start += 1 }
    let quote = view.byte(start)
    let isCurly = view.has("\u{201C}", at: start)
    if isCurly { start += 3 } else if "\"'".utf8.contains(quote) { start += 1 }
    let isQuoted = start > end && view.byte(start - 1) != UInt8(ascii: "(")
    let first = view.byte(start)
    guard Bytes.isUpper(first) || first >= 0xC3 && isQuoted else { return nil }
    var stop = start
    var words = 1
    while stop - start < longest {
      let byte = view.byte(stop)
      if byte == 0x20, isQuoted {
        words += 1
      } else if !(Bytes.isLetter(byte) || "-'.".utf8.contains(byte) && byte != quote) {
        break
      }
      if isCurly, view.has("\u{201D}", at: stop) { break }
      stop += 1
    }
    while stop > start, ".'-".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
    guard stop - start > 1, words <= 3 else { return nil }
    let hash = Lexicon.hash(view.text, start..<stop)
    if isQuoted {
      guard isCurly ? view.has("\u{201D}", at: stop) : view.byte(stop) == quote else { return nil }
      return Candidate(range: start..<stop, kind: "NAME", confidence: 8000, detector: "phi/name-called")
    }
    guard isName(hash), view.byte(stop) <= 0x20 || ",;.)".utf8.contains(view.byte(stop)) else { return nil }
    return Candidate(range: start..<stop, kind: "NAME", confidence: 7500, detector: "phi/name-called")
  }

  /// Whether a word is somebody's given or family name, and no English word but one that people are called.
  private static func isName(_ hash: UInt64) -> Bool {
    guard case .success(let model) = TaggerModel.shipped else { return false }
    if Hints.of(hash).contains(.wordName) { return true }
    let facts = model.facts(hash)
    return facts.isName && !facts.isWord && !Lexicon.classes(hash).contains(.word) && !facts.isDrug
  }

  /// `Feliciano ("Xio")`: in brackets and quotes, behind a word with a capital.
  private static func bracketed(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let stop = end - 2
    let start = view.start(before: stop, limit: 18) { Bytes.isLetter($0) || $0 == UInt8(ascii: "-") }
    var last = start - 2
    if view.byte(last - 1) == 0x20 { last -= 1 }
    let name = view.start(before: last, limit: longest) { Bytes.isLetter($0) || "-'".utf8.contains($0) }
    guard name < last, Bytes.isUpper(view.byte(name)), isName(Lexicon.hash(view.text, name..<last)) else {
      return nil
    }
    return Candidate(range: start..<stop, kind: "NAME", confidence: 7500, detector: "phi/name-called")
  }

  /// Somebody who is called in a chat; `@Override` and `@angular/core` are programs'.
  private static func mentioned(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let start = view.start(before: end, limit: 18) { Bytes.isLetter($0) || "-'".utf8.contains($0) }
    guard
      !"/.(_@:".utf8.contains(view.byte(end))
        || view.byte(end) == UInt8(ascii: ".") && view.byte(end + 1) <= 0x20,
      !Bytes.isJoining(view.byte(end)), case .success(let model) = TaggerModel.shipped
    else { return nil }
    let hash = Lexicon.hash(view.text, start..<end)
    let facts = model.facts(hash)
    guard facts.given > 2 || facts.foreign & 1 == 1, !facts.isWord,
      !Lexicon.classes(hash).contains(.word)
    else { return nil }
    return Candidate(range: start..<end, kind: "NAME", confidence: 7500, detector: "phi/name-mention")
  }
}
