internal import ArgumentParser
internal import Control
internal import Glibc
internal import JSONTree

extension ApprovalsCommand {
  struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print approvals as they are asked for and decided, until Ctrl-C.",
      discussion: """
        What waits already comes first. With --json each is one line, and comes again when its state or its decisions \
        change.

          sluice approvals watch --data ./data
        """)

    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON lines.") var json = false

    /// Milliseconds between two looks; a shared store says at once that there is something.
    private static let interval = 500
    /// Newer ones than these would have to be asked for within one look to be overlooked.
    private static let most = 500

    func run() throws {
      try running {
        let store = try Store(try DataDirectory(data), at: try shared.location)
        store.listen()
        var seen: [String: String]?
        var isAway = false
        while true {
          let moment = store.moment(.approvals)
          do throws(ControlError) {
            let approvals = try store.approvals(nil, limit: Self.most, now: secondsNow())
            if isAway { Terminal.complain("sluice: the store answers again") }
            isAway = false
            for approval in approvals.reversed() where isNews(approval, seen) { show(approval) }
            seen = Dictionary(
              approvals.map { ($0.id, Self.stamp($0)) }, uniquingKeysWith: { first, _ in first })
          } catch {
            if !isAway { Terminal.complain("sluice: \(error.message); it is asked again") }
            isAway = true
          }
          store.waitForChange(of: .approvals, after: moment, milliseconds: Self.interval)
        }
      }
    }

    /// At the first look what waits is news; from then on whatever is not as it was.
    private func isNews(_ approval: Approval, _ seen: [String: String]?) -> Bool {
      guard let seen else { return approval.state == .pending }
      return seen[approval.id] != Self.stamp(approval)
    }

    private static func stamp(_ approval: Approval) -> String {
      "\(approval.state.rawValue) \(approval.decisions.count) \(approval.glass?.reviews.count ?? -1)"
    }

    private func show(_ approval: Approval) {
      if json { return Terminal.print(approval.json.line) }
      let last = approval.decisions.last.map { "  \($0.verdict.rawValue) by \($0.subject)" } ?? ""
      Terminal.print(
        "\(Terminal.time(secondsNow()))  \(approval.id)  \(approval.state.rawValue.padding(8))  score \(String(approval.score).padding(3))  \(approval.subject)  \(approval.pipeline)\(last)"
      )
      if let glass = approval.glass { Terminal.print("    \(Terminal.bold(glass.summary))") }
    }
  }
}
