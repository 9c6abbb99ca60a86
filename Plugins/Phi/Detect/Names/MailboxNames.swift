internal import FilterKit

/// Names beside addresses of e-mail (`Saskia van Loon <s.vanloon@…>`, RFC 5322, section 3.4).
enum MailboxNames {
  static let all: [PatternRule] = [
    PatternRule(#"[ "']<[a-z0-9._%+-]{1,40}@"#) { view, end in display(view, end) }
  ]

  private static let mostWords = 5
  private static let longest = 40

  /// The words before `<`, all of which have capitals but for particles between them.
  private static func display(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    let mailbox = view.start(before: match, limit: 44) { $0 != UInt8(ascii: "<") }
    let end = mailbox - 2
    var first = end
    var words = 0
    var position = end
    var (hasName, hasWord, isSure) = (false, false, false)
    while words < mostWords, position > view.lowerBound {
      let start = view.start(before: position, limit: longest) {
        Bytes.isLetter($0) || ".'-".utf8.contains($0)
      }
      guard start < position else { break }
      let hash = Lexicon.hash(view.text, start..<position)
      let isCapital = Bytes.isUpper(view.byte(start)) || view.byte(start) >= 0x80
      guard isCapital || first < end && Hints.of(hash).contains(.particle) else { break }
      let classes = Lexicon.classes(hash)
      if isCapital {
        if AddressWords.institutions.contains(hash) { return nil }
        if classes.contains(.word) {
          hasWord = true
        } else if position - start > 1 {
          hasName = true
          isSure = isSure || classes.isOnlyName
        }
        first = start
        words += 1
      }
      guard view.byte(start - 1) == 0x20 || view.byte(start - 1) == UInt8(ascii: ",") else { break }
      position = start - 1
      while position > view.lowerBound, " ,".utf8.contains(view.byte(position - 1)), start - position < 3 {
        position -= 1
      }
    }
    // `Saskia van Loon`, but not `Support Team`.
    guard words >= 2, hasName, isSure || !hasWord else { return nil }
    return Candidate(range: first..<end, kind: "NAME", confidence: 8500, detector: "phi/name-mailbox")
  }
}
