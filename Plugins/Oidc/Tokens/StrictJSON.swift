package import JSONTree

/// Objects in which every reader sees the same: valid UTF-8, and no member that stands twice at any depth (RFC 7515, 4;
/// RFC 8725, 2.4).
package enum StrictJSON {
  package enum Failure: Error { case malformed, duplicateMember }

  package static func object(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil, StrictLexemes.areKept(in: bytes),
      let value = try? JSONReader.read(bytes),
      value.members != nil
    else { throw .malformed }
    try check(value)
    return value
  }

  private static func check(_ value: JSONValue) throws(Failure) {
    switch value {
    case .null, .bool, .string: return
    case .number(let number): guard number.isFinite else { throw .malformed }
    case .array(let elements): for element in elements { try check(element) }
    case .object(let members):
      var names: Set<String> = []
      for member in members {
        guard names.insert(member.name).inserted else { throw .duplicateMember }
        try check(member.value)
      }
    }
  }
}

extension String {
  /// Whether both are the same bytes: Swift's `==` takes two spellings of a letter for one.
  package func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
