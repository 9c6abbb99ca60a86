internal import Payload

/// How a protocol file writes what to do with a value: a word, and for text whose words it is.
///
///     text user        attribute model      channel assistant      token
enum TreatmentWord {
  /// The words that stand alone.
  static let plain: [(word: String, treatment: Treatment)] = [
    ("text", .text(.unknown)), ("token", .token), ("label", .label), ("identity", .identity),
    ("opaque", .opaque), ("seal", .seal), ("role", .role), ("number", .number), ("index", .index),
    ("joined", .joined),
    ("variant", .variant),
    ("finish", .finish), ("media", .media), ("blob", .blob), ("source", .source), ("timestamp", .timestamp),
    ("version", .version),
  ]

  /// The words that a role follows.
  static let withRole: [(word: String, make: @Sendable (Role) -> Treatment)] = [
    ("text", { .text($0) }), ("text-only", { .textOnly($0) }), ("channel", { .channel($0) }),
    ("json-channel", { .jsonChannel($0) }),
  ]

  static let roles: [(word: String, role: Role)] = [
    ("unknown", .unknown), ("system", .system), ("developer", .developer), ("user", .user),
    ("assistant", .assistant), ("tool", .tool), ("tool-name", .toolName),
    ("tool-arguments", .toolArguments), ("schema", .schema), ("metadata", .metadata),
  ]

  static let attributes: [(word: String, attribute: Attribute)] = [
    ("model", .model), ("stream", .stream), ("user", .user), ("session", .session),
  ]

  /// All that can be written, for messages.
  static var all: [String] {
    plain.map(\.word) + withRole.map { "\($0.word) ROLE" } + attributes.map { "attribute \($0.word)" }
      + ["usage input", "usage output", "{ forbidden: WHY }"]
  }

  /// Nil where the text is none of these.
  static func treatment(_ text: String) -> Treatment? {
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first, words.count <= 2 else { return nil }
    guard words.count == 2 else { return plain.first { $0.word == first }?.treatment }
    switch first {
    case "attribute": return attributes.first { $0.word == words[1] }.map { .attribute($0.attribute) }
    case "usage": return words[1] == "input" ? .usage(.input) : words[1] == "output" ? .usage(.output) : nil
    default:
      guard let make = withRole.first(where: { $0.word == first })?.make else { return nil }
      return roles.first { $0.word == words[1] }.map { make($0.role) }
    }
  }
}
