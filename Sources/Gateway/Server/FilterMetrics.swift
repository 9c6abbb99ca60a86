internal import FilterChain
internal import PipelineModel

/// What the filters of the policy in force have done, as metrics. `sluice plugin top` reads them back.
struct FilterMetrics {
  private typealias Labels = [(name: String, value: String)]

  private let filters: [(labels: Labels, account: FilterAccount)]
  private let processes: [PluginProcess]

  init(_ routes: Routes) {
    filters = routes.pipelines.flatMap { runtime in
      runtime.chain.accounts.map { ([("pipeline", runtime.pipeline.name), ("filter", $0.stage)], $0) }
    }
    // One process serves several stages.
    var seen: Set<ObjectIdentifier> = []
    processes = routes.pipelines.flatMap(\.chain.processes).filter { seen.insert($0.key).inserted }
  }

  func write(to text: inout PrometheusText) {
    counter("sluice_filter_calls_total", "Calls of a filter.", \.totals.calls, &text)
    counter("sluice_filter_bytes_total", "Bytes given to a filter.", \.totals.bytes, &text)
    counter("sluice_filter_findings_total", "Findings of a filter.", \.totals.findings, &text)
    counter(
      "sluice_filter_holds_total", "Pieces after which a detector held text back; requests that a gate held.",
      \.totals.holds, &text)
    counter(
      "sluice_filter_remembered_total", "Texts whose findings were remembered, so that no filter was asked.",
      \.totals.remembered, &text)
    counter("sluice_filter_failures_total", "Calls that a filter failed.", \.totals.failures, &text)
    counter(
      "sluice_filter_overruns_total", "Calls that took longer than the stage's budget.", \.totals.overruns,
      &text)
    text.family("sluice_filter_seconds_total", .counter, "Time spent in a filter's stage.")
    for (labels, account) in filters {
      text.seconds("sluice_filter_seconds_total", labels, nanoseconds: account.totals.nanoseconds)
    }
    text.family(
      "sluice_filter_unhealthy", .gauge,
      "1 where a filter's last call took longer than its budget, or its process is not there.")
    for (labels, account) in filters {
      text.sample("sluice_filter_unhealthy", labels, account.isUnhealthy ? 1 : 0)
    }
    writeProcesses(to: &text)
  }

  private func counter(
    _ name: String, _ help: String, _ value: KeyPath<FilterAccount, Int>, _ text: inout PrometheusText
  ) {
    text.family(name, .counter, help)
    for (labels, account) in filters { text.sample(name, labels, account[keyPath: value]) }
  }

  private func writeProcesses(to text: inout PrometheusText) {
    let plugins = Dictionary(grouping: processes, by: \.plugin).sorted { $0.key < $1.key }
    text.family("sluice_plugin_processes", .gauge, "Processes of an isolated plugin that run now.")
    for (plugin, all) in plugins {
      text.sample("sluice_plugin_processes", [("plugin", plugin)], all.count { $0.process > 0 })
    }
    text.family(
      "sluice_plugin_restarts_total", .counter, "How often an isolated plugin's processes were started again."
    )
    for (plugin, all) in plugins {
      text.sample(
        "sluice_plugin_restarts_total", [("plugin", plugin)],
        Int(clamping: all.reduce(0) { $0 + $1.restarts }))
    }
    text.family("sluice_plugin_resident_bytes", .gauge, "Memory of an isolated plugin's processes.")
    for (plugin, all) in plugins {
      text.sample(
        "sluice_plugin_resident_bytes", [("plugin", plugin)],
        Int(clamping: all.reduce(0) { $0 + $1.residentBytes }))
    }
  }
}
