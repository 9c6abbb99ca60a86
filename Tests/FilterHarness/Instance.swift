public import FilterABI
public import FilterKit

/// What a filter answered instead of success.
public struct FilterFailure: Error, CustomStringConvertible {
  public let status: sluice_status
  public let message: String
  /// JSON Pointer into the configuration.
  public let pointer: String

  public var description: String { "status \(status) at '\(pointer)': \(message)" }
}

/// Runs a call that reports by status and error object.
public func checked(_ body: (UnsafeMutablePointer<sluice_error>) -> sluice_status) throws(FilterFailure) {
  let message = UnsafeMutablePointer<UInt8>.allocate(capacity: 512)
  let pointer = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
  defer {
    unsafe message.deallocate()
    unsafe pointer.deallocate()
  }
  var error = unsafe sluice_error(
    size: size(sluice_error.self), flags: 0, message: message, message_capacity: 512, message_length: 0,
    pointer: pointer, pointer_capacity: 256, pointer_length: 0)
  let status = unsafe body(&error)
  if status == SLUICE_OK { return }
  let texts = unsafe (
    sluice_bytes(data: message, length: error.message_length).string,
    sluice_bytes(data: pointer, length: error.pointer_length).string
  )
  throw FilterFailure(status: status, message: texts.0, pointer: texts.1)
}

/// A kind of stage, by the id of its extension.
public protocol Stage {
  static var id: String { get }
}

public enum AuthenticateStage: Stage { public static let id = "sluice.authenticate/1" }
public enum GuardStage: Stage { public static let id = "sluice.guard/1" }
public enum DetectStage: Stage { public static let id = "sluice.detect/1" }
public enum MaskStage: Stage { public static let id = "sluice.mask/1" }
public enum ScoreStage: Stage { public static let id = "sluice.score/1" }
public enum GateStage: Stage { public static let id = "sluice.gate/1" }
public enum SinkStage: Stage { public static let id = "sluice.sink/1" }

/// One configuration of a filter, made through the plugin's own tables, as a host makes it.
@safe public final class Instance<S: Stage> {
  let rawTable: UnsafeRawPointer
  let filter: UnsafePointer<sluice_filter>
  let raw: UnsafeMutableRawPointer?
  private let host: TestHost

  /// Of a plugin that is written with FilterKit.
  public convenience init(
    _ plugin: Plugin, _ configuration: String = "{}", host: TestHost = TestHost()
  ) throws(FilterFailure) {
    unsafe try self.init(entry: { unsafe plugin.export(to: $0) }, configuration, host: host)
  }

  /// Of any plugin, by its entry function.
  public init(
    entry: (UnsafePointer<sluice_host>) -> UnsafePointer<sluice_plugin>?, _ configuration: String = "{}",
    host: TestHost = TestHost()
  ) throws(FilterFailure) {
    self.host = host
    let arena = Arena()
    defer { withExtendedLifetime(arena) {} }
    // The tables of all stages begin alike: their size, a reserved word, and what all filters have.
    guard let plugin = unsafe entry(host.pointer),
      let found = unsafe plugin.pointee.get_extension(plugin, arena.bytes(S.id)),
      let filter = unsafe found.assumingMemoryBound(to: sluice_detect.self).pointee.filter
    else { throw FilterFailure(status: SLUICE_ERROR_UNSUPPORTED, message: "no \(S.id)", pointer: "") }
    unsafe rawTable = unsafe found
    unsafe self.filter = unsafe filter
    let json = unsafe arena.bytes(configuration)
    if let validate = unsafe filter.pointee.validate {
      unsafe try checked { unsafe validate(filter, json, $0) }
    }
    var made: UnsafeMutableRawPointer?
    unsafe try checked { unsafe filter.pointee.create(filter, host.pointer, json, &made, $0) }
    unsafe raw = unsafe made
  }

  deinit { unsafe filter.pointee.destroy(filter, raw) }

  public var name: String { unsafe filter.pointee.name.string }
  public var schema: String { unsafe filter.pointee.schema.string }
}

/// A finding as a test writes it.
public struct TestFinding: Equatable, Hashable, Sendable {
  public var range: Range<Int>
  public var kind: String
  public var confidence: UInt32

  public init(_ range: Range<Int>, _ kind: String, confidence: UInt32 = 9000) {
    self.range = range
    self.kind = kind
    self.confidence = confidence
  }

  /// The first place where `value` stands in `text`.
  public init(_ value: String, in text: String, _ kind: String, confidence: UInt32 = 9000) {
    let (whole, part) = (Array(text.utf8), Array(value.utf8))
    let start = whole.indices.first { whole[$0...].starts(with: part) } ?? 0
    self.init(start..<start + part.count, kind, confidence: confidence)
  }
}

extension Arena {
  public func findings(_ findings: [TestFinding]) -> sluice_array {
    unsafe array(
      findings.map { finding in
        unsafe sluice_finding(
          size: size(sluice_finding.self), confidence: finding.confidence,
          start: UInt64(finding.range.lowerBound),
          end: UInt64(finding.range.upperBound), kind: bytes(finding.kind), detector: bytes("test/rule"))
      })
  }

  public func exchange(
    _ direction: UInt32 = SLUICE_DIRECTION_REQUEST, attributes: [(String, String)] = []
  ) -> UnsafePointer<sluice_exchange> {
    let list = unsafe attributes.map { attribute in
      unsafe sluice_attribute(
        size: size(sluice_attribute.self), reserved: 0, name: bytes(attribute.0), value: bytes(attribute.1))
    }
    return unsafe place(
      sluice_exchange(
        size: size(sluice_exchange.self), direction: direction, id: bytes("exc_1"), session: bytes("ses_1"),
        pipeline: bytes("test"), principal: nil, attributes: array(list)))
  }

  public func segment(
    id: UInt64 = 1, role: UInt32 = SLUICE_ROLE_USER, pointer: String = "/messages/0/content",
    name: String = "content",
    direction: UInt32 = SLUICE_DIRECTION_REQUEST, flags: UInt32 = 0
  ) -> UnsafePointer<sluice_segment> {
    unsafe place(
      sluice_segment(
        size: size(sluice_segment.self), direction: direction, role: role, flags: flags, id: id,
        pointer: bytes(pointer), name: bytes(name)))
  }
}
