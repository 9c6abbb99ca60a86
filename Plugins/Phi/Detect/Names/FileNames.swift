internal import FilterKit

/// Names in names of files that are somebody's papers: `Consent_Balogun_Ife_2023.pdf`, `begaye_r_sacrum_20240611.jpg`.
enum FileNames {
  static let all: [PatternRule] = [
    PatternRule(
      all:
        #"[a-z0-9)(_-]\.(?:pdf|jpe?g|png|tiff?|docx?|dcm|hl7|heic|mp[34]|m4a|wav|xlsx?|zip|iso|rtf|eml|msg|csv|txt)\b"#
    ) { view, end, emit in read(view, end, emit) }
  ]

  private static let longest = 90
  private static let mostParts = 12

  /// Reads the parts of the name before its ending, and tells which of them are somebody's.
  private static func read(_ view: borrowing TextView, _ match: Int, _ emit: (Candidate) -> Void) {
    var stop = match
    while stop > view.lowerBound, view.byte(stop) != UInt8(ascii: ".") { stop -= 1 }
    let first = view.start(before: stop, limit: longest) { isPart($0) || "-_.()".utf8.contains($0) }
    guard case .success(let model) = TaggerModel.shipped else { return }
    var hasDigits = false
    var start = first
    var parts = 0
    var words: [(range: Range<Int>, isListed: Bool, isCommon: Bool)] = []
    while start < stop, parts < mostParts {
      var end = start
      while end < stop, Bytes.isLetter(view.byte(end)) || view.byte(end) == UInt8(ascii: "'") { end += 1 }
      if end > start {
        let facts = model.facts(Lexicon.hash(view.text, start..<end))
        let classes = Lexicon.classes(Lexicon.hash(view.text, start..<end))
        let isWord =
          facts.isWord || classes.contains(.word) || facts.isDrug || facts.isDisease || facts.isArea
        let isListed =
          end - start > 2 && !isWord && (facts.given > 1 || facts.family > 1 || facts.foreign != 0)
        words.append((start..<end, isListed, !isWord && (facts.given > 3 || facts.family > 3)))
        parts += 1
      }
      if end + 3 < stop, (end...end + 3).allSatisfy({ Bytes.isDigit(view.byte($0)) }) { hasDigits = true }
      start = max(end, start) + 1
    }
    for (place, word) in words.enumerated() {
      let next = place + 1 < words.count ? words[place + 1] : nil
      guard word.isListed else { continue }
      // Two side by side are somebody's full name; one alone has to be a frequent name beside a number.
      if let next, next.isListed, next.range.lowerBound - word.range.upperBound == 1 {
        emit(candidate(word.range.lowerBound..<next.range.upperBound))
      } else if place == 0 || !words[place - 1].isListed, word.isCommon,
        hasDigits || words.contains(where: { isPaper(view, $0.range) })
      {
        emit(candidate(word.range))
      }
    }
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    Bytes.isLetter(byte) || Bytes.isDigit(byte) || byte == UInt8(ascii: "'")
  }

  private static func candidate(_ range: Range<Int>) -> Candidate {
    Candidate(range: range, kind: "NAME", confidence: 7000, detector: "phi/name-file")
  }

  /// Whether a word says that a file is somebody's paper or picture.
  private static func isPaper(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    papers.contains(Lexicon.hash(view.text, range))
  }

  private static let papers = WordSet(
    words: """
      appeal bill card cert chart competency consent discharge dl dose faxed form handoff id imm imaging intake invoice labs letter license
      note notes op path pathology photo poa portrait prescription records referral release report result results rx scan scanned scans
      selfie shots signed statement summary visit waiver wound xray
      """)
}
