internal import Foundation
internal import JSONTree

/// What came with a call, by name: a query's parameters or a body's members. Nothing is taken that is not asked for by
/// its name, and a name comes once.
struct Fields: Sendable {
  private let values: [String: JSONValue]

  /// Of a body: one JSON object.
  init(body: [UInt8], _ names: Set<String>) throws(Problem) {
    // JSONReader mends what is no UTF-8; here it is a mistake.
    guard String(validating: body, as: UTF8.self) != nil else { throw .invalid("the body is no UTF-8") }
    let value: JSONValue
    do { value = try JSONReader.read(body) } catch { throw .invalid("the body is no JSON: \(error)") }
    guard let members = value.members else { throw .invalid("the body is no JSON object") }
    try self.init(members, names)
  }

  /// Of a query, as forms are encoded.
  init(query: String, _ names: Set<String>) throws(Problem) {
    var members: [(name: String, value: JSONValue)] = []
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.replacing("+", with: " ").removingPercentEncoding }
      guard let name = parts[0], let value = parts.count > 1 ? parts[1] : "" else {
        throw .invalid("the query is not percent-encoded UTF-8")
      }
      members.append((name, .string(value)))
    }
    try self.init(members, names)
  }

  private init(_ members: [(name: String, value: JSONValue)], _ names: Set<String>) throws(Problem) {
    var values: [String: JSONValue] = [:]
    for (name, value) in members {
      guard names.contains(name) else {
        throw .invalid("a name is unknown here; known are: \(names.sorted().joined(separator: ", "))")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw .invalid("'\(name)' comes more than once")
      }
    }
    self.values = values
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  /// A text of one line, without control characters.
  /// - Parameter maximum: how many Unicode scalars it may have.
  func text(_ name: String, maximum: Int = 500, or other: String? = nil) throws(Problem) -> String {
    guard let value = values[name] else {
      guard let other else { throw .invalid("'\(name)' is missing") }
      return other
    }
    return try Self.text(value, name, maximum, mayBeEmpty: other == "")
  }

  /// A text as it is, line ends included.
  /// - Parameter maximum: how many bytes of UTF-8 it may have.
  func content(_ name: String, maximum: Int) throws(Problem) -> String {
    guard let text = values[name]?.string, text.utf8.count <= maximum else {
      throw .invalid("'\(name)' is missing, or no text of at most \(maximum) bytes")
    }
    return text
  }

  /// An object in it; nil where the name is not there.
  func fields(_ name: String, _ names: Set<String>) throws(Problem) -> Fields? {
    guard let value = values[name] else { return nil }
    guard let members = value.members else { throw .invalid("'\(name)' is an object") }
    return try Fields(members, names)
  }

  func texts(_ name: String, maximum: Int, or other: [String]? = nil) throws(Problem) -> [String] {
    guard let value = values[name] else {
      guard let other else { throw .invalid("'\(name)' is missing") }
      return other
    }
    guard let items = value.array, items.count <= maximum, other != nil || !items.isEmpty else {
      throw .invalid("'\(name)' is a list of at most \(maximum) texts")
    }
    var texts: [String] = []
    for item in items { texts.append(try Self.text(item, name, 64, mayBeEmpty: false)) }
    guard Set(texts).count == texts.count else { throw .invalid("'\(name)' names something twice") }
    return texts
  }

  /// A whole number; in a query, its digits.
  func integer(_ name: String, _ range: ClosedRange<Int>, or other: Int? = nil) throws(Problem) -> Int {
    guard let value = values[name] else {
      guard let other else { throw .invalid("'\(name)' is missing") }
      return other
    }
    let number = value.integer ?? value.string.flatMap { Self.digits($0) }
    guard let number, range.contains(number) else {
      throw .invalid("'\(name)' is a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func bool(_ name: String) throws(Problem) -> Bool {
    guard let value = values[name], let bool = value.bool else {
      throw .invalid("'\(name)' is missing, or neither true nor false")
    }
    return bool
  }

  /// One of a few words; nil where the name is not there.
  func word(_ name: String, of words: [String]) throws(Problem) -> String? {
    guard let value = values[name] else { return nil }
    guard let word = value.string, words.contains(word) else {
      throw .invalid("'\(name)' is one of: \(words.joined(separator: ", "))")
    }
    return word
  }

  /// A policy's files: objects of `name` and `text`.
  func files(_ name: String, atLeast minimum: Int) throws(Problem) -> [PolicyFile] {
    let items = values[name]?.array ?? (values[name] == nil ? [] : nil)
    guard let items, (minimum...256).contains(items.count) else {
      throw .invalid("'\(name)' is a list of \(minimum) to 256 files")
    }
    var files: [PolicyFile] = []
    for item in items {
      let fields = try Fields(item.members ?? [], ["name", "text"])
      let file = try fields.text("name", maximum: 200)
      guard let text = fields.values["text"]?.string, !text.utf8.contains(0) else {
        throw .invalid("a file's 'text' is missing, or no text")
      }
      guard !files.contains(where: { $0.name == file }) else { throw .invalid("two files have one name") }
      files.append(PolicyFile(name: file, text: text))
    }
    return files
  }

  static func digits(_ text: String) -> Int? {
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  private static func text(
    _ value: JSONValue, _ name: String, _ maximum: Int, mayBeEmpty: Bool
  ) throws(Problem) -> String {
    guard let text = value.string, mayBeEmpty || !text.isEmpty, text.unicodeScalars.count <= maximum,
      text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
    else {
      throw .invalid(
        "'\(name)' is a text of \(mayBeEmpty ? 0 : 1) to \(maximum) characters, without control characters")
    }
    return text
  }
}
