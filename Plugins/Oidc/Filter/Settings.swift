internal import FilterKit
internal import HTTPSClient
internal import JSONTree
internal import OidcTokens

/// A configuration, read.
struct Settings: Sendable {
  let rules: ClaimRules
  let algorithms: Set<Algorithm>
  let types: Set<String>
  let needsType: Bool
  let keysAddress: String?
  let authorities: String?
  let limits: KeySchedule.Limits

  static let schema: StaticString = """
    {
      "type": "object",
      "required": ["issuer", "audience"],
      "properties": {
        "issuer": {
          "type": "string", "minLength": 8, "maxLength": 1024,
          "description": "the provider, exactly as its tokens name it in 'iss'; https, or http on loopback"
        },
        "audience": {
          "oneOf": [
            { "type": "string", "minLength": 1 },
            { "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1, "maxItems": 16 }
          ],
          "description": "who the tokens are for: one of these has to be in 'aud'"
        },
        "authorized-parties": {
          "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1, "maxItems": 64,
          "description": "clients that tokens may have been issued to ('azp' or 'client_id'); without it, any"
        },
        "subject-claim": {
          "type": "string", "minLength": 1, "maxLength": 256, "default": "sub",
          "description": "which claim names the person; 'email' has to be verified"
        },
        "subject-prefix": {
          "type": "string", "pattern": "^[a-z0-9][a-z0-9.-]{0,30}:$",
          "description": "stands before each subject, as care:, where several providers' people come in"
        },
        "groups-claim": {
          "type": "string", "minLength": 1, "maxLength": 256,
          "description": "where the groups are: a name, names with dots between them, or a JSON Pointer"
        },
        "required-groups": {
          "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1, "maxItems": 64,
          "description": "members of one of these may come in; without it, everybody whom the provider knows"
        },
        "token-type": {
          "type": "string", "enum": ["any", "access"], "default": "any",
          "description": "access: tokens that say at+jwt (RFC 9068) alone; any: these, JWT, and those that say nothing"
        },
        "algorithms": {
          "type": "array", "minItems": 1,
          "items": {
            "type": "string",
            "enum": ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
          },
          "description": "signature algorithms; without it, all of these"
        },
        "max-age": {
          "type": "string", "pattern": "^[1-9][0-9]{0,6}[smhd]$",
          "description": "how long after its issue a token is accepted at most; without it, until it expires"
        },
        "clock-skew": {
          "type": "string", "pattern": "^[0-9]{1,3}s$", "default": "30s",
          "description": "how far clocks may differ, at most 300s"
        },
        "jwks-uri": {
          "type": "string", "minLength": 8, "maxLength": 2048,
          "description": "where the keys are; without it, the provider's discovery document says"
        },
        "refresh": {
          "type": "string", "pattern": "^[1-9][0-9]{0,6}[smhd]$", "default": "5m",
          "description": "how often the keys are fetched"
        },
        "stale": {
          "type": "string", "pattern": "^[0-9]{1,7}[smhd]$", "default": "1h",
          "description": "how long keys are used beyond that while the provider does not answer"
        },
        "ca": {
          "type": "string", "minLength": 1,
          "description": "a PEM file of certificates to trust for the provider, in place of the system's"
        }
      }
    }
    """

  init(_ configuration: JSONValue) throws(FilterError) {
    guard let issuer = configuration["issuer"]?.string, HTTPSClient.isAllowed(issuer),
      !issuer.contains("?")
    else {
      throw .configuration(
        "An issuer is an https address without user, query or fragment; http is for loopback alone.",
        at: "/issuer")
    }
    let audience = configuration["audience"]
    guard let audiences = audience?.string.map({ [$0] }) ?? audience?.strings else {
      throw .configuration("An audience is a text or a list of texts.", at: "/audience")
    }
    keysAddress = configuration["jwks-uri"]?.string
    if let keysAddress, !HTTPSClient.isAllowed(keysAddress) {
      throw .configuration(
        "The keys' address is an https address without user or fragment; http is for loopback alone.",
        at: "/jwks-uri")
    }
    let prefix = configuration["subject-prefix"]?.string ?? ""
    guard prefix.isEmpty || ClaimRules.isPrefix(prefix) else {
      throw .configuration(
        "A prefix is of lower-case letters, digits, hyphens and dots, and ends with a colon, as care:.",
        at: "/subject-prefix")
    }
    let groups = configuration["groups-claim"]?.string
    let required = configuration["required-groups"]?.strings ?? []
    if !required.isEmpty, groups == nil {
      throw .configuration(
        "Groups are required, and nothing says where they are: add 'groups-claim'.", at: "/required-groups")
    }
    let skew = try Self.seconds(configuration, "clock-skew", "30s")
    guard skew <= 300 else { throw .configuration("Clocks may differ by 300s at most.", at: "/clock-skew") }
    var maximumAge: Int64?
    if configuration["max-age"] != nil { maximumAge = try Self.seconds(configuration, "max-age", "") }
    rules = ClaimRules(
      issuer: issuer, audiences: audiences, parties: configuration["authorized-parties"]?.strings ?? [],
      subject: ClaimPath(configuration["subject-claim"]?.string ?? "sub"),
      subjectPrefix: prefix, groups: groups.map { ClaimPath($0) },
      requiredGroups: required, skew: skew, maximumAge: maximumAge)
    let names = configuration["algorithms"]?.strings
    algorithms = Set(names?.compactMap(Algorithm.init) ?? Algorithm.allCases)
    needsType = configuration["token-type"]?.string == "access"
    types = needsType ? ["at+jwt"] : ["at+jwt", "jwt"]
    authorities = configuration["ca"]?.string
    var limits = KeySchedule.Limits()
    limits.refresh = try Self.seconds(configuration, "refresh", "5m")
    limits.stale = try Self.seconds(configuration, "stale", "1h")
    self.limits = limits
  }

  private static func seconds(_ configuration: JSONValue, _ name: String, _ otherwise: String)
    throws(FilterError) -> Int64
  {
    let text = configuration[name]?.string ?? otherwise
    let factors: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last, let factor = factors[unit], let number = Int64(text.dropLast()),
      number * factor <= 31_536_000
    else {
      throw .configuration(
        "'\(text)' is no time of at most a year: a number and s, m, h or d.", at: "/\(name)")
    }
    return number * factor
  }
}
