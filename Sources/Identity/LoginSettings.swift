internal import HTTPSClient
internal import OidcTokens

/// How people log in at the gateway: whose word is taken, and for how long.
public struct LoginSettings: Sendable {
  /// The provider, exactly as its tokens name it.
  public var issuer: String
  /// What the provider knows this gateway as.
  public var clientID: String
  /// Reads the client's secret, each time that it is needed; nil: it has none (a public client, RFC 6749, 2.1).
  public var clientSecret: (@Sendable () throws -> String)?
  /// `openid` has to be among them; `offline_access` where the provider gives no refresh token without it.
  public var scopes = ["openid", "email", "groups", "offline_access"]
  /// Which claims name the person and their groups: as those of `authenticate: oidc`, so that a person is one.
  public var subjectClaim = "sub"
  /// Stands before each subject; see ``isSubjectPrefix(_:)``. Empty: nothing does.
  public var subjectPrefix = ""
  public var groupsClaim = "groups"
  /// One of these is needed to come in; empty: none is.
  public var requiredGroups: [String] = []
  /// How long a key lives at most, in seconds.
  public var keyLifetime: Int64 = 12 * 3600
  /// How often the provider is asked whether a person may still come in, in seconds: so long, at most, does somebody
  /// who has lost their access keep it while the provider answers.
  public var checkEvery: Int64 = 15 * 60
  /// How much longer a key is good while the provider does not answer, in seconds.
  public var withoutProvider: Int64 = 3600
  /// A PEM file to trust for the provider in place of the system's; nil: the system's.
  public var authorities: String?

  public init(issuer: String, clientID: String) {
    self.issuer = issuer
    self.clientID = clientID
  }

  /// Whether an address may be a provider's: HTTPS, or HTTP on loopback.
  public static func isIssuer(_ text: String) -> Bool { HTTPSClient.isAllowed(text) && !text.contains("?") }

  /// Whether a text may stand before subjects: as `authenticate: oidc` has it.
  public static func isSubjectPrefix(_ text: String) -> Bool { ClaimRules.isPrefix(text) }

  var rules: ClaimRules {
    ClaimRules(
      issuer: issuer, audiences: [clientID], subject: ClaimPath(subjectClaim),
      subjectPrefix: subjectPrefix, groups: ClaimPath(groupsClaim), requiredGroups: requiredGroups, skew: 30)
  }
}
