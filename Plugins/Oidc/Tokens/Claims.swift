package import JSONTree

/// Judges what a token says, once its signature is known to be the provider's.
package struct ClaimRules: Sendable {
  package let issuer: String
  package let audiences: [String]
  /// Clients that tokens may have been issued to; empty: any.
  package let parties: [String]
  package let subject: ClaimPath
  /// Stands before each subject, so that two providers' people are told apart; see ``isPrefix(_:)``. Empty: nothing does.
  package let subjectPrefix: String
  package let groups: ClaimPath?
  /// One of these is needed; empty: none is.
  package let requiredGroups: [String]
  /// Seconds that clocks may differ.
  package let skew: Int64
  /// Seconds after its issue that a token is accepted at most; nil: until it expires.
  package let maximumAge: Int64?

  /// As many groups, and as long a name, as a principal has.
  private static let maximumGroups = 1024
  private static let maximumGroup = 256
  private static let maximumSubject = 256

  package struct Accepted: Sendable {
    package let person: Claimed
    /// Seconds since 1970 UTC until which the token is good.
    package let until: Int64
    /// The token's id, where it is one that may be shown; else empty.
    package let credential: String
  }

  /// Who somebody is, by what a provider says.
  package struct Claimed: Sendable, Equatable {
    package let subject: String
    /// Empty where it is not verified.
    package let email: String
    package let groups: [String]
  }

  package init(
    issuer: String, audiences: [String], parties: [String] = [], subject: ClaimPath,
    subjectPrefix: String = "", groups: ClaimPath?, requiredGroups: [String] = [], skew: Int64,
    maximumAge: Int64? = nil
  ) {
    self.issuer = issuer
    self.audiences = audiences
    self.parties = parties
    self.subject = subject
    self.subjectPrefix = subjectPrefix
    self.groups = groups
    self.requiredGroups = requiredGroups
    self.skew = skew
    self.maximumAge = maximumAge
  }

  /// Lower-case letters, digits, hyphens and dots, and a colon at the end and nowhere else: so no subject behind one
  /// prefix reads as another behind another. `os:` is the owner of a data directory.
  package static func isPrefix(_ text: String) -> Bool {
    text != "os:" && text.wholeMatch(of: /[a-z0-9][a-z0-9.-]{0,30}:/) != nil
  }

  /// - Parameter now: seconds since 1970 UTC.
  package func judge(_ claims: JSONValue, now: Int64) throws(Refusal) -> Accepted {
    guard let given = claims["iss"]?.string, given.isSame(as: issuer) else { throw .wrongIssuer }
    try checkAudience(claims)
    let until = try checkTimes(claims, now)
    // A token that is bound to a key of its owner's must not be taken from whoever merely holds it (RFC 7800; RFC 9449).
    if claims["cnf"] != nil { throw .senderConstrained }
    if claims["events"] != nil { throw .logoutToken }
    return Accepted(person: try person(claims), until: until, credential: Self.credential(claims))
  }

  /// Who the claims are about, and whether they may come in. They have to be the provider's own word: of a token whose
  /// signature is good, or of its userinfo endpoint.
  package func person(_ claims: JSONValue) throws(Refusal) -> Claimed {
    let (email, isVerified) = try email(of: claims)
    let subject = try subject(of: claims, isVerified)
    let groups = try groups(of: claims)
    if !requiredGroups.isEmpty {
      guard groups.contains(where: { group in requiredGroups.contains { $0.isSame(as: group) } }) else {
        throw .noAccess
      }
    }
    return Claimed(subject: subjectPrefix + subject, email: isVerified ? email : "", groups: groups)
  }

  private func checkAudience(_ claims: JSONValue) throws(Refusal) {
    guard let claim = claims["aud"] else { throw .wrongAudience }
    guard let given = claim.string.map({ [$0] }) ?? claim.strings else { throw .badClaim }
    guard given.contains(where: { name in audiences.contains { $0.isSame(as: name) } }) else {
      throw .wrongAudience
    }
    guard !parties.isEmpty else { return }
    // OpenID Connect Core, 3.1.3.7; RFC 9068, 2.2 names the client `client_id`.
    guard let party = claims["azp"]?.string ?? claims["client_id"]?.string,
      parties.contains(where: { $0.isSame(as: party) })
    else { throw .wrongParty }
  }

  private func checkTimes(_ claims: JSONValue, _ now: Int64) throws(Refusal) -> Int64 {
    guard let expires = try time(claims["exp"]) else { throw .noExpiry }
    var until = expires + skew
    guard now < until else { throw .expired }
    if let start = try time(claims["nbf"]), now + skew < start { throw .notYetValid }
    let issued = try time(claims["iat"])
    if let issued, now + skew < issued { throw .issuedInFuture }
    if let maximumAge {
      guard let issued else { throw .tooOld }
      until = min(until, issued + maximumAge + skew)
      guard now < until else { throw .tooOld }
    }
    return until
  }

  /// Seconds since 1970 UTC (RFC 7519, 2: NumericDate), within the years that a date has.
  private func time(_ claim: JSONValue?) throws(Refusal) -> Int64? {
    guard let claim else { return nil }
    guard let number = claim.number, number >= 0, number < 253_402_300_800 else { throw .badClaim }
    return Int64(number)
  }

  private func email(of claims: JSONValue) throws(Refusal) -> (text: String, isVerified: Bool) {
    guard let claim = claims["email"] else { return ("", false) }
    guard let text = claim.string, text.utf8.count <= Self.maximumSubject, Self.isPlain(text) else {
      throw .badClaim
    }
    // Some providers write the word instead of the value.
    let verified = claims["email_verified"]
    return (text, verified?.bool == true || verified?.string == "true")
  }

  private func subject(of claims: JSONValue, _ emailIsVerified: Bool) throws(Refusal) -> String {
    guard let claim = subject.value(in: claims) else { throw .noSubject }
    guard let text = claim.string, !text.isEmpty, text.utf8.count <= Self.maximumSubject, Self.isPlain(text)
    else { throw .noSubject }
    if subject.text == "email", !emailIsVerified { throw .unverifiedEmail }
    return text
  }

  private func groups(of claims: JSONValue) throws(Refusal) -> [String] {
    guard let path = groups else { return [] }
    guard let claim = path.value(in: claims) else {
      // Entra ID leaves long lists out and says where they are; nobody's groups are guessed.
      if claims["_claim_names"]?[path.text] != nil || claims["hasgroups"] != nil { throw .groupsElsewhere }
      return []
    }
    guard let groups = claim.string.map({ [$0] }) ?? claim.strings, groups.count <= Self.maximumGroups,
      groups.allSatisfy({ !$0.isEmpty && $0.utf8.count <= Self.maximumGroup && Self.isPlain($0) })
    else { throw .badGroups }
    return groups
  }

  /// The token's id, where it is one that may be shown.
  private static func credential(_ claims: JSONValue) -> String {
    guard let id = claims["jti"]?.string, id.utf8.count <= 128, isPlain(id) else { return "" }
    return id
  }

  private static func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
      default: true
      }
    }
  }
}
