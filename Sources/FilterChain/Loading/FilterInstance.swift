internal import FilterABI
internal import JSONTree
internal import PipelineModel
internal import Synchronization

/// One configuration of a filter, alive from creation to deinit. Shared between threads.
@safe final class FilterInstance: @unchecked Sendable {
  // Unchecked: the pointers are the plugin's, which is thread-safe by contract.
  let plugin: LoadedPlugin
  let stage: Stage
  /// The stage's kind and filter, e.g. `detect/phi`.
  let name: String
  let identity: PluginIdentity
  let counters = FilterCounters()
  private let filter: UnsafePointer<sluice_filter>
  let pointer: UnsafeMutableRawPointer?

  /// - Parameter mayBlock: whether this kind of stage has threads of its own.
  init(
    _ stage: Stage, plugin: LoadedPlugin, filter: UnsafePointer<sluice_filter>?, host: HostTable,
    mayBlock: Bool
  ) throws(PluginError) {
    guard let filter = unsafe filter else {
      throw PluginError(
        .notAPlugin, "the plugin \(plugin.id) has a '\(stage.kind.rawValue)' table without a filter")
    }
    if unsafe filter.pointee.flags & SLUICE_FILTER_BLOCKS != 0, !mayBlock {
      throw PluginError(
        .unsupported,
        "the filter \(stage.kind.rawValue): \(stage.filter) may block, and this build has threads for blocking sinks alone"
      )
    }
    self.plugin = plugin
    self.stage = stage
    unsafe self.filter = filter
    name = "\(stage.kind.rawValue)/\(stage.filter)"
    let configuration = stage.configuration.canonical
    identity = PluginIdentity(
      id: plugin.id, version: plugin.version, abi: plugin.abi, stage: name, digest: plugin.digest,
      configurationDigest: Digest.sha256(configuration).hexadecimal)
    let detail = ErrorDetail()
    var made: UnsafeMutableRawPointer?
    let status = unsafe configuration.withUnsafeBufferPointer { bytes in
      unsafe detail.call { error in
        unsafe filter.pointee.create?(filter, host.pointer, sluice_bytes(bytes), &made, error)
          ?? SLUICE_ERROR_UNSUPPORTED
      }
    }
    guard status == SLUICE_OK else {
      throw PluginError(.configuration, detail.lastMessage, pointer: detail.lastPointer)
    }
    unsafe pointer = made
  }

  deinit { unsafe filter.pointee.destroy?(filter, pointer) }

  func failure(_ code: String, _ message: String) -> StageFailure {
    counters.failures.add(1, ordering: .relaxed)
    return StageFailure(name, code, message)
  }

  /// The failure that a status stands for.
  func failure(_ status: sluice_status, _ detail: ErrorDetail) -> StageFailure {
    let code =
      switch status {
      case SLUICE_ERROR_INPUT: "input"
      case SLUICE_ERROR_LIMIT: "limit"
      case SLUICE_ERROR_UNAVAILABLE: "unavailable"
      case SLUICE_ERROR_UNSUPPORTED: "unsupported"
      case SLUICE_ERROR_DENIED: "broken-rule"
      default: "filter-failed"
      }
    return failure(
      code, status > 0 ? "The filter answered with a status that has no meaning here." : detail.lastMessage)
  }
}

/// Which filter handled an exchange, exactly: as each decision's record names it.
public struct PluginIdentity: Sendable, Hashable {
  public let id: String
  public let version: String
  public let abi: String
  /// The stage's kind and filter, e.g. `detect/phi`.
  public let stage: String
  /// SHA-256 of the library's file, in hexadecimal.
  public let digest: String
  /// SHA-256 of the configuration's canonical JSON, in hexadecimal.
  public let configurationDigest: String
}
