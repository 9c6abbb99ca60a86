internal import FilterKit

/// Brings a value into the form in which it is the same value, however it was written.
///
/// A name loses case, titles, punctuation and the order of its parts, so that "Doe, Jane", "JANE DOE" and
/// "Mrs. Jane Doe's" are one person; "Doe" alone is another, as nothing here remembers who else was named.
/// Numbers keep their digits and letters, dates their digits in their order.
enum Normalisation {
  static func append(_ value: Span<UInt8>, kind: Kind, to output: inout [UInt8]) {
    switch kind {
    case names: appendName(value, to: &output)
    case emails, urls: appendLowercased(value, to: &output) { $0 != 0x20 }
    case cities, addresses, fields: appendWords(value, to: &output)
    default:
      appendLowercased(value, to: &output) { byte in
        byte >= 0x80 || (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
      }
      if output.isEmpty { appendLowercased(value, to: &output) { _ in true } }
    }
  }

  private static let names = Kind("NAME")
  private static let emails = Kind("EMAIL")
  private static let urls = Kind("URL")
  private static let cities = Kind("CITY")
  private static let addresses = Kind("ADDRESS")
  private static let fields = Kind("FIELD")
  private static let titles: Set<String> = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "professor", "rev", "sir", "md", "do", "rn", "np", "pa",
    "phd", "jr", "sr", "ii", "iii",
  ]

  private static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

  private static func appendLowercased(
    _ value: Span<UInt8>, to output: inout [UInt8], where isKept: (UInt8) -> Bool
  ) {
    for index in value.indices where isKept(lowercased(value[index])) { output.append(lowercased(value[index])) }
  }

  private static func words(_ value: Span<UInt8>) -> [[UInt8]] {
    var words: [[UInt8]] = [[]]
    for index in value.indices {
      let byte = lowercased(value[index])
      if byte >= 0x80 || (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "'") {
        words[words.count - 1].append(byte)
      } else if !(words.last?.isEmpty ?? true) {
        words.append([])
      }
    }
    return words.filter { !$0.isEmpty }
  }

  private static func appendWords(_ value: Span<UInt8>, to output: inout [UInt8]) {
    output.append(contentsOf: words(value).joined(separator: [0x20]))
  }

  private static func appendName(_ value: Span<UInt8>, to output: inout [UInt8]) {
    var parts = words(value).map { part -> [UInt8] in
      part.suffix(2) == [UInt8(ascii: "'"), UInt8(ascii: "s")] ? Array(part.dropLast(2)) : part.filter { $0 != UInt8(ascii: "'") }
    }
    let plain = parts.filter { !titles.contains(String(decoding: $0, as: UTF8.self)) }
    if !plain.isEmpty { parts = plain }
    // A middle initial comes and goes: "Jane Q. Doe" and "Jane Doe" are one person.
    let long = parts.filter { $0.count > 1 }
    if long.count >= 2 { parts = long }
    parts.sort { $0.lexicographicallyPrecedes($1) }
    output.append(contentsOf: parts.joined(separator: [0x20]))
  }
}
