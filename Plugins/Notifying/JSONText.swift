package import JSONTree

extension JSONValue {
  /// An object from pairs.
  package static func fields(_ fields: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(fields.map { (name: $0.key, value: $0.value) })
  }
}
