package import JSONTree

/// A token in its compact form (RFC 7515, 7.1), taken apart: nothing of it is believed yet.
package struct SignedToken {
  /// Bytes of a token that is looked at.
  package static let maximumSize = 16 << 10
  /// Bytes of its header, decoded.
  private static let maximumHeader = 2 << 10
  private static let maximumKeyID = 256

  package let algorithm: Algorithm
  package let keyID: String
  /// What was signed.
  package let signed: ArraySlice<UInt8>
  package let signature: [UInt8]
  private let payload: ArraySlice<UInt8>

  /// - Parameters:
  ///   - algorithms: what the configuration allows.
  ///   - types: what `typ` may say, in lower case.
  package init(_ token: [UInt8], algorithms: Set<Algorithm>, types: Set<String>, needsType: Bool)
    throws(Refusal)
  {
    guard token.count <= Self.maximumSize else { throw .tooLarge }
    let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if parts.count == 5 { throw .encrypted }
    guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else { throw .malformed }
    guard let decoded = Base64URL.decode(parts[0]), decoded.count <= Self.maximumHeader else {
      throw .malformed
    }
    let header = try Self.object(decoded)
    algorithm = try Self.check(header, algorithms: algorithms, types: types, needsType: needsType)
    guard let keyID = header["kid"] else { throw .missingKeyID }
    guard let text = keyID.string, !text.isEmpty, text.utf8.count <= Self.maximumKeyID else {
      throw .malformed
    }
    self.keyID = text
    guard !parts[2].isEmpty, let signature = Base64URL.decode(parts[2]) else { throw .malformed }
    self.signature = signature
    signed = token[parts[0].startIndex..<parts[1].endIndex]
    payload = parts[1]
  }

  /// The claims (RFC 7519, 4). To be called when the signature is known to be good.
  package func claims() throws(Refusal) -> JSONValue {
    guard let decoded = Base64URL.decode(payload) else { throw .malformed }
    return try Self.object(decoded)
  }

  /// The claims, once the signature is this key's.
  package func verified(by key: KeySet.SigningKey) throws(Refusal) -> JSONValue {
    if let named = key.algorithm, named != algorithm.rawValue { throw .wrongKeyType }
    guard algorithm.kind == key.key.kind else {
      if case .elliptic = algorithm.kind, case .elliptic = key.key.kind { throw .wrongCurve }
      throw .wrongKeyType
    }
    guard key.key.verifies(signature, of: signed, algorithm) else { throw .badSignature }
    return try claims()
  }

  /// Whose token it is, where it is a good one.
  /// - Parameter now: seconds since 1970 UTC.
  package func accept(
    _ key: KeySet.SigningKey, _ rules: ClaimRules, now: Int64
  ) throws(Refusal) -> ClaimRules.Accepted {
    try rules.judge(try verified(by: key), now: now)
  }

  private static func object(_ bytes: [UInt8]) throws(Refusal) -> JSONValue {
    do throws(StrictJSON.Failure) { return try StrictJSON.object(bytes) } catch {
      throw error == .duplicateMember ? .duplicateMember : .malformed
    }
  }

  private static func check(
    _ header: JSONValue, algorithms: Set<Algorithm>, types: Set<String>, needsType: Bool
  ) throws(Refusal) -> Algorithm {
    // A key that comes with the token proves nothing (RFC 8725, 2.10 and 3.10), and no address of a token's is called.
    for name in ["jwk", "jku", "x5u", "x5c"] where header[name] != nil { throw .keyInjection }
    // No extension is known here, so none can be critical (RFC 7515, 4.1.11).
    for name in ["crit", "b64"] where header[name] != nil { throw .criticalExtension }
    for name in ["enc", "zip"] where header[name] != nil { throw .encrypted }
    guard let name = header["alg"]?.string else { throw .malformed }
    if name.lowercased() == "none" { throw .algorithmNone }
    if name.hasPrefix("HS") { throw .symmetricAlgorithm }
    guard let algorithm = Algorithm(rawValue: name), algorithms.contains(algorithm) else {
      throw .unknownAlgorithm
    }
    if let content = header["cty"] {
      throw content.string?.lowercased() == "jwt" ? .nested : .malformed
    }
    if let type = header["typ"] {
      guard var type = type.string?.lowercased() else { throw .malformed }
      if type.hasPrefix("application/") { type.removeFirst("application/".count) }
      guard types.contains(type) else { throw .wrongType }
    } else if needsType {
      throw .wrongType
    }
    return algorithm
  }
}
