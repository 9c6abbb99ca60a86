extension Diagnostic {
  private static let window = 100
  /// After these, whatever stands in a file is not repeated on a terminal.
  private static let secretWords = ["credential", "secret", "token", "passw", "api-key", "api_key", "apikey"]

  /// The description, and below it the line that it speaks of with a caret under the place.
  ///
  /// What looks like a secret is cut from the line: a credential that was written into a pipeline by mistake
  /// should not end in a build log as well.
  /// - Parameter source: the file's bytes.
  public func rendered(source: [UInt8]) -> String {
    guard let line = Self.line(position.line, of: source) else { return description }
    var shownLine = visible(line)
    let wasCut = shownLine.count < line.count
    let caret = min(position.column - 1, line.count)
    let start = shownLine.count > Self.window ? max(0, caret - Self.window / 2) : 0
    let isLong = shownLine.count > start + Self.window
    shownLine = shownLine.dropFirst(start).prefix(Self.window)
    var text = ""
    for scalar in shownLine { text += scalar == "\t" ? " " : printable(String(Character(scalar))) }
    let number = String(position.line)
    let margin = String(repeating: " ", count: number.count)
    return """
      \(description)
       \(number) | \(start > 0 ? "..." : "")\(text)\(wasCut || isLong ? "..." : "")
       \(margin) | \(String(repeating: " ", count: caret - start + (start > 0 ? 3 : 0)))^
      """
  }

  private func visible(_ line: [Unicode.Scalar]) -> ArraySlice<Unicode.Scalar> {
    let column = min(position.column - 1, line.count)
    var end = line.count
    switch shown {
    case .line: break
    case .key: end = line[column...].firstIndex(of: ":").map { $0 + 1 } ?? column
    case .before: end = column
    }
    let folded = line.map(\.lowercasedASCII)
    for word in Self.secretWords {
      let word = Array(word.unicodeScalars)
      guard folded.count >= word.count else { continue }
      for start in 0...(folded.count - word.count)
      where folded[start..<start + word.count].elementsEqual(word) {
        if let colon = line[start...].firstIndex(of: ":") { end = min(end, colon + 1) }
      }
    }
    return line[..<end]
  }

  /// A line of the file without its break; nil where it has fewer lines.
  private static func line(_ number: Int, of source: [UInt8]) -> [Unicode.Scalar]? {
    var current = 1
    var line: [Unicode.Scalar] = []
    var previous: Unicode.Scalar?
    for scalar in String(decoding: source, as: UTF8.self).unicodeScalars {
      defer { previous = scalar }
      if scalar == "\u{FEFF}", previous == nil { continue }
      switch scalar {
      case "\n" where previous == "\r": continue
      // The line breaks of YAML 1.1, by which libyaml counts.
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        if current == number { return line }
        current += 1
      default: if current == number { line.append(scalar) }
      }
    }
    return current == number ? line : nil
  }
}

extension Unicode.Scalar {
  var lowercasedASCII: Unicode.Scalar {
    value >= 0x41 && value <= 0x5A ? Unicode.Scalar(UInt8(value) | 0x20) : self
  }
}
