internal import FilterChain
internal import Synchronization

/// What the gateway counts about itself. Numbers alone: nothing of an exchange ever becomes a label, but
/// the names of pipelines, stages and error codes, which are ours.
///
/// Counters are added to from any thread and read when somebody scrapes; order between them means nothing.
public final class GatewayMetrics: Sendable {
  let clientConnections = Atomic<Int>(0)
  let exchangesInFlight = Atomic<Int>(0)
  let exchangesHeld = Atomic<Int>(0)
  let exchanges = Atomic<Int>(0)
  let findingsMasked = Atomic<Int>(0)
  let requestBytes = Atomic<Int>(0)
  let responseBytes = Atomic<Int>(0)
  /// Exchanges that went on as somebody had broken the glass.
  let brokenGlass = Atomic<Int>(0)
  let refusedAuthentications = Atomic<Int>(0)
  /// 1 where the newest policy could not be put in force.
  let policyBehind = Atomic<Int>(0)
  /// Builds of plugins that were replaced, and that something in flight still holds.
  let oldBuilds = Atomic<Int>(0)
  /// New builds of plugins that were taken up.
  let takenUp = Atomic<Int>(0)
  /// 1 where a plugin's new build could not be taken up.
  let pluginBehind = Atomic<Int>(0)
  private let refusals = Mutex<[String: Int]>([:])
  /// By the shadow stage and what came of it: `differs` or `failed`.
  private let shadows = Mutex<[String: [String: Int]]>([:])
  /// Time that an exchange spent in the gateway itself before its request went upstream, in microseconds.
  let addedLatency = Histogram(bounds: [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200])

  public init() {}

  /// Counts an exchange that was refused, by the error's code.
  func count(refused error: GatewayError) {
    refusals.withLock { $0[error.code, default: 0] += 1 }
  }

  /// Counts what shadow stages would have changed, and where they failed; those that agree cost nothing.
  func count(shadows reports: [ShadowReport]) {
    for report in reports where report.differs || report.failure != nil {
      shadows.withLock {
        $0[report.stage, default: [:]][report.failure == nil ? "differs" : "failed", default: 0] += 1
      }
    }
  }

  var shadowCounts: [(stage: String, outcome: String, count: Int)] {
    shadows.withLock { stages in
      stages.flatMap { stage, counts in
        counts.map { (stage: stage, outcome: $0.key, count: $0.value) }
      }
    }.sorted { ($0.stage, $0.outcome) < ($1.stage, $1.outcome) }
  }

  /// The refusals so far, by code.
  var refusalCounts: [(code: String, count: Int)] {
    refusals.withLock { $0.map { (code: $0.key, count: $0.value) } }.sorted { $0.code < $1.code }
  }
}

/// A cumulative histogram as Prometheus has it.
final class Histogram: Sendable {
  let bounds: [Int]
  private let counts: [Counter]
  private let sum = Atomic<Int>(0)

  /// An atomic that an array can hold.
  private final class Counter: Sendable { let value = Atomic<Int>(0) }

  init(bounds: [Int]) {
    self.bounds = bounds
    counts = (0...bounds.count).map { _ in Counter() }
  }

  func record(_ value: Int) {
    let index = bounds.firstIndex { value <= $0 } ?? bounds.count
    counts[index].value.add(1, ordering: .relaxed)
    sum.add(value, ordering: .relaxed)
  }

  var snapshot: (counts: [Int], sum: Int) {
    (counts.map { $0.value.load(ordering: .relaxed) }, sum.load(ordering: .relaxed))
  }
}
