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
  /// Who tells people what is held, in the pipeline's order.
  public let notifiers: [NotifyInstance]
  let fingerprints: Fingerprinter
  let owed: OwedAnswers
  /// What people sent before, as this chain's scores are told.
  let history: SentHistory
  private let isRehearsal: Bool
  /// Whether any filter looks at it: else nothing is kept.
  var notesHistory: Bool { isRehearsal || history.isWanted }
  let cache: FindingCache?
  let spare = SpareScratches()
  /// Each with what tells it from the others in the pipeline.
  private let all: [(stage: String, filter: FilterInstance)]

  /// Makes every stage's filter from its configuration: all of them or none. May block.
  /// - Parameter rehearsal: whose requests these are that nobody makes; nil: they are people's own.
  public init(
    _ pipeline: Pipeline, library: PluginLibrary, rehearsal: Rehearsed? = nil
  ) throws(ChainError) {
    var made = Made(pipeline: pipeline.name)
    for stage in pipeline.stages {
      do throws(PluginError) { try made.add(stage, library) } catch {
        throw ChainError(stage: stage, error: error)
      }
    }
    authenticators = made.authenticators
    steps = made.steps
    shadows = made.shadows
    sinks = made.sinks
    notifiers = made.notifiers
    all = made.all
    detectors = made.steps.compactMap { if case .detect(let detector) = $0 { detector } else { nil } }
    masks = made.steps.compactMap { if case .mask(let mask) = $0 { mask } else { nil } }
    fingerprints = library.host.fingerprints
    owed = library.host.owed
    history = rehearsal?.history ?? library.host.history
    isRehearsal = rehearsal != nil
    cache = library.cache
  }

  /// Which plugins these are, exactly, in the pipeline's order.
  public var plugins: [PluginIdentity] { all.map(\.filter.identity) }

  /// What each filter has done so far, in the pipeline's order.
  public var accounts: [FilterAccount] { all.map { $0.filter.account($0.stage) } }

  /// The processes that its filters run in, one or more times each.
  public var processes: [PluginProcess] { all.compactMap(\.filter.process) }

  /// The fingerprint of a finding's bytes as they are, within its kind.
  /// - Parameter base: the offset of the text's first byte.
  func fingerprint(_ finding: inout FindingReport, in text: Span<UInt8>, base: Int) {
    guard !finding.hasFingerprint else { return }
    let value = text.extracting(finding.start - base..<finding.end - base)
    finding.fingerprint = finding.kind.withBytes { fingerprints.compute($0, value) }
    finding.hasFingerprint = true
  }
}

/// What was sent in a rehearsal: its chains share it, and it is nothing that anybody has sent.
public struct Rehearsed: Sendable {
  let history = SentHistory()
  public init() {}
}

/// A chain in the making.
private struct Made {
  var authenticators: [AuthenticateInstance] = []
  var steps: [Chain.Step] = []
  var shadows: [Chain.Step] = []
  var sinks: [SinkInstance] = []
  var notifiers: [NotifyInstance] = []
  var all: [(stage: String, filter: FilterInstance)] = []
  let pipeline: String

  init(pipeline: String) { self.pipeline = pipeline }

  private mutating func place(_ step: Chain.Step, of stage: Stage) {
    if stage.isShadow { shadows.append(step) } else { steps.append(step) }
  }

  mutating func add(_ stage: Stage, _ library: PluginLibrary) throws(PluginError) {
    let filter = "\(stage.isShadow ? "shadow/" : "")\(stage.kind.rawValue)/\(stage.filter)"
    let earlier = all.count { $0.filter.name == filter }
    let name = earlier == 0 ? filter : "\(filter)#\(earlier + 1)"
    let counters = library.host.accounts.counters(pipeline: pipeline, stage: name)
    let plugin = try library.plugin(for: stage)
    let host = library.host
    switch stage.kind {
    case .authenticate:
      let made = try AuthenticateInstance(stage, plugin, host, counters)
      authenticators.append(made)
      all.append((name, made.filter))
    case .guard:
      let made = try GuardInstance(stage, plugin, host, counters)
      place(.guard(made), of: stage)
      all.append((name, made.filter))
    case .detect:
      let made = try DetectInstance(stage, plugin, host, counters)
      place(.detect(made), of: stage)
      all.append((name, made.filter))
    case .mask:
      let made = try MaskInstance(stage, plugin, host, counters)
      place(.mask(made), of: stage)
      all.append((name, made.filter))
    case .score:
      let made = try ScoreInstance(stage, plugin, host, counters)
      place(.score(made), of: stage)
      all.append((name, made.filter))
    case .gate:
      let made = try GateInstance(stage, plugin, host, counters)
      place(.gate(made), of: stage)
      all.append((name, made.filter))
    case .notify:
      let made = try NotifyInstance(stage, plugin, host, counters)
      notifiers.append(made)
      all.append((name, made.filter))
    case .sink:
      let made = try SinkInstance(stage, plugin, host, counters)
      sinks.append(made)
      all.append((name, made.filter))
    }
  }
}

/// Why a pipeline's filters can't be made: which stage, and what is wrong.
public struct ChainError: Error, Sendable, CustomStringConvertible {
  public let stage: Stage
  public let error: PluginError
  public var description: String { "\(stage.kind.rawValue): \(stage.filter): \(error.message)" }
}
