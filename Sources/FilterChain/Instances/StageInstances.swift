internal import FilterABI
internal import PipelineModel

/// A `mask` filter of one pipeline.
@safe struct MaskInstance: @unchecked Sendable {  // as DetectInstance
  let filter: FilterInstance
  let table: sluice_mask

  init(
    _ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable, _ counters: FilterCounters
  ) throws(PluginError) {
    let found = unsafe try plugin.filter(stage, sluice_mask.self)
    unsafe table = unsafe found.stage
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, table: found, host: host, counters: counters)
  }
}

/// A `guard` filter of one pipeline.
@safe struct GuardInstance: @unchecked Sendable {  // as DetectInstance
  let filter: FilterInstance
  let table: sluice_guard
  /// Whether it is given the texts.
  let wantsText: Bool

  init(
    _ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable, _ counters: FilterCounters
  ) throws(PluginError) {
    let found = unsafe try plugin.filter(stage, sluice_guard.self)
    unsafe table = unsafe found.stage
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, table: found, host: host, counters: counters)
    wantsText = unsafe (table.wants?(filter.pointer) ?? 0) & SLUICE_REVIEW_TEXT != 0
  }
}

/// A `score` filter of one pipeline.
@safe struct ScoreInstance: @unchecked Sendable {  // as DetectInstance
  let filter: FilterInstance
  let table: sluice_score
  /// Whether it is given the texts.
  let wantsText: Bool

  init(
    _ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable, _ counters: FilterCounters
  ) throws(PluginError) {
    let found = unsafe try plugin.filter(stage, sluice_score.self)
    unsafe table = unsafe found.stage
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, table: found, host: host, counters: counters)
    wantsText = unsafe (table.wants?(filter.pointer) ?? 0) & SLUICE_REVIEW_TEXT != 0
  }
}

/// A `gate` filter of one pipeline.
@safe struct GateInstance: @unchecked Sendable {  // as DetectInstance
  let filter: FilterInstance
  let table: sluice_gate

  init(
    _ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable, _ counters: FilterCounters
  ) throws(PluginError) {
    let found = unsafe try plugin.filter(stage, sluice_gate.self)
    unsafe table = unsafe found.stage
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, table: found, host: host, counters: counters)
  }
}

/// An `authenticate` filter of one pipeline.
@safe struct AuthenticateInstance: @unchecked Sendable {  // as DetectInstance
  let filter: FilterInstance
  let table: sluice_authenticate

  init(
    _ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable, _ counters: FilterCounters
  ) throws(PluginError) {
    let found = unsafe try plugin.filter(stage, sluice_authenticate.self)
    unsafe table = unsafe found.stage
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, table: found, host: host, counters: counters)
  }
}
