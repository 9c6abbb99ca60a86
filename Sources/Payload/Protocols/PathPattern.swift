/// Which paths an endpoint has: segments of which each is a word, or a word with one `*` in it for a name or an id.
/// `**` as the last segment stands for any number of names and ids.
public struct PathPattern: Sendable {
  private enum Segment: Sendable {
    case word([UInt8])
    case name(before: [UInt8], behind: [UInt8])
  }

  private var segments: [Segment] = []
  private var takesMore = false
  /// How many segments a path may have that ends in `**`.
  private static let maximumSegments = 16

  /// Nil where the pattern is none.
  public init?(_ text: String) {
    guard text.hasPrefix("/") else { return nil }
    let words = text.split(separator: "/")
    for (index, word) in words.enumerated() {
      if word == "**" {
        guard index == words.count - 1 else { return nil }
        takesMore = true
        continue
      }
      let parts = word.split(separator: "*", omittingEmptySubsequences: false)
      guard parts.count <= 2, let first = parts.first else { return nil }
      segments.append(
        parts.count == 1
          ? .word(Array(first.utf8)) : .name(before: Array(first.utf8), behind: Array(parts[1].utf8)))
    }
  }

  func matches(_ path: Substring) -> Bool {
    let found = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
    guard found.count == segments.count || (takesMore && found.count > segments.count) else { return false }
    guard found.count <= max(Self.maximumSegments, segments.count) else { return false }
    for (index, bytes) in found.enumerated() {
      guard index < segments.count else {
        if Self.isName(Array(bytes)) { continue }
        return false
      }
      switch segments[index] {
      case .word(let word): guard bytes.elementsEqual(word) else { return false }
      case .name(let before, let behind):
        guard bytes.starts(with: before), bytes.count > before.count + behind.count,
          bytes.suffix(behind.count).elementsEqual(behind)
        else { return false }
        let name = Array(bytes.dropFirst(before.count).dropLast(behind.count))
        guard Self.isName(name) || Self.isName(Array(bytes)) else { return false }
      }
    }
    return true
  }

  /// A path is not scanned, so what stands in it must be no value of a person's.
  private static func isName(_ bytes: [UInt8]) -> Bool {
    PlainWords.isName(bytes.span) || PlainWords.isUUID(bytes.span) || PlainWords.isPrefixedID(bytes.span)
  }

  /// What of a path that matches is no word of the pattern's, but the client's own.
  public func names(in path: Substring) -> [Substring] {
    let found = path.split(separator: "/", omittingEmptySubsequences: true)
    return found.indices.filter { index in
      guard index < segments.count else { return true }
      if case .word = segments[index] { return false }
      return true
    }.map { found[$0] }
  }
}

/// Which parameters a request's query may have: what is not named is refused, as nothing scans it.
public struct QueryRules: Sendable {
  /// What a parameter's value may be.
  public enum Value: Sendable {
    /// A word or an id, in which nothing is found.
    case token
    /// The name of a version.
    case version
    case oneOf([String])
    /// One of these, and it must be there.
    case must([String])
  }

  private let parameters: [String: Value]

  public init(_ parameters: [String: Value] = [:]) { self.parameters = parameters }

  /// The names of those that it may have, sorted.
  public var names: [String] { parameters.keys.sorted() }

  /// The parameters of a query that are the client's own words.
  public func words(in query: Substring) -> [(name: Substring, value: Substring)] {
    query.split(separator: "&").compactMap { parameter in
      let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first else { return nil }
      // A name that no rule names is the client's own word, too.
      if let rule = parameters[String(name)] {
        guard case .token = rule else { return nil }
      }
      return (name, parts.count > 1 ? parts[1] : "")
    }
  }

  /// Whether a query (without its question mark) is one that may pass.
  public func allows(_ query: Substring) -> Bool {
    var seen: Set<Substring> = []
    for parameter in query.isEmpty ? [] : query.split(separator: "&", omittingEmptySubsequences: false) {
      let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first, seen.insert(name).inserted,
        let rule = parameters[String(name)] ?? parameters["*"],
        PlainWords.isToken(Array(name.utf8).span)
      else { return false }
      let value = parts.count > 1 ? parts[1] : ""
      switch rule {
      case .oneOf(let values), .must(let values): guard values.contains(String(value)) else { return false }
      case .token, .version: guard PlainWords.isName(Array(value.utf8).span) else { return false }
      }
    }
    return parameters.allSatisfy { name, value in
      if case .must = value { return seen.contains(Substring(name)) }
      return true
    }
  }
}
