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

  /// `<at>Sluice</at>&nbsp;approve apr_…`: the verb, the approval, and not a word more. A sentence that has them in it
  /// may say the contrary ("do not approve …"), and a quoted one is somebody else's.
  static func command(_ html: String) -> Command? {
    let words = withoutMarkup(withoutMention(html.replacing("&nbsp;", with: " "))).lowercased()
      .split { $0.isWhitespace }.map(String.init)
    guard words.count == 2, words[0] == "approve" || words[0] == "deny", Notice.isIdentifier(words[1]) else {
      return nil
    }
    return Command(approves: words[0] == "approve", approval: words[1])
  }

  /// Without the first `<at>…</at>`, which is how the webhook is called; its name may be several words.
  private static func withoutMention(_ html: String) -> String {
    guard let start = html.firstRange(of: "<at>"),
      let end = html[start.upperBound...].firstRange(of: "</at>"),
      !html[start.upperBound..<end.lowerBound].contains("<")
    else { return html }
    return html[..<start.lowerBound] + " " + html[end.upperBound...]
  }

  /// With a blank in place of each tag.
  private static func withoutMarkup(_ html: String) -> String {
    var text = ""
    var isTag = false
    for character in html {
      switch character {
      case "<": isTag = true
      case ">" where isTag:
        isTag = false
        text.append(" ")
      default: if !isTag { text.append(character) }
      }
    }
    return text
  }
}
