internal import Control
internal import JSONTree

/// What a policy would say, before anybody works under it.
enum TrialAnswers {
  /// Bytes of a sample's body.
  static let maximumSample = 256 << 10

  /// The policy is the one that is sent, a version that was pushed, or the one in force; what it is tried on is a sample,
  /// or what is on record.
  static func attempt(_ call: Call) throws -> Reply {
    let fields = try Fields(body: call.body, ["version", "pipelines", "protocols", "sample", "recorded"])
    let sample = try fields.fields(
      "sample", ["pipeline", "method", "path", "body", "subject", "groups"])
    let recorded = try fields.fields("recorded", ["since"])
    guard (sample == nil) != (recorded == nil) else {
      throw contradiction("name either a 'sample' or 'recorded'")
    }
    if let recorded { return try onRecord(call, fields, recorded) }
    guard let sample else { throw contradiction("'sample' is missing") }
    let request = PolicySample(
      pipeline: try sample.text("pipeline", maximum: 64),
      method: try sample.text("method", maximum: 16, or: ""),
      path: try sample.text("path", maximum: 500), body: try sample.content("body", maximum: maximumSample),
      subject: try sample.text("subject", maximum: 255, or: ""),
      groups: try sample.texts("groups", maximum: 64, or: []), time: call.now)
    guard let verdict = try call.services.policies.tried(request, under: try sources(call, fields)) else {
      throw contradiction("a form with files can't be tried: a sample is its text alone")
    }
    return Reply(verdict.json)
  }

  /// Verdicts about people's requests are evidence: for auditors, and reading them is on record first.
  private static func onRecord(_ call: Call, _ fields: Fields, _ recorded: Fields) throws -> Reply {
    let person = try call.person
    guard person.has(.auditor) else {
      throw Problem(403, "role-missing", "'recorded' takes the role auditor; try it on a 'sample'")
    }
    let since = try recorded.integer("since", 0...9_999_999_999, or: 0)
    let policy = try sources(call, fields)
    try EvidenceAnswers.note(call, "policy-try")
    return Reply(
      json: try call.services.policies.triedOnRecord(
        policy, evidence: call.services.evidence, since: UInt64(since) * 1_000_000_000))
  }

  private static func contradiction(_ detail: String) -> Problem { Problem(422, "contradiction", detail) }

  private static func sources(_ call: Call, _ fields: Fields) throws -> String {
    if fields.has("pipelines") || fields.has("protocols") {
      // Plugins are made ready with what it says, as for a push: not by whoever changes nothing.
      guard try call.person.has(.admin) else {
        throw Problem(
          403, "role-missing", "'pipelines' take the role admin; try a 'version', or the one in force")
      }
      guard !fields.has("version"), fields.has("pipelines") else {
        throw contradiction("name 'pipelines', with their 'protocols', or a 'version'")
      }
      return try call.services.policies.check(
        pipelines: try fields.files("pipelines", atLeast: 1),
        protocols: try fields.files("protocols", atLeast: 0)
      ).sources
    }
    if fields.has("version") {
      return try call.store.policy(UInt64(try fields.integer("version", 1...999_999_999_999))).sources
    }
    guard let policy = try call.store.currentPolicy() else {
      throw Problem(404, "not-found", "no policy was pushed yet; send one as 'pipelines'")
    }
    return policy.sources
  }
}

extension PolicyVerdict {
  fileprivate var json: JSONValue {
    .fields([
      "kinds": .object(kinds.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }),
      "reasons": .array(
        reasons.map {
          .fields([
            "code": .string($0.code), "count": .integer($0.count), "points": .integer($0.points),
          ])
        }),
      "rule": rule.map { .string($0) } ?? .null, "score": score.map { .integer($0) } ?? .null,
      "stage": stage.map { .string($0) } ?? .null, "verdict": .string(verdict),
    ])
  }
}
