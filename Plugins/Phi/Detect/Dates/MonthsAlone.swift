internal import FilterKit

/// Months without a day and a year, behind a word that only a time follows: `since July`, `last november`, `in late April`.
enum MonthsAlone {
  /// Some months are verbs, people and lists of drugs: behind these they are months.
  private static let sure = WordSet(words: "in since last until till til next during early late mid")
  /// For months that are nothing else.
  private static let likely = WordSet(
    words: "by before after thru through from this around about due dx diagnosed")
  private static let ofTime = WordSet(
    words: """
      end beginning start middle most all rest half part week weeks mon monday tue tues tuesday wed weds wednesday thu thur thurs
      thursday fri friday sat saturday sun sunday month
      """)
  private static let ambiguous = WordSet(words: "may march april june august jan mar jun")
  private static let abbreviations = WordSet(words: "mar oct dec sep")

  static func word(_ view: borrowing TextView, _ word: Word) -> Candidate? {
    let range = word.range
    guard isFree(view, range), MonthNames.isEnglish(word.hash) || word.isHyphenated && isMiddle(view, range),
      isSaid(view, word), !ProgramContext.isProgram(view, range.lowerBound)
    else { return nil }
    return Candidate(range: range, kind: "DATE", confidence: 6500, detector: "phi/date-month")
  }

  /// `mid-May`
  private static func isMiddle(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    view.has("mid-", at: range.lowerBound)
      && MonthNames.isEnglish(view.hash(range.lowerBound + 4..<range.upperBound))
  }

  private static func isFree(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let (before, after) = (view.byte(range.lowerBound - 1), view.byte(range.upperBound))
    guard before == 0x20 || before == 0x0A || before == UInt8(ascii: "-") || before == UInt8(ascii: "(")
    else { return false }
    if after == UInt8(ascii: ".") { return !Bytes.isAlphanumeric(view.byte(range.upperBound + 1)) }
    return !Bytes.isAlphanumeric(after) && !"_-/('=[".utf8.contains(after)
      || after == UInt8(ascii: "-") && Bytes.isSpace(view.byte(range.upperBound + 1))
  }

  private static func isSaid(_ view: borrowing TextView, _ word: Word) -> Bool {
    let start = word.range.lowerBound
    // `mid-May` says it itself.
    if word.isHyphenated { return true }
    // The record of what is given, and a picture of the retina.
    if word.shape == .upper, abbreviations.contains(word.hash) { return false }
    guard
      let before = view.word(before: start, gap: 2, where: { " -".utf8.contains($0) })
    else { return false }
    let hash = view.hash(before)
    let isName = ambiguous.contains(word.hash)
    if sure.contains(hash) { return true }
    if !isName, likely.contains(hash) { return true }
    guard view.has("of ", at: start - 3), before.count == 2,
      let thing = view.word(before: before.lowerBound)
    else { return false }
    return ofTime.contains(view.hash(thing))
  }
}
