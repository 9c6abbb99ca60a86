internal import JSONTree

/// What a gateway's filters have done, as its metrics tell it at one moment.
struct FilterFigures {
  struct Filter {
    let pipeline: String
    let name: String
    fileprivate var values: [String: Double] = [:]

    var calls: Double { self["calls_total"] }
    var bytes: Double { self["bytes_total"] }
    var findings: Double { self["findings_total"] }
    var holds: Double { self["holds_total"] }
    var remembered: Double { self["remembered_total"] }
    var failures: Double { self["failures_total"] }
    var overruns: Double { self["overruns_total"] }
    var seconds: Double { self["seconds_total"] }
    var isUnhealthy: Bool { self["unhealthy"] != 0 }

    fileprivate subscript(_ name: String) -> Double { values["sluice_filter_\(name)"] ?? 0 }
  }

  struct Plugin {
    let id: String
    var processes = 0.0
    var restarts = 0.0
    var residentBytes = 0.0
  }

  /// In the gateway's order.
  private(set) var filters: [Filter] = []
  /// Those that run in processes of their own.
  private(set) var plugins: [Plugin] = []
  /// Builds of plugins that something in flight still holds.
  private(set) var oldBuilds = 0.0

  init(_ metrics: MetricsText) {
    for sample in metrics.samples {
      if let pipeline = sample.labels["pipeline"], let name = sample.labels["filter"] {
        if let index = filters.firstIndex(where: { $0.pipeline == pipeline && $0.name == name }) {
          filters[index].values[sample.name] = sample.value
        } else {
          filters.append(Filter(pipeline: pipeline, name: name, values: [sample.name: sample.value]))
        }
      } else if let id = sample.labels["plugin"] {
        let index = plugins.firstIndex { $0.id == id } ?? plugins.count
        if index == plugins.count { plugins.append(Plugin(id: id)) }
        switch sample.name {
        case "sluice_plugin_processes": plugins[index].processes = sample.value
        case "sluice_plugin_restarts_total": plugins[index].restarts = sample.value
        case "sluice_plugin_resident_bytes": plugins[index].residentBytes = sample.value
        default: continue
        }
      } else if sample.name == "sluice_plugin_old_builds" {
        oldBuilds = sample.value
      }
    }
  }

  var json: JSONValue {
    .fields([
      "filters": .array(filters.map(Self.json)),
      "old-builds": .number(oldBuilds),
      "plugins": .array(
        plugins.map { plugin in
          .fields([
            "plugin": .string(plugin.id), "processes": .number(plugin.processes),
            "resident-bytes": .number(plugin.residentBytes), "restarts": .number(plugin.restarts),
          ])
        }),
    ])
  }

  private static func json(_ filter: Filter) -> JSONValue {
    .fields([
      "bytes": .number(filter.bytes), "calls": .number(filter.calls), "failures": .number(filter.failures),
      "filter": .string(filter.name), "findings": .number(filter.findings), "holds": .number(filter.holds),
      "overruns": .number(filter.overruns), "pipeline": .string(filter.pipeline),
      "remembered": .number(filter.remembered), "seconds": .number(filter.seconds),
      "unhealthy": .bool(filter.isUnhealthy),
    ])
  }
}
