/// A signature algorithm of JWS (RFC 7518, 3.1; RFC 8037). Symmetric ones and `none` are not among them, on purpose.
package enum Algorithm: String, Sendable, CaseIterable {
  case rs256 = "RS256"
  case rs384 = "RS384"
  case rs512 = "RS512"
  case ps256 = "PS256"
  case ps384 = "PS384"
  case ps512 = "PS512"
  case es256 = "ES256"
  case es384 = "ES384"
  case es512 = "ES512"
  case eddsa = "EdDSA"

  /// What kind of key it goes with.
  package var kind: PublicKey.Kind {
    switch self {
    case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rsa
    case .es256: .elliptic(.p256)
    case .es384: .elliptic(.p384)
    case .es512: .elliptic(.p521)
    case .eddsa: .edwards
    }
  }

  /// The digest by OpenSSL's name; nil: the algorithm has its own.
  package var digest: String? {
    switch self {
    case .rs256, .ps256, .es256: "SHA2-256"
    case .rs384, .ps384, .es384: "SHA2-384"
    case .rs512, .ps512, .es512: "SHA2-512"
    case .eddsa: nil
    }
  }

  /// Whether the padding is PSS, with a salt as long as the digest (RFC 7518, 3.5).
  package var isPSS: Bool {
    switch self {
    case .ps256, .ps384, .ps512: true
    default: false
    }
  }
}
