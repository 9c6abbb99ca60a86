internal import FilterKit

/// Words some way before a number that make a telephone's of what could be anything: whose it is (`husb 9155 7097`), or what is asked for
/// (`Can we call you? 33 1842 6079`).
enum IntroducedPhones {
  private static let people = WordSet(
    words: """
      husb husband wife son daughter dtr mother mum mom dad father sister brother sis bro niece nephew aunt auntie uncle cousin friend neighbour
      neighbor carer caregiver nok partner guardian parent parents clinic office surgery practice pharmacy hospital school work home ward
      reception rep interp interpreter driver landlord caseworker sw hp wp op cb callback whats help helpline desk number numbers no num
      gma gpa mgm mgf pgm pgf grandma grandpa nana txt ok dtr's contact mobile cell phone tel ph whatsapp grandson granddaughter daughter-in-law employer
      """)
  private static let asked: [StaticString] = [
    "call you", "phone", "your number", "reach you", "whatsapp", "callback", "text you",
  ]
  private static let mostWords = 3

  /// - Parameter digits: eight and fewer need a word right before; a name may stand between.
  static func isIntroduced(_ view: borrowing TextView, _ start: Int, digits: Int) -> Bool {
    guard !isYears(view, start) else { return false }
    var position = start
    for _ in 0..<mostWords {
      guard let word = view.word(before: position, gap: 3, where: { " :.(=#'-".utf8.contains($0) }) else {
        break
      }
      if people.contains(view.hash(word)) { return true }
      // Between them stands a name.
      guard Bytes.isUpper(view.byte(word.lowerBound)) || word.count <= 3 else { break }
      position = word.lowerBound
    }
    guard digits >= 9 else { return false }
    let before = max(view.lowerBound, start - 70)..<start
    return asked.contains { view.contains($0, in: before) }
  }

  /// `2023 2024`, `2009 – 2012`
  private static func isYears(_ view: borrowing TextView, _ start: Int) -> Bool {
    guard view.endOfDigits(start, limit: 5) == start + 4,
      (1900...2099).contains(view.number(start..<start + 4))
    else {
      return false
    }
    var second = start + 4
    while second - start < 9, !Bytes.isDigit(view.byte(second)) { second += 1 }
    return (1900...2099).contains(view.number(second..<second + 4))
  }
}
