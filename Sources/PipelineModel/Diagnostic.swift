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
///
/// Its texts never hold a control character, whatever the file holds.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
  /// A stable word for programs, e.g. `unknown-key`.
  public let code: String
  public let position: SourcePosition
  public let message: String
  /// What would have been right.
  public let expected: String?
  /// The nearest valid name.
  public let suggestion: String?
  /// How much of the line may be shown.
  let shown: Shown

  /// How much of a diagnostic's line an excerpt may show.
  package enum Shown: Sendable, Hashable {
    case line
    /// Up to the colon after the position: what follows an unknown key may be anything, a secret too.
    case key
    /// Up to the position: what stands there should not be repeated.
    case before
  }

  public init(
    _ code: String, at position: SourcePosition, _ message: String, expected: String? = nil,
    suggestion: String? = nil
  ) {
    self.init(code, at: position, message, expected: expected, suggestion: suggestion, shown: .line)
  }

  init(
    _ code: String, at position: SourcePosition, _ message: String, expected: String? = nil,
    suggestion: String? = nil, shown: Shown
  ) {
    self.code = code
    self.position = position
    self.message = printable(message, limit: 500)
    self.expected = expected.map { printable($0, limit: 2_000) }
    self.suggestion = suggestion.map { printable($0, limit: 100) }
    self.shown = shown
  }

  public var description: String {
    var text = "\(position): error: \(message)"
    if let expected { text += "; expected \(expected)" }
    if let suggestion { text += "; did you mean '\(suggestion)'?" }
    return text + " [\(code)]"
  }
}
