internal import FilterABI
internal import JSONTree
internal import PipelineModel
internal import PluginHost
internal import Synchronization

/// One configuration of a filter, alive from creation to deinit. Shared between threads.
@safe final class FilterInstance: @unchecked Sendable {
  // Unchecked: the pointers are the plugin's, which is thread-safe by contract.
  let stage: Stage
  /// The stage's kind and filter, e.g. `detect/phi`; of a shadow `shadow/detect/phi`.
  let name: String
  let identity: PluginIdentity
  let counters: FilterCounters
  let health = FilterHealth()
  /// Nanoseconds that a call may take.
  private let budget: Int
  /// Tells this instance from every other of this process.
  let serial: UInt64
  let pointer: UnsafeMutableRawPointer?
  private let plugin: LoadedPlugin
  private let filter: sluice_filter
  private let raw: UnsafePointer<sluice_filter>

  private static let serials = Atomic<UInt64>(0)

  /// - Parameter mayBlock: whether this kind of stage has threads of its own.
  init<T: StageTable>(
    _ stage: Stage, plugin: LoadedPlugin, table: FilterTable<T>, host: HostTable,
    counters: FilterCounters, mayBlock: Bool = false
  ) throws(PluginError) {
    self.counters = counters
    budget = (stage.budget ?? plugin.callTime) * 1_000_000
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
    let status = plugin.withControl {
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
    if plugin.isIsolated, let milliseconds = stage.budget, let made = unsafe made {
      unsafe sluice_isolation_budget(made, UInt32(clamping: milliseconds))
    }
  }

  deinit {
    // The last user may be an event loop, or hold a lock: what a plugin does at its end is nobody's to wait for.
    let ending = unsafe Ending(filter: filter, raw: raw, pointer: pointer)
    plugin.end { ending.run() }
  }

  @safe private struct Ending: @unchecked Sendable {  // as the instance
    let filter: sluice_filter
    let raw: UnsafePointer<sluice_filter>
    let pointer: UnsafeMutableRawPointer?

    func run() { unsafe filter.destroy?(raw, pointer) }
  }

  /// Begins a stage's work on one payload.
  /// - Throws: where the filter is left alone for a while, as its last calls took too long.
  func begin() throws(StageFailure) -> FilterWork {
    let work = FilterWork()
    guard health.admits(at: work.began) else {
      throw failure(
        "suspended", "The filter's last calls took longer than its budget; it is tried again soon.")
    }
    return work
  }

  /// A call has ended; how, does not matter.
  /// - Throws: where it took longer than the stage's budget.
  @inline(__always)
  func judge(_ work: inout FilterWork) throws(StageFailure) {
    let now = MonotonicClock.now()
    let took = now - work.last
    work.last = now
    if took > budget { throw overrun(took, at: now) }
    health.wasInTime()
  }

  private func overrun(_ took: Int, at now: Int) -> StageFailure {
    counters.addOverrun()
    health.overran(at: now, mayPause: !plugin.isIsolated)
    return failure(
      "over-budget",
      "A call took \(took / 1_000_000) ms, and the stage's budget is \(budget / 1_000_000) ms."
        + (plugin.isIsolated ? " Its process was ended and is started again." : ""))
  }

  /// How it is, and what it has done.
  /// - Parameter stage: as ``FilterAccount/stage``.
  func account(_ stage: String) -> FilterAccount {
    FilterAccount(
      stage: stage, totals: counters.totals,
      isUnhealthy: health.isUnhealthy || (plugin.isIsolated && plugin.process == 0),
      isIsolated: plugin.isIsolated)
  }

  /// The process that it runs in; nil: this one.
  var process: PluginProcess? { plugin.isolatedProcess }

  /// A failure of this filter's, counted.
  func failure(_ code: String, _ message: String) -> StageFailure {
    counters.addFailure()
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
