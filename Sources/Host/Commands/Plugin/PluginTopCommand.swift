internal import ArgumentParser
internal import Foundation
internal import Glibc

struct PluginTopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Show what a running gateway's filters do.",
    discussion: """
      Asks the gateway's /metrics. On a terminal the table is renewed until Ctrl-C: calls and bytes are those of the \
      last interval, each second; microseconds are what a call, and a KiB, took in it. Elsewhere, or with --once, it is \
      printed once, and tells of all time since the gateway began.

        sluice plugin top
        sluice plugin top --gateway https://gateway.example.org --interval 5
        sluice plugin top --json | jq '.filters[] | select(.unhealthy)'

      HELD: pieces of streams after which a detector held text back, or requests that a gate held. KNOWN: texts whose \
      findings were remembered. LATE: calls over the stage's budget. UNHEALTHY: the last call was, or the filter's \
      process is not there.

      Exit code 2 where the gateway can't be asked.
      """)

  @Option(help: ArgumentHelp("The gateway's address.", valueName: "url"))
  var gateway = "http://127.0.0.1:8080"
  @Option(help: ArgumentHelp("Seconds between two looks.", valueName: "seconds")) var interval = 1.0
  @Flag(help: "Print the table once.") var once = false
  @Flag(help: "Print the figures once, as JSON.") var json = false

  func validate() throws {
    if !(0.1...3600).contains(interval) { throw ValidationError("--interval is from 0.1 to 3600 seconds.") }
    guard let url = URL(string: gateway), url.scheme == "http" || url.scheme == "https", url.host != nil
    else {
      throw ValidationError("'\(gateway)' is no address of a gateway, as http://127.0.0.1:8080")
    }
  }

  func run() throws {
    try running {
      var figures = try look()
      if json { return Terminal.print(figures.json.line) }
      if once || isatty(1) != 1 {
        for line in FilterTable(figures, since: nil, seconds: 0).lines { Terminal.print(line) }
        return
      }
      var began = Date()
      var before: FilterFigures?
      while true {
        let table = FilterTable(figures, since: before, seconds: Date().timeIntervalSince(began))
        // From the top left corner on, and nothing left of what was there.
        Terminal.print(
          "\u{1B}[H\u{1B}[2J\(gateway)  \(Terminal.time(secondsNow()))\n\n\(table.lines.joined(separator: "\n"))"
        )
        before = figures
        began = Date()
        Thread.sleep(forTimeInterval: interval)
        figures = try look()
      }
    }
  }

  private func look() throws -> FilterFigures {
    let address = gateway.hasSuffix("/") ? String(gateway.dropLast()) : gateway
    return FilterFigures(MetricsText(try HTTPFetch.text(at: address + "/metrics")))
  }
}
