internal import Control
internal import Evidence
internal import Foundation
internal import JSONTree

/// How things look in answers: as `--json` shows them at the command line.
extension JSONValue {
  static func fields(_ fields: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(fields.map { (name: $0.key, value: $0.value) })
  }
  static func integer(_ value: some BinaryInteger) -> JSONValue { .number(Double(value)) }
  static func texts(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
  /// Seconds since 1970 UTC, as RFC 3339 writes them.
  static func time(_ seconds: Int64) -> JSONValue {
    .string(Date(timeIntervalSince1970: Double(seconds)).ISO8601Format())
  }
}

extension KeyRecord {
  func json(_ now: Int64) -> JSONValue {
    .fields([
      "created": .time(created), "email": .string(email), "established": .string(established),
      "expires": expires == 0 ? .null : .time(expires), "groups": .texts(groups), "id": .string(id),
      "state": .string(
        revoked != nil ? "revoked" : expires != 0 && expires <= now ? "expired" : "valid"),
      "subject": .string(subject),
    ])
  }
}

extension Approval {
  var json: JSONValue {
    .fields([
      "approvers": .texts(approvers), "breakGlass": glass?.json ?? .null,
      // Masked when it was asked: it never held a protected value.
      "context": (try? JSONReader.read(Array(context.utf8))) ?? .null, "created": .time(created),
      "decisions": .array(
        decisions.map { decision in
          .fields([
            "comment": .string(decision.comment), "established": .string(decision.established),
            "subject": .string(decision.subject), "time": .time(decision.time),
            "verdict": .string(decision.verdict.rawValue),
          ])
        }),
      "expires": .time(expires), "id": .string(id), "pipeline": .string(pipeline),
      "quorum": .integer(quorum), "required": .texts(terms.required), "score": .integer(score),
      "state": .string(state.rawValue), "subject": .string(subject),
    ])
  }
}

extension BreakGlass {
  var json: JSONValue {
    .fields([
      "approval": .string(approval), "created": .time(created), "established": .string(established),
      "expires": .time(expires), "id": .string(id), "pipeline": .string(pipeline), "reason": .string(reason),
      "reviews": .array(
        reviews.map { review in
          .fields([
            "comment": .string(review.comment), "established": .string(review.established),
            "justified": .bool(review.isJustified), "subject": .string(review.subject),
            "time": .time(review.time),
          ])
        }),
      "scope": .string(isOnce ? "once" : "until"), "subject": .string(subject),
    ])
  }
}

extension Grant {
  func json(_ now: Int64) -> JSONValue {
    .fields([
      "created": .time(created), "expires": .time(expires), "id": .string(id), "kinds": .texts(kinds),
      "maximum-score": .integer(maximumScore), "pipeline": .string(pipeline),
      "state": .string(revoked != nil ? "revoked" : expires <= now ? "expired" : "valid"),
      "subject": .string(subject),
      "supporters": .array(
        supporters.map { supporter in
          .fields([
            "comment": .string(supporter.comment), "established": .string(supporter.established),
            "subject": .string(supporter.subject), "time": .time(supporter.time),
          ])
        }),
    ])
  }
}

extension PolicyVersion {
  var members: [(name: String, value: JSONValue)] {
    [
      ("author", .string(author)), ("comment", .string(comment)), ("digest", .string(digest)),
      ("time", .time(time)), ("version", .integer(version)),
    ]
  }
}

extension SessionSummary {
  var json: JSONValue {
    .fields([
      "approvals": .texts(approvals.sorted()), "closed": .bool(isClosed), "denied": .integer(denied),
      "ended": .time(Int64(lastTime / 1_000_000_000)), "exchanges": .integer(exchanges), "id": .string(id),
      "kinds": .texts(kinds.sorted()), "pipeline": pipeline.map { .string($0) } ?? .null,
      "records": .integer(records), "score": score.map { .integer($0) } ?? .null,
      "started": .time(Int64(firstTime / 1_000_000_000)), "subject": subject.map { .string($0) } ?? .null,
    ])
  }
}
