/// What somebody may do with an installation itself, beside sending requests through it.
///
/// No role contains another: whoever administers does not thereby decide about requests, and whoever audits changes
/// nothing. A person may have several.
public enum Role: String, Sendable, Hashable, CaseIterable {
  /// Sends requests, and sees their own: their approvals, their keys, who they are taken for.
  case developer
  /// Sees requests that wait, masked, and decides where the gate's own groups allow it.
  case approver
  /// Reads evidence, approvals and policies, and changes nothing.
  case auditor
  /// Makes and revokes keys, pushes policies, sees the installation's state.
  case admin
}

/// Which groups have which roles. Immutable.
public struct RoleMap: Sendable, Equatable {
  private let groups: [Role: Set<String>]

  /// Everybody who may come in is a developer, and nobody is anything else.
  public static let none = RoleMap([:])

  /// - Parameter groups: a member of any of a role's groups has it. Without groups for ``Role/developer`` everybody
  ///   who may come in is one; without groups for another role nobody has it.
  public init(_ groups: [Role: [String]]) {
    self.groups = groups.mapValues { Set($0) }
  }

  /// The roles of somebody who is in these groups. Names are compared byte for byte.
  public func roles(of names: [String]) -> Set<Role> {
    Set(
      Role.allCases.filter { role in
        guard let wanted = groups[role] else { return role == .developer }
        return names.contains { name in wanted.contains { $0.utf8.elementsEqual(name.utf8) } }
      })
  }

  /// Whether any group has a role: else nobody has it, and a command may say how that is changed.
  public func isGiven(_ role: Role) -> Bool { role == .developer || groups[role]?.isEmpty == false }
}

/// Somebody who has shown who they are, as the admin API and the command line see them.
public struct Person: Sendable, Equatable {
  public let subject: String
  /// Empty where it is not known or not verified.
  public let email: String
  public let groups: [String]
  public let roles: Set<Role>
  /// How it is known who they are: `keys`, or `login` for a key that came from logging in with a provider.
  public let established: String
  /// The key's id, as key_…: may be shown and logged.
  public let keyID: String
  /// Seconds since 1970 UTC; 0: the key has no end.
  public let expires: Int64

  public func has(_ role: Role) -> Bool { roles.contains(role) }
}

extension Store {
  /// Who holds a key, for one request to the admin API. [blocking]
  /// - Parameter secret: what came as `Authorization: Bearer …`, without the scheme.
  /// - Parameter now: seconds since 1970 UTC.
  /// - Throws: `notAllowed` for a key that is unknown, has expired or was revoked, with the same words for each: nobody
  ///   learns which keys were ever good. `unavailable` where the store can't be read.
  public func principal(for secret: String, roles: RoleMap, now: Int64) throws(ControlError) -> Person {
    let refusal = ControlError(
      .notAllowed, "the key is not accepted; make or get another, as `sluice login` does")
    guard secret.hasPrefix(Self.keyPrefix), secret.utf8.count <= 256 else { throw refusal }
    guard let key = try key(digest: Data32.bytes(Self.digest(secret))),
      let person = Self.person(key, roles, now)
    else { throw refusal }
    return person
  }

  /// Who holds the key with an id, as it is now; nil: it has ended. [blocking]
  /// - Parameter now: seconds since 1970 UTC.
  public func person(ofKey id: String, roles: RoleMap, now: Int64) throws(ControlError) -> Person? {
    try key(id).flatMap { Self.person($0, roles, now) }
  }

  private static func person(_ key: KeyRecord, _ roles: RoleMap, _ now: Int64) -> Person? {
    guard key.revoked == nil, key.expires == 0 || key.expires > now else { return nil }
    return Person(
      subject: key.subject, email: key.email, groups: key.groups, roles: roles.roles(of: key.groups),
      established: key.established, keyID: key.id, expires: key.expires)
  }
}
