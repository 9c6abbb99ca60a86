internal import Synchronization

/// The counters of all filters of this process, by pipeline and stage: they go on where a policy, or a new build of a
/// plugin, replaces the instances.
final class FilterAccounts: Sendable {
  private let all = Mutex<[Key: FilterCounters]>([:])

  private struct Key: Hashable {
    let pipeline: String
    let stage: String
  }

  /// - Parameter stage: as ``FilterAccount/stage``.
  func counters(pipeline: String, stage: String) -> FilterCounters {
    all.withLock { all in
      let key = Key(pipeline: pipeline, stage: stage)
      if let known = all[key] { return known }
      let made = FilterCounters()
      all[key] = made
      return made
    }
  }
}

/// What one stage's filter has done, and how it is.
public struct FilterAccount: Sendable {
  /// Its kind and filter, e.g. `detect/phi`; the second one of the same in a pipeline is `detect/phi#2`.
  public let stage: String
  public let totals: FilterTotals
  /// Its last call took longer than its budget, or the process that it runs in is not there.
  public let isUnhealthy: Bool
  public let isIsolated: Bool
}

/// The process of an isolated plugin.
public struct PluginProcess: Sendable {
  /// The plugin's id.
  public let plugin: String
  /// 0 while there is none.
  public let process: Int32
  /// How often it was started again.
  public let restarts: UInt64
  /// Bytes of memory that it takes now; 0 where that can't be told.
  public let residentBytes: UInt64
  /// Tells it from the other processes of the same plugin.
  public let key: ObjectIdentifier
}
