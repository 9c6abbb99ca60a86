internal import Control
internal import Foundation
internal import JSONTree

/// A call by somebody who may make it. Its handler blocks, on a thread for that.
struct Call: Sendable {
  let services: ConsoleServices
  /// Nil on the few routes that everybody may call.
  let caller: Person?
  /// What stands in the path's braces.
  let item: String
  let query: String
  let body: [UInt8]
  let ifMatch: String?
  let idempotencyKey: String?
  let lastEventID: String?
  let events: EventHub
  /// Seconds since 1970 UTC.
  let now = Int64(Date().timeIntervalSince1970)

  var store: Store { services.store }

  /// Whoever calls. A route that forgot to say who may call it gets nobody.
  var person: Person {
    get throws(Problem) {
      guard let caller else { throw Problem(401, "unauthenticated", "a key is needed") }
      return caller
    }
  }

  var approver: Approver {
    get throws(Problem) {
      let person = try person
      return Approver(
        subject: person.subject, email: person.email, groups: person.groups,
        established: person.established, isLocalOperator: false)
    }
  }

  /// The path's item where it looks as its kind does: `apr_` and ten letters.
  func identifier(_ prefix: String, _ letters: Int) throws(Problem) -> String {
    guard Self.isIdentifier(item, prefix, letters) else {
      throw Problem(404, "not-found", "there is nothing with this id; ids look as \(prefix)… does")
    }
    return item
  }

  static func isIdentifier(_ text: String, _ prefix: String, _ letters: Int) -> Bool {
    text.hasPrefix(prefix) && text.utf8.count == prefix.utf8.count + letters
      && text.utf8.dropFirst(prefix.utf8.count).allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
      }
  }

  /// The version that the caller saw last, from `If-Match: "4"` (RFC 9110, 13.1.1).
  var seenVersion: UInt64 {
    get throws(Problem) {
      guard let ifMatch else {
        throw Problem(
          428, "if-match-missing",
          "say which version is to be replaced: If-Match with the ETag of /api/v1/policies")
      }
      guard ifMatch.count > 2, ifMatch.hasPrefix("\""), ifMatch.hasSuffix("\""),
        let version = Fields.digits(String(ifMatch.dropFirst().dropLast()))
      else { throw .invalid("If-Match is the ETag of /api/v1/policies, as \"4\"") }
      return UInt64(version)
    }
  }
}

/// What a handler answers.
struct Reply: Sendable {
  var status = 200
  let body: [UInt8]
  var tag: String?

  init(_ value: JSONValue, status: Int = 200, tag: String? = nil) {
    body = value.canonical
    self.status = status
    self.tag = tag
  }

  /// An answer that goes on while something happens.
  var stream: EventStream?

  init(json: [UInt8]) { body = json }

  init(stream: EventStream) {
    body = []
    self.stream = stream
  }
}
