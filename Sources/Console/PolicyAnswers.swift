internal import Control
internal import JSONTree

/// Versions of the policy.
enum PolicyAnswers {
  static func list(_ call: Call) throws -> Reply {
    let versions = try call.store.policies(limit: 500)
    return Reply(
      .fields(["policies": .array(versions.map { .object($0.members) })]),
      tag: "\"\(versions.first?.version ?? 0)\"")
  }

  static func show(_ call: Call) throws -> Reply {
    let version = try call.store.policy(try number(call))
    let files = try call.services.policies.files(of: version.sources)
    return Reply(
      .object(
        version.members + [
          (
            "files",
            .array(files.map { .fields(["name": .string($0.name), "text": .string($0.text)]) })
          )
        ]))
  }

  static func difference(_ call: Call) throws -> Reply {
    let fields = try Fields(query: call.query, ["against"])
    let new = try call.store.policy(try number(call))
    let against = try fields.integer("against", 1...Int.max)
    let old = try call.store.policy(UInt64(against))
    return Reply(
      .fields([
        "diff": .string(try call.services.policies.difference(from: old.sources, to: new.sources)),
        "from": .integer(old.version), "to": .integer(new.version),
      ]))
  }

  static func push(_ call: Call) throws -> Reply {
    let seen = try call.seenVersion
    try checkFollowed(call)
    let fields = try Fields(body: call.body, ["pipelines", "protocols", "comment"])
    let comment = try fields.text("comment", or: "")
    let (digest, sources) = try call.services.policies.check(
      pipelines: try fields.files("pipelines", atLeast: 1),
      protocols: try fields.files("protocols", atLeast: 0))
    return try push(call, digest, sources, comment, replacing: seen)
  }

  /// History is not rewritten: it becomes a new version with a number of its own.
  static func rollBack(_ call: Call) throws -> Reply {
    let seen = try call.seenVersion
    try checkFollowed(call)
    let comment = try Fields(body: call.body, ["comment"]).text("comment", or: "")
    let old = try call.store.policy(try number(call))
    let digest = try call.services.policies.check(sources: old.sources)
    return try push(
      call, digest, old.sources,
      "roll-back to version \(old.version)" + (comment.isEmpty ? "" : ": \(comment)"), replacing: seen)
  }

  private static func push(
    _ call: Call, _ digest: String, _ sources: String, _ comment: String, replacing seen: UInt64
  ) throws -> Reply {
    let person = try call.person
    // How long it was checked does not matter: the version is compared where it is written.
    let (version, isNew) = try call.store.pushPolicy(
      digest: digest, sources: sources, author: person.subject, comment: comment, replacing: seen, by: person,
      now: call.now)
    return Reply(
      .object(version.members + [("new", .bool(isNew))]), status: isNew ? 201 : 200,
      tag: "\"\(version.version)\"")
  }

  private static func checkFollowed(_ call: Call) throws(Problem) {
    guard call.services.policies.isFollowed else {
      throw Problem(
        409, "serves-files",
        "this gateway serves files, not what is pushed; start it without files to push policies to it")
    }
  }

  private static func number(_ call: Call) throws(Problem) -> UInt64 {
    guard let number = Fields.digits(call.item), number > 0 else {
      throw Problem(404, "not-found", "there is no such version; GET /api/v1/policies shows them")
    }
    return UInt64(number)
  }
}
