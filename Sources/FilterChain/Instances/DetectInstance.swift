internal import FilterABI
internal import PipelineModel

/// A `detect` filter of one pipeline.
@safe struct DetectInstance: @unchecked Sendable {
  // Unchecked: a table's functions are the plugin's, which is thread-safe by contract.
  let filter: FilterInstance
  let table: sluice_detect
  /// The most bytes of an unfinished text that it holds back.
  let maximumHold: Int

  /// As much as any detector may hold back (detect.h).
  private static let largestHold: UInt64 = 65_536

  init(
    _ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable, _ counters: FilterCounters
  ) throws(PluginError) {
    let found = unsafe try plugin.filter(stage, sluice_detect.self)
    unsafe table = unsafe found.stage
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, table: found, host: host, counters: counters)
    let declared = unsafe table.maximum_hold?(filter.pointer) ?? .max
    guard declared <= Self.largestHold else {
      throw PluginError(
        .unsupported,
        "the filter \(filter.name) wants to hold back \(declared) bytes, and no detector may hold "
          + "back more than \(Self.largestHold)")
    }
    maximumHold = Int(declared)
  }
}
