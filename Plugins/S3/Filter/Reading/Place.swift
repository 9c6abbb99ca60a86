internal import FilterKit
internal import JSONTree

/// A place as people write it at the command line: `s3://BUCKET/PREFIX?region=eu-central-1&endpoint=https://store`.
///
/// What follows the question mark are options of the pipeline file, those that say where the store is and which key
/// opens it. Left out, the region and the endpoint are those of `AWS_REGION` and `AWS_ENDPOINT_URL`, as AWS's own
/// programs have them.
enum Place {
  private static let options = [
    "region", "endpoint", "addressing", "ca", "credentials", "access-key-id", "secret-access-key", "timeout",
  ]
  private static let variables = [("region", "AWS_REGION"), ("endpoint", "AWS_ENDPOINT_URL")]

  static func configuration(
    _ location: String, variable: (String) -> String? = CredentialStore.environment
  ) throws(FilterError) -> JSONValue {
    func fail(_ message: String) -> FilterError { FilterError(.input, message) }
    guard location.hasPrefix("s3://") else { throw fail("Say s3://BUCKET/PREFIX.") }
    let parts = location.dropFirst(5).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard !parts[0].contains("@") else {
      throw fail("A key does not belong into an address: see `credentials`.")
    }
    var members: [(name: String, value: JSONValue)] = [("bucket", .string(String(path[0])))]
    if path.count > 1, !path[1].isEmpty { members.append(("prefix", .string(try decoded(path[1])))) }
    for option in parts.dropFirst().first?.split(separator: "&") ?? [] {
      let pair = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(pair[0])
      guard pair.count == 2, options.contains(name), !members.contains(where: { $0.name == name }) else {
        throw fail("After the question mark come, each once: \(options.joined(separator: ", ")).")
      }
      members.append((name, .string(try decoded(pair[1]))))
    }
    for (name, word) in variables where !members.contains(where: { $0.name == name }) {
      if let value = variable(word), !value.isEmpty { members.append((name, .string(value))) }
    }
    return .object(members)
  }

  private static func decoded(_ text: Substring) throws(FilterError) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else {
        throw FilterError(.input, "After a % in an address come two hexadecimal digits.")
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FilterError(.input, "The address is no UTF-8.")
    }
    return text
  }
}
