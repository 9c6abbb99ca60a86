internal import JSONTree

/// A text that would leave the machine, and where a person finds it.
struct HookText {
  /// Whose words they are, as guards tell them apart (exchange.h).
  enum Role: UInt32 { case user = 3, tool = 5, toolArguments = 7, metadata = 9, key = 10 }

  let role: Role
  /// For people; of fixed words, as everything else in an event may be a protected value.
  let place: String
  /// The name of the member that holds it: `ssn` says what a number is.
  var member: [UInt8] = []
  let bytes: [UInt8]

  init(_ role: Role, _ place: String, _ text: String) {
    self.init(role, place, bytes: Array(text.utf8))
  }

  init(_ role: Role, _ place: String, member: String = "", bytes: [UInt8]) {
    self.role = role
    self.place = place
    self.member = Array(member.utf8)
    self.bytes = bytes
  }

  /// All texts of a JSON value: strings, numbers, and the names of members.
  static func all(_ role: Role, _ place: String, in value: JSONValue, member: String = "") -> [HookText] {
    switch value {
    case .null, .bool: []
    case .number: [HookText(role, place, member: member, bytes: value.canonical)]
    case .string(let text): [HookText(role, place, member: member, bytes: Array(text.utf8))]
    case .array(let elements): elements.flatMap { all(role, place, in: $0, member: member) }
    case .object(let members):
      members.flatMap { name, value in
        [HookText(.key, place, name)] + all(role, place, in: value, member: name)
      }
    }
  }
}

extension JSONValue {
  /// The same value, in the same shape, without texts in which something was found. A tool takes a replacement of
  /// its output in that output's own shape alone.
  func withholding(_ found: Set<[UInt8]>) -> JSONValue {
    switch self {
    case .null, .bool: self
    case .number: found.contains(canonical) ? .number(0) : self
    case .string(let text): found.contains(Array(text.utf8)) ? .string(Self.notice) : self
    case .array(let elements): .array(elements.map { $0.withholding(found) })
    case .object(let members):
      .object(
        members.map { name, value in
          (found.contains(Array(name.utf8)) ? Self.notice : name, value.withholding(found))
        })
    }
  }

  private static let notice = "[withheld by sluice: protected health information]"
}
