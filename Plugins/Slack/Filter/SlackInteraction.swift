internal import FilterKit
internal import JSONTree
internal import Notifying

/// Somebody pressed a button, and Slack vouches for who it was.
///
/// https://docs.slack.dev/authentication/verifying-requests-from-slack,
/// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
struct SlackInteraction {
  let approval: String
  let approves: Bool
  /// `TEAM/USER`.
  let person: String
  let user: String
  let channel: String
  let signature: String
  /// Seconds since 1970 UTC.
  let time: Int64

  static func read(_ call: HookCall, signingSecret: String) throws(FilterError) -> SlackInteraction {
    guard call.method == "POST", let signature = call.header("x-slack-signature"),
      let stamp = call.header("x-slack-request-timestamp"), let time = Int64(stamp),
      Clock.isFresh(time, now: call.time)
    else { throw forged }
    let wanted =
      "v0="
      + Codes.hexadecimal(
        Codes.hmacSHA256(key: Array(signingSecret.utf8), Array("v0:\(stamp):".utf8) + call.body))
    guard Codes.areEqual(signature, wanted) else { throw forged }
    guard let text = Form.value(of: "payload", in: call.body), let json = try? JSONReader.read(text),
      json["type"]?.string == "block_actions", let actions = json["actions"]?.array, actions.count == 1,
      let action = actions[0]["action_id"]?.string, action == "approve" || action == "deny",
      let approval = actions[0]["value"]?.string, Notice.isIdentifier(approval),
      let user = json["user"]?["id"]?.string,
      let team = json["user"]?["team_id"]?.string ?? json["team"]?["id"]?.string
    else { throw FilterError(.input, "This is no press of one of the buttons.") }
    return SlackInteraction(
      approval: approval, approves: action == "approve", person: "\(team)/\(user)", user: user,
      channel: json["channel"]?["id"]?.string ?? json["container"]?["channel_id"]?.string ?? "",
      signature: signature,
      time: time)
  }

  private static let forged = FilterError(.input, "Slack's signature is missing, too old, or not right.")
}

/// `application/x-www-form-urlencoded`.
enum Form {
  /// The value of a field that is there exactly once.
  static func value(of name: String, in body: [UInt8]) -> [UInt8]? {
    let fields = body.split(separator: UInt8(ascii: "&")).filter { field in
      field.prefix { $0 != UInt8(ascii: "=") }.elementsEqual(name.utf8)
    }
    guard fields.count == 1 else { return nil }
    return decoded(fields[0].dropFirst(name.utf8.count + 1))
  }

  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var index = text.startIndex
    while index < text.endIndex {
      switch text[index] {
      case UInt8(ascii: "+"): result.append(0x20)
      case UInt8(ascii: "%"):
        guard index + 2 < text.endIndex, let high = digit(text[index + 1]), let low = digit(text[index + 2])
        else {
          return nil
        }
        result.append(high << 4 | low)
        index += 2
      default: result.append(text[index])
      }
      index += 1
    }
    return result
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
