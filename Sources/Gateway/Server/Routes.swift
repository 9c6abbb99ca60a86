internal import PipelineModel

/// Which pipeline a request belongs to: by its host, where a pipeline names one, and by its path's prefix.
///
/// Immutable. The longest prefix wins; a pipeline that names the host is preferred to one that names none.
public struct Routes: Sendable {
  private let entries: [PipelineRuntime]

  public init(_ pipelines: [PipelineRuntime]) {
    entries = pipelines.sorted { one, other in
      let hosts = (one.pipeline.host != nil, other.pipeline.host != nil)
      if hosts.0 != hosts.1 { return hosts.0 }
      return one.pipeline.listen.utf8.count > other.pipeline.listen.utf8.count
    }
  }

  /// All pipelines, in no order that means anything.
  public var pipelines: [PipelineRuntime] { entries }

  /// The pipeline, and what is left of the path for its protocol; nil where none listens there.
  func match(path: Substring, host: String?) -> (runtime: PipelineRuntime, path: Substring)? {
    for entry in entries {
      if let wanted = entry.pipeline.host, wanted != host?.lowercased() { continue }
      let prefix = entry.pipeline.listen
      if prefix == "/" { return (entry, path) }
      guard path.hasPrefix(prefix) else { continue }
      let rest = path.dropFirst(prefix.count)
      if rest.isEmpty || rest.utf8.first == UInt8(ascii: "/") { return (entry, rest) }
    }
    return nil
  }
}

/// A request's target in origin form (RFC 9112, 3.2.1), taken apart.
struct RequestTarget {
  let path: Substring
  let query: Substring

  /// Nil where the target is not in origin form, or where its path could be read in two ways: dot segments,
  /// empty segments, percent-encoded slashes, dots or controls, and bytes that no path has.
  init?(_ uri: String) {
    guard uri.utf8.first == UInt8(ascii: "/") else { return nil }
    let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = parts[0]
    query = parts.count > 1 ? parts[1] : ""
    for byte in uri.utf8
    where byte <= 0x20 || byte >= 0x7F || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "\\") {
      return nil
    }
    if path.utf8.contains(UInt8(ascii: "%")) { return nil }
    let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for (index, segment) in segments.enumerated() {
      if segment == "." || segment == ".." || (segment.isEmpty && index != segments.count - 1) { return nil }
    }
  }
}
