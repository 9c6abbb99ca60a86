internal import FilterABI
internal import JSONTree
internal import PipelineModel
internal import Synchronization

/// One configuration of a filter, alive from creation to deinit. Shared between threads.
@safe final class FilterInstance: @unchecked Sendable {
  // Unchecked: the pointers are the plugin's, which is thread-safe by contract.
  let stage: Stage
  /// The stage's kind and filter, e.g. `detect/phi`; of a shadow `shadow/detect/phi`.
  let name: String
  let identity: PluginIdentity
  let counters = FilterCounters()
  /// Tells this instance from every other of this process.
  let serial: UInt64
  let pointer: UnsafeMutableRawPointer?
  private let plugin: LoadedPlugin
  private let filter: sluice_filter
  private let raw: UnsafePointer<sluice_filter>

  private static let serials = Atomic<UInt64>(0)

  /// - Parameter mayBlock: whether this kind of stage has threads of its own.
  init<T: StageTable>(
    _ stage: Stage, plugin: LoadedPlugin, table: FilterTable<T>, host: HostTable, mayBlock: Bool = false
  ) throws(PluginError) {
    name = "\(stage.isShadow ? "shadow/" : "")\(stage.kind.rawValue)/\(stage.filter)"
    if unsafe table.filter.flags & SLUICE_FILTER_BLOCKS != 0, !mayBlock {
      throw PluginError(
        .unsupported,
        "the filter \(name) says that it may block, and this build keeps threads for blocking sinks alone. "
          + "Use a filter that does not block")
    }
    self.stage = stage
    self.plugin = plugin
    unsafe filter = unsafe table.filter
    unsafe raw = unsafe table.raw
    serial = Self.serials.add(1, ordering: .relaxed).newValue
    let configuration = stage.configuration.canonical
    identity = PluginIdentity(
      id: plugin.id, version: plugin.version, abi: plugin.abi, stage: name, digest: plugin.digest,
      configurationDigest: Digest.sha256(configuration).hexadecimal)
    let detail = ErrorDetail()
    var made: UnsafeMutableRawPointer?
    let status = plugin.control.withLock { _ in
      unsafe configuration.withUnsafeBufferPointer { bytes in
        unsafe detail.call { error in
          unsafe table.filter.create?(table.raw, host.pointer, sluice_bytes(bytes), &made, error)
            ?? SLUICE_ERROR_UNSUPPORTED
        }
      }
    }
    guard status == SLUICE_OK else {
      throw PluginError(
        status == SLUICE_ERROR_CONFIGURATION ? .configuration : .failed, detail.lastMessage,
        pointer: detail.lastPointer)
    }
    unsafe pointer = made
  }

  deinit {
    plugin.control.withLock { _ in unsafe filter.destroy?(raw, pointer) }
  }

  /// A failure of this filter's, counted.
  func failure(_ code: String, _ message: String) -> StageFailure {
    counters.failures.add(1, ordering: .relaxed)
    return StageFailure(name, code, message)
  }

  /// The failure that a status other than OK stands for, counted. One that this host does not know is the filter's
  /// fault.
  func failure(_ status: sluice_status, _ detail: ErrorDetail) -> StageFailure {
    switch status {
    case SLUICE_ERROR_INPUT: failure("input", detail.lastMessage)
    case SLUICE_ERROR_LIMIT: failure("limit", detail.lastMessage)
    case SLUICE_ERROR_UNAVAILABLE: failure("unavailable", detail.lastMessage)
    case SLUICE_ERROR_UNSUPPORTED: failure("unsupported", detail.lastMessage)
    case SLUICE_ERROR_DENIED: failure("broken-rule", detail.lastMessage)
    case SLUICE_PENDING: failure("pending", "The filter answers later, and this build does not wait for it.")
    case 1...: failure("filter-failed", "The filter answered with a status that has no meaning here.")
    default: failure("filter-failed", detail.lastMessage)
    }
  }
}

/// Which filter handled an exchange, exactly: as each decision's record names it.
public struct PluginIdentity: Sendable, Hashable {
  public let id: String
  public let version: String
  /// The ABI's revision that it was built with, e.g. `1.0`.
  public let abi: String
  /// The stage's kind and filter, e.g. `detect/phi`.
  public let stage: String
  /// SHA-256 of the library's file, in hexadecimal.
  public let digest: String
  /// SHA-256 of the configuration's canonical JSON, in hexadecimal.
  public let configurationDigest: String
}
