/// Why a token is not accepted. The raw value is the stable word that records and answers carry; README.md lists them.
package enum Refusal: String, Error, Sendable {
  // Its form (RFC 7515, 7519)
  case tooLarge = "too-large"
  case malformed
  case duplicateMember = "duplicate-member"
  case encrypted
  case nested
  // Its header
  case algorithmNone = "alg-none"
  case symmetricAlgorithm = "alg-symmetric"
  case unknownAlgorithm = "alg-not-allowed"
  case keyInjection = "key-injection"
  case criticalExtension = "critical-extension"
  case wrongType = "wrong-type"
  case missingKeyID = "no-kid"
  // The key that it names
  case unknownKey = "unknown-kid"
  case wrongKeyType = "alg-key-mismatch"
  case wrongCurve = "wrong-curve"
  case weakKey = "weak-key"
  case unusableKey = "unusable-key"
  case badSignature = "bad-signature"
  // What it says
  case wrongIssuer = "wrong-issuer"
  case wrongAudience = "wrong-audience"
  case wrongParty = "wrong-azp"
  case noExpiry = "no-expiry"
  case expired
  case notYetValid = "not-yet-valid"
  case issuedInFuture = "issued-in-future"
  case tooOld = "too-old"
  case badClaim = "bad-claim"
  case noSubject = "no-subject"
  case unverifiedEmail = "email-not-verified"
  case badGroups = "bad-groups"
  case groupsElsewhere = "groups-not-in-token"
  case senderConstrained = "sender-constrained"
  case logoutToken = "logout-token"
  /// It is good, and none of the groups that may come in is among its own.
  case noAccess = "no-access"
}
