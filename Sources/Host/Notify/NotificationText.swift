internal import Control
internal import Foundation
internal import JSONTree

/// What a notifier is given to tell. It holds no text of the exchange, not even masked: whoever decides reads that where
/// they decide.
enum NotificationText {
  /// Bytes of a model's name, which is the client's to choose.
  private static let longestModel = 100

  static func json(_ due: DueNotification) -> [UInt8] {
    let approval = due.approval
    let context = try? JSONReader.read(Array(approval.context.utf8))
    return JSONValue.fields([
      "approval": .fields([
        "approvers": .texts(approval.approvers),
        "break-glass": approval.glass.map(glass) ?? .null,
        "created": .string(time(approval.created)),
        "expires": .string(time(approval.expires)),
        "id": .string(approval.id),
        "kinds": .array((context?["kinds"]?.array ?? []).compactMap(kind)),
        "local-operator": .bool(approval.localOperator),
        "model": .string(model(context?["model"]?.string ?? "")),
        "pipeline": .string(approval.pipeline),
        "quorum": .integer(approval.quorum),
        "required": .texts(approval.terms.required),
        "reasons": .array((context?["reasons"]?.array ?? []).compactMap(reason)),
        "score": .integer(approval.score),
        "state": .string(approval.state.rawValue),
        "subject": .string(approval.subject),
      ]),
      "decisions": .array(
        approval.decisions.map { decision in
          .fields([
            "established": .string(decision.established), "subject": .string(decision.subject),
            "time": .string(time(decision.time)), "verdict": .string(decision.verdict.rawValue),
          ])
        }),
      "event": .string("approval.\(due.event.rawValue)"),
      "id": .string(due.id),
    ]).canonical
  }

  /// That its requester went on without anybody. Their reason is in their own words, and stays on record.
  private static func glass(_ glass: BreakGlass) -> JSONValue {
    .fields([
      "expires": .string(time(glass.expires)), "id": .string(glass.id),
      "scope": .string(glass.isOnce ? "once" : "until"), "severity": .string("high"),
      "subject": .string(glass.subject),
    ])
  }

  private static func kind(_ value: JSONValue) -> JSONValue? {
    guard let kind = value["kind"]?.string, let count = value["count"]?.integer else { return nil }
    return .fields(["count": .integer(count), "kind": .string(kind)])
  }

  private static func reason(_ value: JSONValue) -> JSONValue? {
    guard let code = value["code"]?.string, let points = value["points"]?.integer else { return nil }
    return .fields([
      "code": .string(code), "count": .integer(value["count"]?.integer ?? 0), "points": .integer(points),
    ])
  }

  /// The model where it looks like one; a client could write anything there.
  private static func model(_ text: String) -> String {
    let isName = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "/"), UInt8(ascii: ":"):
        true
      default: false
      }
    }
    return isName && text.utf8.count <= longestModel ? text : ""
  }

  /// RFC 3339, UTC.
  private static func time(_ seconds: Int64) -> String {
    Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
  }
}
