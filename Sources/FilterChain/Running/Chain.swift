internal import FilterABI
public import PipelineModel

/// One pipeline's filters, as instances in its order. Immutable; shared by all threads.
public final class Chain: Sendable {
  /// What runs on texts, in the pipeline's order.
  enum Step: Sendable {
    case `guard`(GuardInstance)
    case detect(DetectInstance)
    case mask(MaskInstance)
    case score(ScoreInstance)
    case gate(GateInstance)
  }

  let authenticators: [AuthenticateInstance]
  let steps: [Step]
  /// Where the evidence goes, in the pipeline's order.
  public let sinks: [SinkInstance]
  let fingerprints: Fingerprinter
  private let all: [FilterInstance]

  /// Every stage's filter, made from its configuration: all of them or none.
  public init(_ pipeline: Pipeline, library: PluginLibrary) throws(ChainError) {
    var authenticators: [AuthenticateInstance] = []
    var steps: [Step] = []
    var sinks: [SinkInstance] = []
    var all: [FilterInstance] = []
    for stage in pipeline.stages {
      do throws(PluginError) {
        let plugin = try library.plugin(for: stage)
        let host = library.hostTable
        switch stage.kind {
        case .authenticate:
          let made = try AuthenticateInstance(stage, plugin, host)
          authenticators.append(made)
          all.append(made.filter)
        case .guard:
          let made = try GuardInstance(stage, plugin, host)
          steps.append(.guard(made))
          all.append(made.filter)
        case .detect:
          let made = try DetectInstance(stage, plugin, host)
          steps.append(.detect(made))
          all.append(made.filter)
        case .mask:
          let made = try MaskInstance(stage, plugin, host)
          steps.append(.mask(made))
          all.append(made.filter)
        case .score:
          let made = try ScoreInstance(stage, plugin, host)
          steps.append(.score(made))
          all.append(made.filter)
        case .gate:
          let made = try GateInstance(stage, plugin, host)
          steps.append(.gate(made))
          all.append(made.filter)
        case .sink:
          let made = try SinkInstance(stage, plugin, host)
          sinks.append(made)
          all.append(made.filter)
        }
      } catch {
        throw ChainError(stage: stage, error: error)
      }
    }
    self.authenticators = authenticators
    self.steps = steps
    self.sinks = sinks
    self.all = all
    fingerprints = library.hostTable.fingerprints
  }

  /// Which plugins these are, exactly, in the pipeline's order.
  public var plugins: [PluginIdentity] { all.map(\.identity) }

  /// What each filter has done so far.
  public var counters: [(stage: String, counters: FilterCounters)] { all.map { ($0.name, $0.counters) } }

  var detectors: [DetectInstance] {
    steps.compactMap { if case .detect(let detector) = $0 { detector } else { nil } }
  }

  var masks: [MaskInstance] {
    steps.compactMap { if case .mask(let mask) = $0 { mask } else { nil } }
  }
}

/// Why a pipeline's filters can't be made: which stage, and what is wrong.
public struct ChainError: Error, Sendable {
  public let stage: Stage
  public let error: PluginError
}

/// A `detect` filter.
@safe struct DetectInstance: Sendable {
  let filter: FilterInstance
  nonisolated(unsafe) let table: UnsafePointer<sluice_detect>
  let maximumHold: Int

  init(_ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable) throws(PluginError) {
    unsafe table = try plugin.table(stage, sluice_detect.self)
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, filter: table.pointee.filter, host: host, mayBlock: false)
    maximumHold = unsafe min(Int(clamping: table.pointee.maximum_hold?(filter.pointer) ?? 0), 65_536)
  }
}

/// A `mask` filter.
@safe struct MaskInstance: Sendable {
  let filter: FilterInstance
  nonisolated(unsafe) let table: UnsafePointer<sluice_mask>

  init(_ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable) throws(PluginError) {
    unsafe table = try plugin.table(stage, sluice_mask.self)
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, filter: table.pointee.filter, host: host, mayBlock: false)
  }
}

/// A `guard` filter.
@safe struct GuardInstance: Sendable {
  let filter: FilterInstance
  nonisolated(unsafe) let table: UnsafePointer<sluice_guard>
  let wantsText: Bool

  init(_ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable) throws(PluginError) {
    unsafe table = try plugin.table(stage, sluice_guard.self)
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, filter: table.pointee.filter, host: host, mayBlock: false)
    wantsText = unsafe (table.pointee.wants?(filter.pointer) ?? 0) & SLUICE_REVIEW_TEXT != 0
  }
}

/// A `score` filter.
@safe struct ScoreInstance: Sendable {
  let filter: FilterInstance
  nonisolated(unsafe) let table: UnsafePointer<sluice_score>
  let wantsText: Bool

  init(_ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable) throws(PluginError) {
    unsafe table = try plugin.table(stage, sluice_score.self)
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, filter: table.pointee.filter, host: host, mayBlock: false)
    wantsText = unsafe (table.pointee.wants?(filter.pointer) ?? 0) & SLUICE_REVIEW_TEXT != 0
  }
}

/// A `gate` filter.
@safe struct GateInstance: Sendable {
  let filter: FilterInstance
  nonisolated(unsafe) let table: UnsafePointer<sluice_gate>

  init(_ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable) throws(PluginError) {
    unsafe table = try plugin.table(stage, sluice_gate.self)
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, filter: table.pointee.filter, host: host, mayBlock: false)
  }
}

/// An `authenticate` filter.
@safe struct AuthenticateInstance: Sendable {
  let filter: FilterInstance
  nonisolated(unsafe) let table: UnsafePointer<sluice_authenticate>

  init(_ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable) throws(PluginError) {
    unsafe table = try plugin.table(stage, sluice_authenticate.self)
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, filter: table.pointee.filter, host: host, mayBlock: false)
  }
}
