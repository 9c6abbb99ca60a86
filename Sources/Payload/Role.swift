/// Whose words a text is, as far as the protocol tells. The numbers are those of the filter ABI.
public enum Role: UInt8, Sendable, CaseIterable {
  case unknown, system, developer, user, assistant, tool, toolName, toolArguments, schema, metadata, key

  /// The role that a message's `role` member names.
  init(messageRole name: Span<UInt8>) {
    self = Self.messageRoles.first { name.isEqual(to: $0.name) }?.role ?? .unknown
  }

  private static let messageRoles: [(name: StaticString, role: Role)] = [
    ("system", .system), ("developer", .developer), ("user", .user), ("assistant", .assistant),
    ("tool", .tool),
    ("function", .tool), ("model", .assistant),
  ]
}

extension Span where Element == UInt8 {
  /// Whether the bytes are exactly the literal's.
  func isEqual(to literal: StaticString) -> Bool {
    guard literal.utf8CodeUnitCount == count else { return false }
    return literal.withUTF8Buffer { buffer in
      for index in indices where unsafe buffer[index] != self[index] { return false }
      return true
    }
  }

  func isEqual(to bytes: [UInt8]) -> Bool {
    guard bytes.count == count else { return false }
    for index in indices where bytes[index] != self[index] { return false }
    return true
  }
}
