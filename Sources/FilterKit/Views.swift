internal import FilterABI

/// Views of what the host lends to a filter. They are borrowed for the call that received them and can't be
/// copied or kept; what a filter wants to keep it copies out.

/// Which way a text travels.
public enum Direction: UInt32, Sendable {
  case request = 0
  case response = 1
}

/// Whose words a segment holds (exchange.h). A role that this SDK does not know is ``unknown``.
public enum Role: UInt32, Sendable {
  case unknown, system, developer, user, assistant, tool, toolName, toolArguments, schema, metadata, key
}

/// One request or response, while a session is opened.
@safe public struct ExchangeView: ~Copyable {
  let raw: UnsafePointer<sluice_exchange>

  public var direction: Direction { unsafe Direction(rawValue: raw.pointee.direction) ?? .request }

  /// Lends the exchange's id.
  public func withID<R>(_ body: (Span<UInt8>) -> R) -> R { unsafe raw.pointee.id.withSpan(body) }

  /// Lends the id of the session: the principal's run of exchanges on this pipeline.
  public func withSession<R>(_ body: (Span<UInt8>) -> R) -> R { unsafe raw.pointee.session.withSpan(body) }

  /// Lends the attributes, one after another: name and value, e.g. `model` and `gpt-5`.
  public func forEachAttribute(_ body: (Span<UInt8>, Span<UInt8>) -> Void) {
    unsafe raw.pointee.attributes.forEach(as: sluice_attribute.self) { attribute in
      unsafe attribute.pointee.name.withSpan { name in
        unsafe attribute.pointee.value.withSpan { value in body(name, value) }
      }
    }
  }

  /// Lends the principal's subject; empty where nobody is known.
  public func withSubject<R>(_ body: (Span<UInt8>) -> R) -> R {
    guard let principal = unsafe raw.pointee.principal else {
      return unsafe sluice_bytes.literal("").withSpan(body)
    }
    return unsafe principal.pointee.subject.withSpan(body)
  }

  /// Lends the principal's groups, one after another.
  public func forEachGroup(_ body: (Span<UInt8>) -> Void) {
    guard let principal = unsafe raw.pointee.principal else { return }
    unsafe principal.pointee.groups.forEach(as: sluice_bytes.self) { group in
      unsafe group.pointee.withSpan(body)
    }
  }
}

/// One text value inside a payload: where it stands, not the text itself.
@safe public struct SegmentView: ~Copyable {
  let raw: UnsafePointer<sluice_segment>

  /// Unique within the session.
  public var id: UInt64 { unsafe raw.pointee.id }
  public var direction: Direction { unsafe Direction(rawValue: raw.pointee.direction) ?? .request }
  public var role: Role { unsafe Role(rawValue: raw.pointee.role) ?? .unknown }
  /// Whether the text arrives in pieces.
  public var isStreamed: Bool { unsafe raw.pointee.flags & SLUICE_SEGMENT_STREAMED != 0 }

  /// Lends the JSON Pointer (RFC 6901).
  public func withPointer<R>(_ body: (Span<UInt8>) -> R) -> R { unsafe raw.pointee.pointer.withSpan(body) }
  /// Lends the name of the object member that holds the value.
  public func withName<R>(_ body: (Span<UInt8>) -> R) -> R { unsafe raw.pointee.name.withSpan(body) }
}

/// One finding of a ``FindingList``.
public struct Finding: Sendable {
  /// Offsets in bytes of the segment's whole text.
  public let start, end: UInt64
  public let kind: Kind
  /// 0 to 10000.
  public let confidence: UInt32
}

/// The findings inside a text, sorted by start.
@safe public struct FindingList: ~Copyable {
  let raw: sluice_array

  public var count: Int { unsafe Int(clamping: raw.count) }

  /// The finding at `index`, or nil where there is none or its kind is malformed.
  public subscript(index: Int) -> Finding? {
    guard index >= 0, index < count, let element = unsafe raw.element(index, as: sluice_finding.self) else {
      return nil
    }
    let kind = unsafe element.pointee.kind.withSpan { Kind($0) }
    guard let kind else { return nil }
    return unsafe Finding(
      start: element.pointee.start, end: element.pointee.end, kind: kind,
      confidence: element.pointee.confidence)
  }
}

extension sluice_array {
  /// Element `index`, by the stride that the host gave; nil where the array is empty.
  func element<T>(_ index: Int, as type: T.Type) -> UnsafePointer<T>? {
    guard let first = unsafe first else { return nil }
    return unsafe (first + index * Int(clamping: stride)).assumingMemoryBound(to: type)
  }

  func forEach<T>(as type: T.Type, _ body: (UnsafePointer<T>) -> Void) {
    for index in unsafe 0..<Int(clamping: count) {
      guard let element = unsafe element(index, as: type) else { return }
      unsafe body(element)
    }
  }
}
