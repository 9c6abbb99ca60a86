internal import FilterKit

/// What the letters and digits of a value say by themselves.
struct IdentifierForm {
  /// Five digits, or capitals among four: enough behind a word that counts.
  let isAnything: Bool
  /// Six digits, or capitals among four.
  let isLong: Bool
  /// Five digits and nothing else.
  let isPlain: Bool
  /// It begins with the name of what is nobody's: `RFC7540`.
  let isNamedNobodys: Bool
  /// Enough without any word: capitals before many digits, or many digits that begin with zero, as no quantity does.
  let isDistinct: Bool

  init(_ view: borrowing TextView, _ reading: LabelledIdentifier.Reading) {
    let range = reading.range
    let isSound = !reading.hasLower && LabelledIdentifier.isMostlyDigits(view, reading)
    var (letters, others, zeros) = (0, 0, 0)
    for index in range {
      let byte = view.byte(index)
      if Bytes.isUpper(byte) {
        if letters == index - range.lowerBound { letters += 1 } else { others += 1 }
      } else if byte == 0x30, zeros == index - range.lowerBound {
        zeros += 1
      }
    }
    // A letter and four digits are a code of procedures (HCPCS, CPT).
    let isCode = range.count == 5 && letters + others == 1
    let isParted = range.contains { view.byte($0) == UInt8(ascii: "-") }
    isAnything = isSound && reading.digits >= (reading.hasUpper ? 4 : 5)
    isPlain = reading.digits == 5 && range.count == 5
    isLong = isSound && !isCode && reading.digits >= (reading.hasUpper ? 4 : 6)
    isNamedNobodys =
      (letters > 1 || letters == 1 && !isParted && reading.digits <= 5)
      && IdentifierHeading.isNobodys(view, range.lowerBound..<range.lowerBound + letters)
    let isGrouped = range.contains { view.byte($0) == 0x20 }
    isDistinct =
      isSound && !isCode
      && ((1...5).contains(letters) && others <= 2 && !isNamedNobodys
        && reading.digits >= (isGrouped ? 8 : letters == 1 && !isParted ? 6 : 5)
        || (1...4).contains(zeros) && reading.digits == range.count && (7...12).contains(range.count)
        || letters + others == 0 && isParted && Self.isPartedLikeOne(view, range))
  }

  /// Whether numbers with hyphens, or in groups, are too many for a range or a reading: three groups and seven digits, or a long group
  /// that begins with zero.
  private static func isPartedLikeOne(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    var (groups, digits, length) = (1, 0, 0)
    var hasZero = false
    for index in range {
      let byte = view.byte(index)
      if Bytes.isDigit(byte) {
        if length == 0, byte == 0x30 { hasZero = Bytes.isDigit(view.byte(index + 3)) }
        digits += 1
        length += 1
      } else {
        guard byte == UInt8(ascii: "-"), length >= 2 else { return false }
        groups += 1
        length = 0
      }
    }
    return length >= 2 && digits >= 7 && (groups == 3 || groups == 2 && hasZero && digits >= 8)
  }

  /// Dates, years and times without signs, telephones and postal codes, codes of drugs, readings, and what stands for a value.
  static func isOthers(_ view: borrowing TextView, _ reading: LabelledIdentifier.Reading) -> Bool {
    let range = reading.range
    var groups: [Int] = [0]
    var starts: [Int] = [range.lowerBound]
    var seen: UInt16 = 0
    var (hasSlash, isCounting) = (false, true)
    for index in range {
      let byte = view.byte(index)
      if Bytes.isDigit(byte) {
        groups[groups.count - 1] += 1
        seen |= 1 << UInt16(byte & 15)
        let before = view.byte(index - 1)
        if index > range.lowerBound, Bytes.isDigit(before), byte != before &+ 1 { isCounting = false }
      } else if !Bytes.isUpper(byte) {
        groups.append(0)
        starts.append(index + 1)
        if byte == UInt8(ascii: "/") { hasSlash = true }
      }
    }
    if seen.nonzeroBitCount < 3 || isCounting && (!reading.hasUpper || reading.digits >= 9) { return true }
    // `A1-2026`, `1968-69`.
    for (group, start) in zip(groups, starts) where group == 4 {
      if isYear(view, start), reading.digits < 7 { return true }
    }
    if reading.hasUpper { return false }
    // `142/167/155`
    if hasSlash, groups.allSatisfy({ $0 <= 3 }) || groups == [4, 2] && view.byte(range.lowerBound) != 0x30 {
      return true
    }
    // `0600 1400 2200`
    if groups.count > 1, zip(groups, starts).allSatisfy({ $0 == 4 && isTime(view, $1) }) { return true }
    switch groups {
    case [8], [12], [14]:
      return isYear(view, range.lowerBound)
    case [4, 4], [4, 2]:
      let areYears = starts.map { isYear(view, $0) }
      return groups[1] == 2 && areYears[0] || areYears == [true, true]
        || groups[1] == 4 && starts.allSatisfy { isTime(view, $0) }
    // ZIP+4, NDC.
    case [5, 4], [5, 3, 2], [5, 4, 1], [4, 4, 2], [5, 4, 2]: return true
    default: return false
    }
  }

  private static func isYear(_ view: borrowing TextView, _ start: Int) -> Bool {
    view.has("19", at: start) || view.has("20", at: start) && (0x30...0x33).contains(view.byte(start + 2))
  }

  /// `0300`, `2359`.
  private static func isTime(_ view: borrowing TextView, _ start: Int) -> Bool {
    let digits = (0..<4).map { Int(view.byte(start + $0) & 15) }
    return digits[0] * 10 + digits[1] < 24 && digits[2] < 6
  }
}
