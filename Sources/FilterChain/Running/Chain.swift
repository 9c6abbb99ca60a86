internal import FilterABI
public import PipelineModel

/// One pipeline's filters, as instances in its order. Immutable; shared by all threads. Its instances end with it.
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
  /// Those that run beside the pipeline, in its order.
  let shadows: [Step]
  let detectors: [DetectInstance]
  let masks: [MaskInstance]
  /// Where the evidence goes, in the pipeline's order.
  public let sinks: [SinkInstance]
  let fingerprints: Fingerprinter
  let owed: OwedAnswers
  let history: SentHistory
  let cache: FindingCache?
  let spare = SpareScratches()
  private let all: [FilterInstance]

  /// Makes every stage's filter from its configuration: all of them or none. May block.
  public init(_ pipeline: Pipeline, library: PluginLibrary) throws(ChainError) {
    var made = Made()
    for stage in pipeline.stages {
      do throws(PluginError) { try made.add(stage, library) } catch {
        throw ChainError(stage: stage, error: error)
      }
    }
    authenticators = made.authenticators
    steps = made.steps
    shadows = made.shadows
    sinks = made.sinks
    all = made.all
    detectors = made.steps.compactMap { if case .detect(let detector) = $0 { detector } else { nil } }
    masks = made.steps.compactMap { if case .mask(let mask) = $0 { mask } else { nil } }
    fingerprints = library.host.fingerprints
    owed = library.host.owed
    history = library.host.history
    cache = library.cache
  }

  /// Which plugins these are, exactly, in the pipeline's order.
  public var plugins: [PluginIdentity] { all.map(\.identity) }

  /// What each filter has done so far, in the pipeline's order.
  public var counters: [(stage: String, counters: FilterCounters)] { all.map { ($0.name, $0.counters) } }

  /// The fingerprint of a finding's bytes as they are, within its kind.
  /// - Parameter base: the offset of the text's first byte.
  func fingerprint(_ finding: inout FindingReport, in text: Span<UInt8>, base: Int) {
    guard !finding.hasFingerprint else { return }
    let value = text.extracting(finding.start - base..<finding.end - base)
    finding.fingerprint = finding.kind.withBytes { fingerprints.compute($0, value) }
    finding.hasFingerprint = true
  }
}

/// A chain in the making.
private struct Made {
  var authenticators: [AuthenticateInstance] = []
  var steps: [Chain.Step] = []
  var shadows: [Chain.Step] = []
  var sinks: [SinkInstance] = []
  var all: [FilterInstance] = []

  private mutating func place(_ step: Chain.Step, of stage: Stage) {
    if stage.isShadow { shadows.append(step) } else { steps.append(step) }
  }

  mutating func add(_ stage: Stage, _ library: PluginLibrary) throws(PluginError) {
    let plugin = try library.plugin(for: stage)
    let host = library.host
    switch stage.kind {
    case .authenticate:
      let made = try AuthenticateInstance(stage, plugin, host)
      authenticators.append(made)
      all.append(made.filter)
    case .guard:
      let made = try GuardInstance(stage, plugin, host)
      place(.guard(made), of: stage)
      all.append(made.filter)
    case .detect:
      let made = try DetectInstance(stage, plugin, host)
      place(.detect(made), of: stage)
      all.append(made.filter)
    case .mask:
      let made = try MaskInstance(stage, plugin, host)
      place(.mask(made), of: stage)
      all.append(made.filter)
    case .score:
      let made = try ScoreInstance(stage, plugin, host)
      place(.score(made), of: stage)
      all.append(made.filter)
    case .gate:
      let made = try GateInstance(stage, plugin, host)
      place(.gate(made), of: stage)
      all.append(made.filter)
    case .sink:
      let made = try SinkInstance(stage, plugin, host)
      sinks.append(made)
      all.append(made.filter)
    }
  }
}

/// Why a pipeline's filters can't be made: which stage, and what is wrong.
public struct ChainError: Error, Sendable, CustomStringConvertible {
  public let stage: Stage
  public let error: PluginError
  public var description: String { "\(stage.kind.rawValue): \(stage.filter): \(error.message)" }
}
