internal import FilterKit

/// What stands before a word, as far as it says that a name follows.
struct NameContext {
  var isTitle = false
  var isLabel = false
  var isJoint = false
  var isPerson = false
  /// Somebody is introduced: `my name is`, `hello`.
  var isIntroduced = false
  var isField = false
  var isColon = false
  var isQuoted = false
  /// The name is said: `my name's Precious`.
  var isNamed = false
  /// Who somebody is to somebody: `Wife Hyun-ju`.
  var isKin = false
  /// And whose: `his brother Per`.
  var isSomebodysKin = false
  /// How old somebody is: `3-yr-old Fiadh`.
  var isAged = false

  init(_ words: borrowing [Word], _ index: Int, _ view: borrowing TextView) {
    guard index > 0 else { return }
    let word = words[index]
    let last = words[index - 1]
    let gap = word.range.lowerBound - last.range.upperBound
    guard gap <= 8, !word.startsLine || gap <= 2 else { return }
    if gap == 3, view.has("name's ", at: last.range.lowerBound) { isNamed = isPossessive(words, index - 1) }
    var hasOther = false
    for position in last.range.upperBound..<word.range.lowerBound {
      switch view.byte(position) {
      case 0x20, 0x09, UInt8(ascii: "#"), UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "["),
        UInt8(ascii: ","):
        continue
      case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: ">"): isColon = true
      case UInt8(ascii: "\""), UInt8(ascii: "'"): isQuoted = true
      case UInt8(ascii: "."): continue
      default: hasOther = true
      }
    }
    if hasOther { return }
    isTitle =
      gap <= 3 && !isColon && !isQuoted && view.byte(last.range.upperBound) != UInt8(ascii: ",")
      && last.hints.contains(last.shape == .lower ? .shortTitle : .title)
    isKin = last.hints.contains(.kin) && gap <= 3
    isSomebodysKin =
      isKin && gap == 1 && index > 1 && last.shape == .lower && last.followsClosely
      && Self.possessives.contains(words[index - 2].hash)
    isAged = last.hints.contains(.aged) && gap == 1
    isField = (isColon || isQuoted) && last.hints.contains(.field)
    isLabel = last.hints.contains(.label)
    isJoint = last.hints.contains(.joint) && gap == 1
    isPerson = last.hints.contains(.person)
    isIntroduced = last.hints.contains(.greeting)
    if index > 1, last.followsClosely, last.hints.contains(.be), words[index - 2].hints.contains(.naming) {
      isIntroduced = true
      isLabel = true
    }
  }

  private static let possessives = WordSet(words: "my your his her our their pts patients whose")

  /// Whether a word that belongs to somebody stands before: `my name`, `her name`.
  private func isPossessive(_ words: borrowing [Word], _ index: Int) -> Bool {
    index > 0 && words[index].followsClosely && words[index - 1].length < 6
      && words[index - 1].hints.contains(.opener)
  }
}
