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
          sluice approvals watch --gateway https://gateway.example.org:9443

        Of a gateway, without the masked request, which `show` has; where the connection is lost it is made again, and \
        nothing is missed that the gateway remembers.
        """)

    @OptionGroup var place: ApprovalPlace
    @Flag(help: "Print JSON lines.") var json = false

    /// Milliseconds between two looks; a shared store says at once that there is something.
    private static let interval = 500
    /// Newer ones than these would have to be asked for within one look to be overlooked.
    private static let most = 500

    func run() throws {
      try running {
        switch try place.open() {
        case .store(let store): watch(store)
        case .gateway(let client): try watch(client)
        }
      }
    }

    private func watch(_ store: Store) {
      store.listen()
      var seen: [String: String]?
      var isAway = false
      while true {
        let moment = store.moment(.approvals)
        do throws(ControlError) {
          let approvals = try store.approvals(nil, limit: Self.most, now: secondsNow())
          if isAway { Terminal.complain("sluice: the store answers again") }
          isAway = false
          for approval in approvals.reversed() where isNews(approval, seen) { show(approval.json) }
          seen = Dictionary(
            approvals.map { ($0.id, Self.stamp($0)) }, uniquingKeysWith: { first, _ in first })
        } catch {
          if !isAway { Terminal.complain("sluice: \(error.message); it is asked again") }
          isAway = true
        }
        store.waitForChange(of: .approvals, after: moment, milliseconds: Self.interval)
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

    /// Seconds between two attempts; as long as no gateway need be flooded.
    private static let pause: UInt32 = 2

    private func watch(_ client: AdminClient) throws {
      let last = LastEvent()
      var isAway = false
      while true {
        do {
          try client.follow(after: last.id) { event in
            last.id = event.id ?? last.id
            guard event.name.hasPrefix("approval.") || event.name == "glass.reviewed",
              let approval = try? JSONReader.read(event.data)
            else {
              return
            }
            // After a lost memory all that waits comes again.
            if last.isNews(approval) { show(approval) }
          }
          isAway = false
        } catch let failure as CommandFailure where failure.code == 2 {
          if !isAway { Terminal.complain("sluice: \(failure.message); it is asked again") }
          isAway = true
        }
        sleep(Self.pause)
      }
    }

    private func show(_ approval: JSONValue) {
      if json { return Terminal.print(approval.line) }
      let last =
        approval["decisions"]?.array?.last.map {
          "  \(ApprovalText.text($0, "verdict")) by \(ApprovalText.text($0, "subject"))"
        } ?? ""
      Terminal.print("\(Terminal.time(secondsNow()))  \(ApprovalText.line(approval))\(last)")
      if let glass = ApprovalText.glass(approval) { Terminal.print("    \(Terminal.bold(glass))") }
    }

    /// Where a stream of events is to go on, and what was shown.
    private final class LastEvent {
      /// As many approvals are remembered.
      private static let most = 10_000

      var id: String?
      private var shown: [String: Int] = [:]

      func isNews(_ approval: JSONValue) -> Bool {
        let (id, stamp) = (approval["id"]?.string ?? "", approval.line.hashValue)
        if shown.count >= Self.most { shown.removeAll() }
        return shown.updateValue(stamp, forKey: id) != stamp
      }
    }
  }
}
