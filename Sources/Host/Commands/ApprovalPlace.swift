internal import ArgumentParser
internal import Control
internal import Foundation
internal import JSONTree

/// Where approvals are: beside the data directory, or behind a gateway's admin API.
struct ApprovalPlace: ParsableArguments {
  @Option(help: "Folder of the store.", completion: .directory) var data: String?
  @OptionGroup var shared: StoreOption
  @Option(
    help: ArgumentHelp(
      "The admin API of a gateway, as https://gateway.example.org:9443, in place of a folder: with SLUICE_KEY, or the key of `sluice login`.",
      valueName: "url"))
  var gateway: String?
  @Option(help: "With --gateway: certificates to trust, PEM, in place of the system's.", completion: .file())
  var ca: String?

  func validate() throws {
    guard (data == nil) != (gateway == nil) else {
      throw ValidationError("Say where: --data ./data, or --gateway https://gateway.example.org:9443.")
    }
    guard gateway == nil || shared.store == nil, gateway != nil || ca == nil else {
      throw ValidationError("--store goes with --data, and --ca with --gateway.")
    }
  }

  enum Desk {
    case store(Store)
    case gateway(AdminClient)
  }

  func open() throws -> Desk {
    if let gateway { return .gateway(try AdminClient(gateway, authorities: ca)) }
    return .store(try Store(try DataDirectory(data ?? ""), at: try shared.location))
  }
}

/// What can be asked about approvals, wherever they are; as JSON, which both places tell alike.
extension ApprovalPlace.Desk {
  /// As many are listed.
  private static let most = 500

  func list(_ state: Approval.State?, brokenGlass: Bool, unreviewed: Bool) throws -> [JSONValue] {
    switch self {
    case .store(let store):
      let approvals =
        brokenGlass || unreviewed
        ? try store.brokenGlass(unreviewed: unreviewed, limit: Self.most, now: secondsNow())
          .filter { state == nil || $0.state == state }
        : try store.approvals(state, limit: Self.most, now: secondsNow())
      return approvals.map(\.json)
    case .gateway(let client):
      if brokenGlass || unreviewed {
        let found =
          try client.get("/broken-glass?limit=200&unreviewed=\(unreviewed)")["approvals"]?.array ?? []
        return found.filter { state == nil || $0["state"]?.string == state?.rawValue }
      }
      return try pages(client, state)
    }
  }

  private func pages(_ client: AdminClient, _ state: Approval.State?) throws -> [JSONValue] {
    var (found, cursor): ([JSONValue], String?) = ([], nil)
    repeat {
      let query = [state.map { "state=\($0.rawValue)" }, cursor.map { "cursor=\($0)" }, "limit=100"]
      let page = try client.get("/approvals?" + query.compactMap { $0 }.joined(separator: "&"))
      found += page["approvals"]?.array ?? []
      cursor = page["next"]?.string
    } while cursor != nil && found.count < Self.most
    return Array(found.prefix(Self.most))
  }

  func show(_ id: String) throws -> JSONValue {
    switch self {
    case .store(let store): try store.approval(id, now: secondsNow()).json
    case .gateway(let client): try client.get("/approvals/\(try Self.plain(id))")
    }
  }

  func decide(_ id: String, _ verdict: Approval.Verdict, comment: String) throws -> JSONValue {
    switch self {
    case .store(let store):
      try store.decide(
        id, by: try ApprovalsCommand.Word.approver(store), verdict, comment: comment, now: secondsNow()
      ).json
    case .gateway(let client):
      try client.post(
        "/approvals/\(try Self.plain(id))/\(verdict.rawValue)", .fields(["comment": .string(comment)]))
    }
  }

  /// - Parameter lifetime: seconds for which all that the gate would hold of theirs passes; nil: this request alone.
  func breakGlass(_ id: String, reason: String, lifetime: Int64?) throws -> JSONValue {
    switch self {
    case .store(let store):
      return try store.breakGlass(
        id, by: try ApprovalsCommand.Word.approver(store), reason: reason, lifetime: lifetime,
        now: secondsNow()
      ).json
    case .gateway(let client):
      var fields: [(name: String, value: JSONValue)] = [("reason", .string(reason))]
      if let lifetime { fields.append(("lifetime-seconds", .integer(Int(lifetime)))) }
      return try client.post("/approvals/\(try Self.plain(id))/break-glass", .object(fields))
    }
  }

  /// - Parameter id: the broken glass's, or its approval's.
  func review(_ id: String, isJustified: Bool, comment: String) throws -> JSONValue {
    switch self {
    case .store(let store):
      return try store.reviewGlass(
        id, by: try ApprovalsCommand.Word.approver(store), isJustified: isJustified, comment: comment,
        now: secondsNow()
      ).json
    case .gateway(let client):
      var glass = id
      if !id.hasPrefix("gls_") {
        guard let found = try show(id)["breakGlass"]?["id"]?.string else {
          throw CommandFailure(
            message:
              "no glass was broken under \(Terminal.plain(id)); `sluice approvals list --broken-glass` shows them",
            code: 1)
        }
        glass = found
      }
      return try client.post(
        "/broken-glass/\(try Self.plain(glass, "gls_"))/review",
        .fields(["comment": .string(comment), "justified": .bool(isJustified)]))
    }
  }

  /// It becomes a part of a path.
  private static func plain(_ id: String, _ prefix: String = "apr_") throws -> String {
    let letters = id.dropFirst(prefix.count).utf8
    let isPlain = letters.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    guard id.hasPrefix(prefix), isPlain, (1...32).contains(letters.count) else {
      throw CommandFailure(message: "an id looks as \(prefix)… does", code: 1)
    }
    return id
  }
}

/// Approvals for people.
enum ApprovalText {
  static func line(_ approval: JSONValue) -> String {
    "\(text(approval, "id"))  \(text(approval, "state").padding(8))  score \(String(approval["score"]?.integer ?? 0).padding(3))  \(text(approval, "subject"))  \(text(approval, "pipeline"))"
  }

  static func text(_ value: JSONValue, _ name: String) -> String {
    Terminal.plain(value[name]?.string ?? "").replacing("\n", with: " ")
  }

  static func texts(_ value: JSONValue, _ name: String) -> String {
    Terminal.plain((value[name]?.strings ?? []).joined(separator: ", "))
  }

  /// That it happened must not be overlooked. Nil: nobody broke the glass.
  static func glass(_ approval: JSONValue) -> String? {
    guard let glass = approval["breakGlass"], glass.members != nil else { return nil }
    let reviews = glass["reviews"]?.array ?? []
    let word =
      reviews.contains { $0["justified"]?.bool == false }
      ? "called unjustified" : reviews.isEmpty ? "NOT REVIEWED" : "reviewed"
    let until = glass["scope"]?.string == "once" ? "" : " until \(text(glass, "expires"))"
    return
      "BROKEN GLASS \(text(glass, "id")) by \(text(glass, "subject"))\(until), \(word): \(text(glass, "reason"))"
  }
}
