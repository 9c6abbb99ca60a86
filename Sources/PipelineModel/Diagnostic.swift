/// A place in a file. Lines and columns count from 1; columns are in characters.
public struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
  public let file: String
  public let line: Int
  public let column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  public var description: String { "\(file):\(line):\(column)" }
}

/// Something wrong with a pipeline file: what, where, what was expected, and the nearest valid name.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
  /// A stable word for programs, e.g. `unknown-key`.
  public let code: String
  public let position: SourcePosition
  public let message: String
  /// What would have been right.
  public let expected: String?
  /// The nearest valid name.
  public let suggestion: String?

  public init(
    _ code: String, at position: SourcePosition, _ message: String, expected: String? = nil,
    suggestion: String? = nil
  ) {
    self.code = code
    self.position = position
    self.message = message
    self.expected = expected
    self.suggestion = suggestion
  }

  public var description: String {
    var text = "\(position): error: \(message)"
    if let expected { text += "; expected \(expected)" }
    if let suggestion { text += "; did you mean '\(suggestion)'?" }
    return text + " [\(code)]"
  }
}

/// The nearest of several names, by the fewest insertions, removals and replacements.
public func nearestName(to name: String, among candidates: [String]) -> String? {
  let best = candidates.map { ($0, editDistance(name, $0)) }.min { $0.1 < $1.1 }
  guard let best, best.1 <= max(2, name.count / 2) else { return nil }
  return best.0
}

private func editDistance(_ one: String, _ other: String) -> Int {
  let one = Array(one.lowercased().unicodeScalars.prefix(64))
  let other = Array(other.lowercased().unicodeScalars.prefix(64))
  var row = Array(0...other.count)
  for (index, scalar) in one.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    for column in other.indices {
      let replaced = diagonal + (scalar == other[column] ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
    }
  }
  return row[other.count]
}
