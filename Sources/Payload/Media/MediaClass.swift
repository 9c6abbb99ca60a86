/// What kind of thing a media type (RFC 6838) says its bytes are, as far as a gateway that reads text must know.
public enum MediaClass: Sendable, Equatable, CaseIterable {
  /// Text that can be read and masked: `text/*`; JSON, XML, YAML, CSV, SQL, JavaScript and their like; every
  /// type with the suffix `+json`, `+xml` or `+yaml` (RFC 6839, RFC 9512), so `image/svg+xml`, too.
  case text
  case image, audio, video, pdf
  /// All others, and what is no media type at all. Nothing is known of it, and it may hold text.
  case other

  /// The class of `type/subtype`, with or without parameters behind it, which are not looked at. Upper case is as
  /// good as lower case (RFC 2045, 5.1). Reads at most 256 bytes: a longer type is ``other``.
  public init(mediaType: Span<UInt8>) {
    var end = 0
    var slash = -1
    while end < mediaType.count, end <= 256 {
      let byte = mediaType[end]
      if byte == UInt8(ascii: ";") || byte == 0x20 || byte == 0x09 { break }
      if byte == UInt8(ascii: "/"), slash < 0 { slash = end }
      end += 1
    }
    guard end <= 256, slash > 0, slash + 1 < end else {
      self = .other
      return
    }
    let type = mediaType.extracting(0..<slash)
    let subtype = mediaType.extracting(slash + 1..<end)
    if Self.hasTextSuffix(subtype) || type.isEqual(ignoringCaseTo: "text") {
      self = .text
    } else if type.isEqual(ignoringCaseTo: "image") {
      self = .image
    } else if type.isEqual(ignoringCaseTo: "audio") {
      self = .audio
    } else if type.isEqual(ignoringCaseTo: "video") {
      self = .video
    } else if type.isEqual(ignoringCaseTo: "application") {
      self = Self.application(subtype)
    } else {
      self = .other
    }
  }

  private static func hasTextSuffix(_ subtype: Span<UInt8>) -> Bool {
    guard let plus = subtype.indices.last(where: { subtype[$0] == UInt8(ascii: "+") }), plus > 0 else {
      return false
    }
    let suffix = subtype.extracting(plus + 1..<subtype.count)
    return suffix.isEqual(ignoringCaseTo: "json") || suffix.isEqual(ignoringCaseTo: "xml")
      || suffix.isEqual(ignoringCaseTo: "yaml")
  }

  private static func application(_ subtype: Span<UInt8>) -> MediaClass {
    if subtype.isEqual(ignoringCaseTo: "pdf") { return .pdf }
    return textSubtypes.contains { subtype.isEqual(ignoringCaseTo: $0) } ? .text : .other
  }

  /// What stands behind `application/` where it is text.
  private static let textSubtypes: [StaticString] = [
    "json", "x-json", "jsonl", "x-jsonl", "x-ndjson", "json-lines", "json5", "xml", "xml-dtd", "yaml",
    "x-yaml", "javascript", "x-javascript", "ecmascript", "typescript", "x-typescript", "csv", "sql", "x-sql",
    "toml", "graphql", "x-sh", "x-python", "x-www-form-urlencoded", "hl7-v2",
  ]
}

extension Span where Element == UInt8 {
  /// Whether the bytes are the literal's but for ASCII case. The literal is in lower case.
  func isEqual(ignoringCaseTo literal: StaticString) -> Bool {
    guard literal.utf8CodeUnitCount == count else { return false }
    return literal.withUTF8Buffer { buffer in
      for index in indices {
        let byte = self[index]
        let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        guard unsafe buffer[index] == lower else { return false }
      }
      return true
    }
  }
}
