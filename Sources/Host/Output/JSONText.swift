internal import JSONTree

extension JSONValue {
  /// An object from pairs.
  static func fields(_ fields: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(fields.map { (name: $0.key, value: $0.value) })
  }

  static func integer(_ value: some BinaryInteger) -> JSONValue { .number(Double(value)) }
  static func texts(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

  var line: String { String(decoding: canonical, as: UTF8.self) }
}
