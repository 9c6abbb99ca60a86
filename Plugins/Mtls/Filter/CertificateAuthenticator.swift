public import FilterKit
internal import Glibc
public import JSONTree
internal import Synchronization

/// Knows people and machines by the certificate of their connection (`sluice serve --client-ca`). Where there is none,
/// the next stage is asked.
public final class CertificateAuthenticator: AuthenticateFilter {
  public static let name: StaticString = "mtls"
  public static let summary: StaticString = "people and machines by their TLS certificates"
  public static let schema: StaticString = """
    {
      "type": "object",
      "required": ["ca"],
      "properties": {
        "ca": {
          "type": "string", "minLength": 1,
          "description": "a PEM file of the authorities whose certificates are taken"
        },
        "crl": {
          "type": "string", "minLength": 1,
          "description": "a PEM file of their lists of revocations; read again when it changes"
        },
        "subject": {
          "type": "string", "enum": ["common-name", "email", "uri"], "default": "common-name",
          "description": "which name of the certificate says who it is: the subject's CN, or the one e-mail address or URI among the alternative names"
        },
        "groups": {
          "type": "array", "maxItems": 256,
          "items": {
            "type": "object", "required": ["group"],
            "properties": {
              "unit": { "type": "string", "minLength": 1, "description": "an organisational unit (OU) of the subject" },
              "uri": { "type": "string", "minLength": 1, "description": "a URI, such as a SPIFFE id; '*' at its end stands for anything" },
              "group": { "type": "string", "minLength": 1, "maxLength": 256, "description": "the group that it means" }
            }
          },
          "description": "which groups a certificate means"
        },
        "required-groups": {
          "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1, "maxItems": 64,
          "description": "members of one of these may come in; without it, every certificate of the authorities"
        }
      }
    }
    """

  private let rules: NameRules
  private let trust: TrustStore
  private let known = Mutex<[[UInt8]: Known]>([:])

  /// A certificate that was checked: while it is the same connection's, its signatures are not checked again.
  private struct Known: Sendable {
    let answer: Authentication
    let version: Int
    let until: Int64
  }

  /// Seconds after which a certificate is checked anew, and as many as are remembered.
  private static let memory: Int64 = 60
  private static let maximumKnown = 4096

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    guard let authorities = configuration["ca"]?.string else {
      throw .configuration("A file of authorities is needed.", at: "/ca")
    }
    var mappings: [NameRules.Mapping] = []
    for (index, entry) in (configuration["groups"]?.array ?? []).enumerated() {
      let mapping = NameRules.Mapping(
        unit: entry["unit"]?.string, uri: entry["uri"]?.string, group: entry["group"]?.string ?? "")
      guard (mapping.unit == nil) != (mapping.uri == nil) else {
        throw .configuration(
          "A group is for a 'unit' or for a 'uri': name one of them.", at: "/groups/\(index)")
      }
      // Else 'spiffe://example.org*' would take 'spiffe://example.org.evil.example/'.
      if let uri = mapping.uri,
        uri.dropLast(uri.hasSuffix("*") ? 1 : 0).contains("*")
          || uri.hasSuffix("*") && !uri.hasSuffix("/*")
      {
        throw .configuration("'*' stands at a URI's end alone, after a slash.", at: "/groups/\(index)/uri")
      }
      mappings.append(mapping)
    }
    rules = NameRules(
      subject: NameRules.Subject(rawValue: configuration["subject"]?.string ?? "") ?? .commonName,
      mappings: mappings, requiredGroups: configuration["required-groups"]?.strings ?? [])
    trust = try TrustStore(authorities: authorities, revocations: configuration["crl"]?.string)
  }

  public func authenticate(_ head: borrowing HeadView) throws(FilterError) -> Authentication {
    var certificate: [UInt8] = []
    head.withPeerCertificate { if !$0.isEmpty { certificate = Array(copying: $0) } }
    // RFC 8705 names no scheme for a certificate that is missing; it is asked for by TLS.
    guard !certificate.isEmpty else { return .challenge("") }
    let now = Self.seconds(CLOCK_MONOTONIC)
    try trust.refresh(now: now)
    let version = trust.version
    if let found = known.withLock({ $0[certificate] }), found.version == version, found.until > now {
      return found.answer
    }
    let (answer, end) = try check(certificate, now)
    let left = max(0, (end ?? .max) - Self.seconds(CLOCK_REALTIME))
    known.withLock { known in
      if known.count >= Self.maximumKnown { known = [:] }
      known[certificate] = Known(answer: answer, version: version, until: now + min(Self.memory, left))
    }
    return answer
  }

  private func check(_ der: [UInt8], _ now: Int64) throws(FilterError) -> (Authentication, end: Int64?) {
    func deny(_ reason: String) -> (Authentication, Int64?) { (.deny(reason: reason, challenge: ""), nil) }
    guard let certificate = Certificate(der.span) else { return deny("malformed") }
    switch try trust.verify(certificate, now: now) {
    case .good: break
    case .revoked: return deny("revoked")
    case .expired: return deny("expired")
    case .noRevocationList: return deny("no-revocation-list")
    case .untrusted: return deny("untrusted")
    }
    do throws(NameRules.Refusal) {
      return (.allow(try rules.principal(of: certificate)), certificate.end)
    } catch { return deny(error.rawValue) }
  }

  private static func seconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec)
  }
}
