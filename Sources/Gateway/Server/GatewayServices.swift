public import Control
public import Evidence
internal import FilterChain
public import NIOPosix
internal import PipelineModel
internal import Synchronization

/// What all exchanges of a gateway share. Each part is safe to use from any thread.
public final class GatewayServices: Sendable {
  private let generations: PolicyGenerations
  public let log: EvidenceLog
  public let store: Store
  public let approvals: ApprovalWatch
  public let sessions: SessionTable
  public let metrics: GatewayMetrics
  /// Threads for what blocks: the store, and texts too large to scan on an event loop.
  public let blocking: NIOThreadPool
  /// Where originals are kept; empty where no pipeline keeps any.
  public let originals: SealedStore
  /// Logging in; nil: nothing answers there.
  public let local: (any LocalService)?
  let refusals = RefusalBudget()
  private let draining = Atomic(false)
  private let storeState = Atomic(KeyDirectory.StoreState.available.rawValue)

  public init(
    routes: Routes, log: EvidenceLog, store: Store, approvals: ApprovalWatch, sessions: SessionTable,
    metrics: GatewayMetrics, blocking: NIOThreadPool, originals: SealedStore,
    local: (any LocalService)? = nil
  ) {
    self.local = local
    generations = PolicyGenerations(routes)
    self.log = log
    self.store = store
    self.approvals = approvals
    self.sessions = sessions
    self.metrics = metrics
    self.blocking = blocking
    self.originals = originals
  }

  /// The policy in force. Event loops have their own copy of it; see ``GatewayServer/adopt(_:)``.
  public var routes: Routes { generations.current }
  var hasOldPipelines: Bool { generations.oldPipelines > 0 }
  func replaceRoutes(_ routes: Routes) { generations.replace(routes) }

  /// Says whether the newest policy could not be put in force here.
  public func policyIsBehind(_ isBehind: Bool) {
    metrics.policyBehind.store(isBehind ? 1 : 0, ordering: .relaxed)
  }

  /// Says how it stands with the store.
  public func storeIs(_ state: KeyDirectory.StoreState) {
    storeState.store(state.rawValue, ordering: .relaxed)
  }

  /// Whether the store can't be read now: then nobody waits for it.
  var isStoreAway: Bool { storeState.load(ordering: .relaxed) != KeyDirectory.StoreState.available.rawValue }

  /// Whether the store could not be read for longer than what is known may go on.
  var isStoreLost: Bool { storeState.load(ordering: .relaxed) == KeyDirectory.StoreState.lost.rawValue }

  /// Says how the plugins in use compare with their files.
  /// - Parameters:
  ///   - isBehind: a new build could not be taken up; nil: as before.
  ///   - oldBuilds: that were replaced and are still in use.
  ///   - tookUp: whether a new build was taken up just now.
  public func plugins(isBehind: Bool? = nil, oldBuilds: Int, tookUp: Bool = false) {
    if let isBehind { metrics.pluginBehind.store(isBehind ? 1 : 0, ordering: .relaxed) }
    metrics.oldBuilds.store(oldBuilds, ordering: .relaxed)
    if tookUp { metrics.takenUp.add(1, ordering: .relaxed) }
  }

  /// Whether no new exchange is taken any more.
  public var isDraining: Bool { draining.load(ordering: .relaxed) }
  public func beginDraining() { draining.store(true, ordering: .relaxed) }

  /// Why traffic must not be sent here now; nil: it may.
  func whyNotReady() -> String? {
    if isDraining { return "draining" }
    if isStoreLost { return "store: it can't be read for too long" }
    let status = log.status
    if let failure = status.failure { return "evidence: \(failure.message)" }
    if let failure = originals.failure { return "originals: \(failure.message)" }
    return nil
  }

  /// All figures in Prometheus' text format.
  func metricsText() -> [UInt8] {
    var text = PrometheusText()
    text.single(
      "sluice_client_connections", .gauge, "Connections of clients.",
      metrics.clientConnections.load(ordering: .relaxed))
    text.single(
      "sluice_exchanges_in_flight", .gauge, "Exchanges that have begun and not ended.",
      metrics.exchangesInFlight.load(ordering: .relaxed))
    text.single(
      "sluice_exchanges_held", .gauge, "Exchanges that wait for people.",
      metrics.exchangesHeld.load(ordering: .relaxed))
    text.single(
      "sluice_exchanges_total", .counter, "Exchanges that have begun.",
      metrics.exchanges.load(ordering: .relaxed))
    text.single(
      "sluice_findings_masked_total", .counter, "Findings that a mask has answered.",
      metrics.findingsMasked.load(ordering: .relaxed))
    text.single(
      "sluice_request_bytes_total", .counter, "Bytes of request bodies.",
      metrics.requestBytes.load(ordering: .relaxed))
    text.single(
      "sluice_response_bytes_total", .counter, "Bytes of response bodies from upstreams.",
      metrics.responseBytes.load(ordering: .relaxed))
    text.single(
      "sluice_authentications_refused_total", .counter, "Requests from nobody known.",
      metrics.refusedAuthentications.load(ordering: .relaxed))
    text.single(
      "sluice_break_glass_exchanges_total", .counter,
      "Requests that went on as their requester had broken the glass.",
      metrics.brokenGlass.load(ordering: .relaxed))
    text.family(
      "sluice_shadow_total", .counter, "Bodies about which a shadow stage differs, or could say nothing.")
    for (stage, outcome, count) in metrics.shadowCounts {
      text.sample("sluice_shadow_total", [("stage", stage), ("outcome", outcome)], count)
    }
    text.family("sluice_refused_total", .counter, "Exchanges that were refused, by why.")
    for (code, count) in metrics.refusalCounts {
      text.sample("sluice_refused_total", [("code", code)], count)
    }
    text.single(
      "sluice_policy_version", .gauge, "The version of the policy in force.",
      Int(clamping: routes.pipelines.first?.policy.version ?? 0))
    text.single(
      "sluice_policy_behind", .gauge, "1 where the newest policy could not be put in force.",
      metrics.policyBehind.load(ordering: .relaxed))
    text.single(
      "sluice_store_state", .gauge,
      "0 where the store can be used, 1 where it can't be read now, 2 where that lasts for too long.",
      storeState.load(ordering: .relaxed))
    text.single(
      "sluice_policy_old_pipelines", .gauge,
      "Pipelines of earlier policies that exchanges in flight, or connections upstream, still hold.",
      generations.oldPipelines)
    text.histogram(
      "sluice_added_latency_microseconds", "Time from a whole request to its way upstream, holds excluded.",
      metrics.addedLatency)
    let status = log.status
    text.single("sluice_evidence_records", .gauge, "Records in the log.", Int(clamping: status.size))
    text.single(
      "sluice_evidence_durable_records", .gauge, "Records on stable storage.",
      Int(clamping: status.durableSize))
    text.single(
      "sluice_evidence_queue_bytes", .gauge, "Bytes of records that wait for the disk.", status.queueBytes)
    text.single(
      "sluice_evidence_failed", .gauge, "1 where the log takes no more records.",
      status.failure == nil ? 0 : 1)
    text.single(
      "sluice_sealed_bytes", .gauge, "Bytes that sealed originals take on disk.", originals.usedBytes)
    text.family("sluice_sink_lag_records", .gauge, "Records that a sink has not acknowledged.")
    for sink in status.sinks {
      text.sample("sluice_sink_lag_records", [("sink", sink.name)], Int(clamping: sink.lag))
    }
    text.family(
      "sluice_sink_failing", .gauge, "1 where a sink's last try failed, 2 where it has refused for good.")
    for sink in status.sinks {
      text.sample("sluice_sink_failing", [("sink", sink.name)], sink.isDown ? 2 : sink.failure == nil ? 0 : 1)
    }
    FilterMetrics(routes).write(to: &text)
    text.single(
      "sluice_plugin_taken_up_total", .counter, "How often new builds of plugins were taken up.",
      metrics.takenUp.load(ordering: .relaxed))
    text.single(
      "sluice_plugin_behind", .gauge, "1 where a plugin's new build could not be taken up.",
      metrics.pluginBehind.load(ordering: .relaxed))
    text.single(
      "sluice_plugin_old_builds", .gauge, "Replaced builds of plugins that something in flight still holds.",
      metrics.oldBuilds.load(ordering: .relaxed))
    return text.bytes
  }
}
