/// Filters' figures as lines for people: what happened between two moments, or, of one alone, since the gateway began.
struct FilterTable {
  private let now: FilterFigures
  private let before: FilterFigures?
  private let seconds: Double

  /// - Parameter seconds: between `before` and `now`.
  init(_ now: FilterFigures, since before: FilterFigures?, seconds: Double) {
    self.now = now
    self.before = before
    self.seconds = seconds
  }

  private static let heads = [
    "PIPELINE", "FILTER", "CALLS", "BYTES", "µS/CALL", "µS/KIB", "FINDINGS", "HELD", "KNOWN", "FAILED",
    "LATE", "",
  ]

  var lines: [String] {
    var rows = [Self.heads.enumerated().map { (2...3).contains($0) && before != nil ? $1 + "/S" : $1 }]
    rows += now.filters.map(row)
    let widths = Self.heads.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = rows.enumerated().map { number, row in
      let text = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column < 2 || column == Self.heads.count - 1 ? cell + space : space + cell
      }.joined(separator: "  ")
      return number == 0 ? Terminal.bold(text) : text
    }
    if !now.plugins.isEmpty { lines += ["", Terminal.bold("PROCESSES OF ISOLATED PLUGINS")] }
    for plugin in now.plugins {
      let state =
        plugin.processes == 0
        ? Terminal.red("not running") : "\(Int(plugin.processes)) running, \(Self.size(plugin.residentBytes))"
      lines.append("\(plugin.id)  \(state), started again \(Self.count(plugin.restarts)) times")
    }
    if now.oldBuilds > 0 {
      lines += ["", "\(Self.count(now.oldBuilds)) earlier builds of plugins serve what began on them."]
    }
    return lines
  }

  private func row(_ filter: FilterFigures.Filter) -> [String] {
    let then = before?.filters.first { $0.pipeline == filter.pipeline && $0.name == filter.name }
    let calls = filter.calls - (then?.calls ?? 0)
    let bytes = filter.bytes - (then?.bytes ?? 0)
    let microseconds = (filter.seconds - (then?.seconds ?? 0)) * 1e6
    let rate = before == nil || seconds <= 0 ? 1 : seconds
    return [
      filter.pipeline, filter.name, Self.count(calls / rate), Self.size(bytes / rate),
      calls > 0 ? Self.short(microseconds / calls) : "-",
      bytes > 0 ? Self.short(microseconds * 1024 / bytes) : "-",
      Self.count(filter.findings), Self.count(filter.holds), Self.count(filter.remembered),
      Self.count(filter.failures), Self.count(filter.overruns), filter.isUnhealthy ? "UNHEALTHY" : "",
    ]
  }

  private static func count(_ value: Double) -> String { String(Int(value.rounded())) }

  private static func short(_ value: Double) -> String {
    value >= 100 ? count(value) : String((value * 10).rounded() / 10)
  }

  private static func size(_ bytes: Double) -> String {
    var value = bytes
    for unit in ["B", "KiB", "MiB", "GiB"] {
      if value < 1024 { return "\(unit == "B" ? count(value) : short(value)) \(unit)" }
      value /= 1024
    }
    return "\(short(value)) TiB"
  }
}
