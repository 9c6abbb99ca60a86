internal import FilterKit

/// The form in which one person is one name, and two people are two.
///
///     Jane Doe     DOE, JANE     Mrs. Jane Q. Doe's     DOE^JANE^Q     Jane Doe, M.D.     ->  jane doe
///     John Smith Jr.     Smith Jr., John                                                  ->  john smith jr
///
/// Case, accents, titles, credentials, possessives, punctuation and middle initials don't count, and
/// `Last, First` is turned round. Generations do count: a father is not his son. So does the order of words
/// without a comma: James Allen is not Allen James. "Doe" alone is somebody else, as nothing here remembers who
/// was named before.
struct NameForm {
  private var words: [Range<Int>] = []
  /// Where each part between commas, or between HL7's carets, begins in `words`.
  private var parts: [Int] = []

  private static let titles: Set<String> = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "professor", "rev", "sir", "madam",
  ]
  private static let generations: Set<String> = ["jr", "sr", "ii", "iii", "iv", "junior", "senior"]
  private static let credentials: Set<String> = [
    "md", "rn", "np", "phd", "dds", "dmd", "dvm", "lpn", "crna", "pharmd", "mph", "msn", "bsn", "aprn",
    "facp",
    "facs", "esq", "lcsw", "cna",
  ]
  /// Credentials that are names too: only after a comma, and where a whole name stands before it.
  private static let doubtful: Set<String> = ["do", "pa", "ma", "ba", "bs"]

  /// - Parameter name: folded.
  mutating func append(_ name: Span<UInt8>, to output: inout [UInt8]) {
    split(name)
    dropCredentials(name)
    guard !words.isEmpty else { return }

    // The family name comes first where a comma or a caret follows it.
    let family = parts.count > 1 ? parts[1] : 0
    let order = Array(family..<words.count) + Array(0..<family)
    let isGeneration = words.map { Self.generations.contains(Self.text(name, $0)) }
    let full = order.filter { !isGeneration[$0] && words[$0].count > 1 }
    // An initial comes and goes, unless it is half of what is known.
    let kept = full.count >= 2 ? full : order.filter { !isGeneration[$0] }
    let start = output.count
    for index in kept + order.filter({ isGeneration[$0] }) {
      if output.count > start { output.append(0x20) }
      for byte in words[index] where name[byte] != UInt8(ascii: "'") { output.append(name[byte]) }
    }
  }

  /// Finds words and parts. HL7's parts (XPN: family, given, second, suffix, prefix) read as those between commas.
  private mutating func split(_ name: Span<UInt8>) {
    words.removeAll(keepingCapacity: true)
    parts.removeAll(keepingCapacity: true)
    parts.append(0)
    var start: Int?
    for index in 0...name.count {
      let byte = index < name.count ? name[index] : 0x20
      if isCharacter(byte) || byte == UInt8(ascii: "'") {
        if start == nil { start = index }
        continue
      }
      if let first = start { appendWord(name, first..<index) }
      start = nil
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "^") {
        if parts.last != words.count { parts.append(words.count) }
      }
    }
  }

  /// Takes a word in, without its possessive, unless it is a title.
  private mutating func appendWord(_ name: Span<UInt8>, _ range: Range<Int>) {
    var range = range
    while !range.isEmpty, name[range.lowerBound] == UInt8(ascii: "'") {
      range = range.lowerBound + 1..<range.upperBound
    }
    while !range.isEmpty, name[range.upperBound - 1] == UInt8(ascii: "'") {
      range = range.lowerBound..<range.upperBound - 1
    }
    if range.count > 2, name[range.upperBound - 2] == UInt8(ascii: "'"),
      name[range.upperBound - 1] == UInt8(ascii: "s")
    {
      range = range.lowerBound..<range.upperBound - 2
    }
    if range.isEmpty || Self.titles.contains(Self.text(name, range)) { return }
    words.append(range)
  }

  private mutating func dropCredentials(_ name: Span<UInt8>) {
    // Behind a comma whole parts may be credentials and generations, which turn nothing round.
    while parts.count > 1, let first = parts.last {
      let part = words[first...].map { Self.text(name, $0) }
      let isSure = part.allSatisfy { Self.credentials.contains($0) } || Self.isSpelledCredential(part)
      let isLikely = parts.count > 2 || first > 1
      guard
        isSure
          || (isLikely && part.allSatisfy { Self.doubtful.contains($0) || Self.credentials.contains($0) })
      else { break }
      words.removeSubrange(first...)
      parts.removeLast()
    }
    if parts.count == 2, words[parts[1]...].allSatisfy({ Self.generations.contains(Self.text(name, $0)) }) {
      parts.removeLast()
    }
    let last = parts.last ?? 0
    while words.count - last > 1 {
      let tail = words.suffix(2).map { Self.text(name, $0) }
      if let word = tail.last, Self.credentials.contains(word) {
        words.removeLast()
      } else if words.count - last > 2, Self.isSpelledCredential(tail) {
        words.removeLast(2)
      } else {
        break
      }
    }
  }

  /// "M.D." and its like, which come as two words.
  private static func isSpelledCredential(_ words: [String]) -> Bool {
    [["m", "d"], ["d", "o"], ["r", "n"], ["n", "p"], ["ph", "d"], ["pa", "c"]].contains(words)
  }

  private static func text(_ name: Span<UInt8>, _ range: Range<Int>) -> String {
    // Longer words are in none of the lists above, and need no text.
    range.count > 12 ? "" : String(decoding: Array(copying: name.extracting(range)), as: UTF8.self)
  }
}
