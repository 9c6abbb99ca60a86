/// Where a filter runs.
public enum StageIsolation: String, Sendable, CaseIterable {
  /// In the gateway's own process.
  case none
  /// In a process of its own, sandboxed.
  case process
}

/// What an isolated filter may do beyond computing: what follows `allow:`.
public struct StageAllowance: Sendable, Hashable {
  /// Absolute paths that it may read, with all below them.
  public var read: [String] = []
  /// Absolute paths that it may read, write and make files in.
  public var write: [String] = []
  /// TCP ports that it may connect to.
  public var network: [Int] = []
}

/// Reads `allow:` of a stage.
enum IsolationReader {
  private static let most = 32

  static func read(_ stage: inout MappingReader, isolation: StageIsolation?) -> StageAllowance {
    var allowed = StageAllowance()
    guard let node = stage.take("allow") else { return allowed }
    if isolation == StageIsolation.none {
      stage.complain(
        "not-allowed", at: node.position, "'allow' has no meaning for a filter that is not isolated",
        expected: "isolation: process")
    }
    var reader = MappingReader(node, what: "'allow'")
    allowed.read = list("read", &reader, &stage, "an absolute path", path)
    allowed.write = list("write", &reader, &stage, "an absolute path", path)
    allowed.network = list("network", &reader, &stage, "a TCP port from 1 to 65535") { text in
      Int(text).flatMap { (1...65_535).contains($0) && String($0) == text ? $0 : nil }
    }
    reader.finish()
    stage.adopt(reader.diagnostics)
    return allowed
  }

  private static func path(_ text: String) -> String? {
    text.hasPrefix("/") && text.utf8.count < 4096 && !text.utf8.contains(0)
      && !text.split(separator: "/").contains("..") ? text : nil
  }

  private static func list<T>(
    _ key: String, _ reader: inout MappingReader, _ stage: inout MappingReader, _ expected: String,
    _ convert: (String) -> T?
  ) -> [T] {
    guard let node = reader.take(key) else { return [] }
    guard case .sequence(let nodes) = node.content, nodes.count <= most else {
      if case .refused = node.content { return [] }
      stage.complain(
        "wrong-type", at: node.position, "'\(key)' is no list of at most \(most)",
        expected: "a list, each of it \(expected)")
      return []
    }
    var values: [T] = []
    for node in nodes {
      if case .scalar(let text, _) = node.content, let value = convert(text) {
        values.append(value)
      } else {
        stage.complain(
          "not-allowed", at: node.position, "this is not \(expected)", expected: expected)
      }
    }
    return values
  }
}
