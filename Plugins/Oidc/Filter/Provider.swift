internal import JSONTree

/// An OpenID provider as its configuration document describes it (OpenID Connect Discovery 1.0, 4; RFC 8414).
/// Used by one thread.
struct Provider {
  let issuer: String
  /// From the configuration; nil: discovery says it.
  let keysAddress: String?
  let fetch: DocumentFetch

  enum Failure: Error {
    case unreachable
    case status(Int)
    /// The document is none, or is another issuer's.
    case badDocument
    /// There is no JWK Set with a key that may be used.
    case badKeys
  }

  /// Gets the provider's keys now. [blocking]
  func keys() throws(Failure) -> KeySet {
    let address = if let keysAddress { keysAddress } else { try discover() }
    guard let keys = KeySet(try get(address)) else { throw .badKeys }
    return keys
  }

  private func discover() throws(Failure) -> String {
    let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
    let bytes = try get(base + "/.well-known/openid-configuration")
    // The document's issuer has to be the very same (Discovery, 4.3): else one provider could speak for another.
    guard let document = try? StrictJSON.object(bytes), let named = document["issuer"]?.string,
      named.isSame(as: issuer), let address = document["jwks_uri"]?.string,
      ProviderAddress.isAllowed(address),
      !ProviderAddress.isLoopback(address) || ProviderAddress.isLoopback(issuer)
    else { throw .badDocument }
    return address
  }

  private func get(_ url: String) throws(Failure) -> [UInt8] {
    do throws(DocumentFetch.Failure) { return try fetch.get(url) } catch {
      switch error {
      case .unreachable: throw .unreachable
      case .status(let status): throw .status(status)
      }
    }
  }
}
