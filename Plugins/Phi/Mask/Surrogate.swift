internal import FilterKit

/// A value that looks like the one it stands in for and is nobody's: of the same kind and format, always the same for the
/// same value, from ranges that are reserved for examples where there are such.
struct Surrogate {
  /// Words of a name that say nothing about who it is: they stay.
  private static let kept: Set<String> = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "professor", "rev", "jr", "sr", "ii", "iii",
    "iv",
    "md", "rn", "np", "phd", "do", "pa", "dds", "esq",
  ]

  /// Kinds whose surrogates are told from real values when a model repeats them. The others are replaced in requests
  /// alone: in an answer nobody could say which it is.
  static let recognised: Set<Kind> = [
    "NAME", "SSN", "PHONE", "FAX", "EMAIL", "URL", "IP", "ADDRESS", "CITY", "ZIP", "AGE",
  ]

  /// - Parameters:
  ///   - print: the keyed fingerprint of the value, which all is taken from.
  ///   - part: the keyed number of a part of it, such as a family name.
  /// - Returns: nil where there is none for such a value.
  static func of(
    _ value: Span<UInt8>, kind: Kind, print: Fingerprint, part: (String) throws(FilterError) -> UInt64
  ) throws(FilterError) -> [UInt8]? {
    var source = Source(print)
    let text = Array(copying: value)
    switch kind {
    case "NAME": return try name(text, part)
    case "SSN": return digits(text, like: ssn(&source))
    case "PHONE", "FAX": return phone(text, &source)
    case "EMAIL":
      let names = [SurrogateNames.given(source.next()), SurrogateNames.family(source.next())]
      return Array("\(names[0]).\(names[1])@example.com".lowercased().utf8)
    case "URL": return Array("https://example.com/r/\(source.code(8))".utf8)
    case "IP": return ip(text, &source)
    case "ADDRESS":
      return Array("\(100 + source.next() % 9900) \(SurrogateNames.family(source.next())) Street".utf8)
    case "CITY": return Array(SurrogateNames.family(source.next()).utf8)
    case "ZIP": return digits(text, like: [0, 0, UInt8(source.next() % 5)] + source.digits(6))
    case "AGE": return Array("90".utf8)
    case "MRN", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "VEHICLE", "DEVICE", "ID":
      return text.allSatisfy { $0 < 0x80 } ? sameFormat(text, &source) : nil
    default: return nil
    }
  }

  /// Whether a value is a surrogate: it stays as it is.
  static func isOne(_ value: Span<UInt8>, kind: Kind) -> Bool {
    let text = Array(copying: value)
    let digits = text.filter(Bytes.isDigit)
    switch kind {
    case "NAME": return isName(text)
    case "SSN":
      return digits.count == 9 && digits[0] == 0x39 && [89, 93].contains(Validators.number(digits[3..<5]))
    case "PHONE", "FAX":
      return digits.count >= 7 && Array(digits.suffix(7).prefix(5)) == Array("55501".utf8)
    case "EMAIL":
      let (local, host) = (text.prefix { $0 != UInt8(ascii: "@") }, Array("@example.com".utf8))
      let names = String(decoding: local, as: UTF8.self).lowercased().split(separator: ".").map(String.init)
      return text.count == local.count + host.count && text.suffix(host.count) == host[...]
        && names.count == 2
        && SurrogateNames.isGiven(names[0]) && SurrogateNames.isFamily(names[1])
    case "URL":
      let start = Array("https://example.com/r/".utf8)
      return text.starts(with: start) && text.count == start.count + 8
    case "IP":
      return ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8::"].contains { text.starts(with: $0.utf8) }
    case "ADDRESS", "CITY": return words(text).contains { SurrogateNames.isFamily($0) }
    case "ZIP": return Validators.number(digits.prefix(3)) < 5 && digits.count >= 5
    default: return false
    }
  }

  // MARK: Names

  private static func name(
    _ text: [UInt8], _ part: (String) throws(FilterError) -> UInt64
  ) throws(FilterError) -> [UInt8]? {
    let ranges = wordRanges(text)
    let own = ranges.indices.filter { !kept.contains(lowered(text[ranges[$0]])) }
    guard let last = own.last else { return nil }
    // The family name comes first where a comma or a caret follows it.
    let isReversed =
      own.count > 1
      && text[ranges[own[0]].upperBound..<ranges[own[1]].lowerBound].contains { ",^".utf8.contains($0) }
    let family = isReversed ? own[0] : last
    var output: [UInt8] = []
    var position = 0
    for index in own {
      let range = ranges[index]
      let word = lowered(text[range])
      output += text[position..<range.lowerBound]
      let seed = try part((index == family ? "family " : "given ") + word)
      if range.count == 1 {
        output.append(UInt8(ascii: "A") + UInt8(seed % 26))
      } else {
        let name = index == family ? SurrogateNames.family(seed) : SurrogateNames.given(seed)
        output += cased(name, like: text[range])
      }
      position = range.upperBound
    }
    return output + text[position...]
  }

  private static func isName(_ text: [UInt8]) -> Bool {
    let own = words(text).filter { !kept.contains($0) && $0.utf8.count > 1 }
    return own.contains { SurrogateNames.isFamily($0) }
      && own.allSatisfy { SurrogateNames.isFamily($0) || SurrogateNames.isGiven($0) }
  }

  private static func wordRanges(_ text: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    appendRuns(of: text.span, where: { Bytes.isLetter($0) }, to: &ranges)
    // A possessive is no word of the name.
    return ranges.filter { range in
      !(range.count == 1 && text[range.lowerBound] | 0x20 == UInt8(ascii: "s") && range.lowerBound > 0
        && text[range.lowerBound - 1] == UInt8(ascii: "'"))
    }
  }

  private static func words(_ text: [UInt8]) -> [String] { wordRanges(text).map { lowered(text[$0]) } }

  private static func lowered(_ word: ArraySlice<UInt8>) -> String {
    String(decoding: word, as: UTF8.self).lowercased()
  }

  private static func cased(_ name: String, like word: ArraySlice<UInt8>) -> [UInt8] {
    if word.allSatisfy({ !Bytes.isLower($0) }), word.count > 1 { return Array(name.uppercased().utf8) }
    return Array((word.first.map(Bytes.isLower) == true ? name.lowercased() : name).utf8)
  }

  // MARK: Numbers

  /// 900 to 999 is no area of the SSA, and 89 and 93 no group of the IRS's taxpayer numbers.
  private static func ssn(_ source: inout Source) -> [UInt8] {
    let group: [UInt8] = source.next() % 2 == 0 ? [8, 9] : [9, 3]
    return [9] + source.digits(2) + group + source.digits(4)
  }

  /// Numbers 555-0100 to 555-0199 are for fiction (ATIS-0300115).
  private static func phone(_ text: [UInt8], _ source: inout Source) -> [UInt8]? {
    let count = text.filter(Bytes.isDigit).count
    let end: [UInt8] = [5, 5, 5, 0, 1] + source.digits(2)
    let area = [2 + UInt8(source.next() % 8), UInt8(source.next() % 9), UInt8(source.next() % 10)]
    switch count {
    case 7: return digits(text, like: end)
    case 10: return digits(text, like: area + end)
    case 11 where text.first(where: Bytes.isDigit) == 0x31: return digits(text, like: [1] + area + end)
    default: return nil
    }
  }

  /// The blocks for documentation: RFC 5737 and RFC 3849.
  private static func ip(_ text: [UInt8], _ source: inout Source) -> [UInt8] {
    if text.contains(UInt8(ascii: ":")) {
      let groups = [source.next() & 0xFFFF, source.next() & 0xFFFF].map { String($0, radix: 16) }
      return Array("2001:db8::\(groups[0]):\(groups[1])".utf8)
    }
    let net = ["192.0.2", "198.51.100", "203.0.113"][Int(source.next() % 3)]
    return Array("\(net).\(1 + source.next() % 254)".utf8)
  }

  /// The text with other digits; nil where it has more.
  private static func digits(_ text: [UInt8], like digits: [UInt8]) -> [UInt8]? {
    guard text.count(where: Bytes.isDigit) <= digits.count else { return nil }
    var next = digits.makeIterator()
    return text.map { Bytes.isDigit($0) ? 0x30 + (next.next() ?? 0) : $0 }
  }

  private static func sameFormat(_ text: [UInt8], _ source: inout Source) -> [UInt8] {
    text.map { byte in
      if Bytes.isDigit(byte) { return 0x30 + UInt8(source.next() % 10) }
      guard Bytes.isLetter(byte) else { return byte }
      return (byte & 0x20) | 0x40 | (1 + UInt8(source.next() % 26))
    }
  }

  /// Numbers from a fingerprint (SplitMix64): whoever lacks the key can't tell them, or the value from them.
  struct Source {
    private var state: UInt64
    private let salt: UInt64

    init(_ print: Fingerprint) { (state, salt) = (print.high, print.low) }

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state ^ salt
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }

    mutating func digits(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(next() % 10) } }

    mutating func code(_ count: Int) -> String {
      let letters = Array("0123456789bcdfghjkmnpqrstvwxyz")
      return String((0..<count).map { _ in letters[Int(next() % 30)] })
    }
  }
}
