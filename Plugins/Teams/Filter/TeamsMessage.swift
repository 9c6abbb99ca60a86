internal import FilterKit
internal import JSONTree
internal import Notifying

/// A message to the outgoing webhook, for which Teams vouches with an HMAC over the whole of it.
struct TeamsMessage {
  struct Command: Equatable {
    let approves: Bool
    let approval: String
  }

  let id: String
  /// The sender's Entra object id.
  let person: String
  /// Seconds since 1970 UTC.
  let time: Int64
  /// Nil: it asks for nothing that is known here.
  let command: Command?

  static func read(_ call: HookCall, secret: String) throws(FilterError) -> TeamsMessage {
    guard let key = Codes.fromBase64(secret) else {
      throw FilterError(
        .unavailable, "The security token of the outgoing webhook is no base64.", pointer: "/outgoing-secret")
    }
    let wanted = "HMAC " + Codes.base64(Codes.hmacSHA256(key: key, call.body))
    guard call.method == "POST", let authorization = call.header("authorization"),
      Codes.areEqual(authorization, wanted)
    else { throw forged }
    // The time and the id are in the signed body, so an old message can't be passed off as a new one.
    guard let json = try? JSONReader.read(call.body), json["type"]?.string == "message",
      let id = json["id"]?.string, !id.isEmpty, id.utf8.count <= 200,
      let time = json["timestamp"]?.string.flatMap(Clock.parse), Clock.isFresh(time, now: call.time),
      let person = json["from"]?["aadObjectId"]?.string
    else { throw forged }
    return TeamsMessage(
      id: id, person: person.lowercased(), time: time, command: command(json["text"]?.string ?? ""))
  }

  private static let forged = FilterError(.input, "Teams' signature is missing, too old, or not right.")

  /// `<at>Sluice</at>&nbsp;approve apr_…`, with whatever markup is around it: one verb and one approval.
  static func command(_ html: String) -> Command? {
    var text = ""
    var isTag = false
    for character in html.replacing("&nbsp;", with: " ") {
      switch character {
      case "<": isTag = true
      case ">" where isTag:
        isTag = false
        text.append(" ")
      default: if !isTag { text.append(character) }
      }
    }
    let words = text.lowercased().split { $0.isWhitespace }.map(String.init)
    let verbs = words.filter { $0 == "approve" || $0 == "deny" }
    let approvals = words.filter { Notice.isIdentifier($0) }
    guard verbs.count == 1, approvals.count == 1 else { return nil }
    return Command(approves: verbs[0] == "approve", approval: approvals[0])
  }
}
