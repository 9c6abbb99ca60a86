internal import Control
internal import JSONTree

/// Keys: whoever administers makes and ends them; everybody sees and ends their own.
enum KeyAnswers {
  static func list(_ call: Call) throws -> Reply {
    let person = try call.person
    let seesAll = person.has(.admin) || person.has(.auditor)
    let keys = try call.store.keys().filter { seesAll || $0.subject == person.subject }
    return Reply(.fields(["keys": .array(keys.map { $0.json(call.now) })]))
  }

  static func create(_ call: Call) throws -> Reply {
    let fields = try Fields(body: call.body, ["subject", "email", "groups", "lifetime-seconds"])
    let subject = try fields.text("subject", maximum: 255)
    let email = try fields.text("email", maximum: 255, or: "")
    // A byte is a character then, as the document says.
    guard (subject + email).utf8.allSatisfy({ $0 < 0x80 }) else {
      throw Problem.invalid("'subject' and 'email' are ASCII here; `sluice keys create` takes others")
    }
    let groups = try fields.texts("groups", maximum: 64, or: [])
    guard !groups.contains(where: { $0.contains(",") }) else {
      throw Problem.invalid("a group's name has no comma")
    }
    let person = try call.person
    // Else whoever administers would make themselves an approver of their own requests, under another name.
    let lent = call.services.roles.roles(of: groups).subtracting(person.roles).subtracting([.developer])
    guard lent.isEmpty else {
      throw Problem(
        403, "role-not-yours",
        "these groups give \(lent.map(\.rawValue).sorted().joined(separator: ", ")), which you do not have yourself; such keys come from `sluice login`, or from `sluice keys create` beside the data directory"
      )
    }
    let lifetime = try fields.integer("lifetime-seconds", 60...31_622_400, or: 90 * 86_400)
    let made = try call.store.createKey(
      subject: subject, email: email, groups: groups, expires: call.now + Int64(lifetime),
      by: person, once: try repeated(call, person), now: call.now)
    guard let members = made.record.json(call.now).members else { throw Problem(500, "failed", "no key") }
    return Reply(
      .object(members + [("key", made.secret.map { .string($0) } ?? .null)]),
      status: made.secret == nil ? 200 : 201)
  }

  /// What `Idempotency-Key` says; nil without it.
  private static func repeated(_ call: Call, _ person: Person) throws(Problem) -> RepeatedCall? {
    guard let name = call.idempotencyKey else { return nil }
    guard (1...255).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .invalid("Idempotency-Key has 1 to 255 visible letters, as a UUID has")
    }
    return RepeatedCall(name, by: person, request: call.body)
  }

  static func revoke(_ call: Call) throws -> Reply {
    let (id, person) = (try call.identifier("key_", 12), try call.person)
    // Of others' keys a developer does not even learn that they are there.
    guard let key = try call.store.key(id), person.has(.admin) || key.subject == person.subject else {
      throw Problem(404, "not-found", "there is no key \(id); GET /api/v1/keys shows them")
    }
    return Reply(try call.store.revokeKey(id, by: person, now: call.now).json(call.now))
  }
}
