internal import Control
internal import JSONTree

/// About the gateway itself, and about whoever asks.
enum OwnAnswers {
  static func health(_ call: Call) throws -> Reply {
    guard call.services.isHealthy() else {
      throw Problem.later(
        "the gateway serves no requests at the moment; /readyz on its listener says why", after: 5)
    }
    return Reply(.fields(["status": .string("ok")]))
  }

  static func version(_ call: Call) -> Reply {
    Reply(.fields(["api": .string("v1"), "version": .string(call.services.version)]))
  }

  static func me(_ call: Call) throws -> Reply {
    let person = try call.person
    return Reply(
      .fields([
        "email": .string(person.email), "established": .string(person.established),
        "expires": person.expires == 0 ? .null : .time(person.expires), "groups": .texts(person.groups),
        "key": .string(person.keyID), "roles": .texts(person.roles.map(\.rawValue).sorted()),
        "subject": .string(person.subject),
      ]))
  }

  static func plugins(_ call: Call) -> Reply {
    let all = call.services.plugins().sorted { ($0.stage, $0.digest) < ($1.stage, $1.digest) }
    return Reply(
      .fields([
        "plugins": .array(
          all.map {
            .fields([
              "abi": .string($0.abi), "digest": .string($0.digest), "id": .string($0.id),
              "stage": .string($0.stage), "version": .string($0.version),
            ])
          })
      ]))
  }
}
