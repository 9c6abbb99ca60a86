internal import HTTPSClient
package import JSONTree

/// An OpenID provider as its configuration document describes it (OpenID Connect Discovery 1.0, 4; RFC 8414).
/// Used by one thread.
package struct Provider {
  package let issuer: String
  /// From the configuration; nil: discovery says it.
  package let keysAddress: String?
  package let fetch: DocumentFetch

  package enum Failure: Error {
    case unreachable
    case status(Int)
    /// The document is none, or is another issuer's.
    case badDocument
    /// There is no JWK Set with a key that may be used.
    case badKeys
  }

  package init(issuer: String, keysAddress: String?, fetch: DocumentFetch) {
    self.issuer = issuer
    self.keysAddress = keysAddress
    self.fetch = fetch
  }

  /// Gets the provider's keys now. [blocking]
  package func keys() throws(Failure) -> KeySet {
    let address = if let keysAddress { keysAddress } else { try discover() }
    guard let keys = KeySet(try get(address)) else { throw .badKeys }
    return keys
  }

  private func discover() throws(Failure) -> String {
    guard let address = address("jwks_uri", in: try document()) else { throw .badDocument }
    return address
  }

  /// The provider's configuration document. [blocking]
  package func document() throws(Failure) -> JSONValue {
    let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
    let bytes = try get(base + "/.well-known/openid-configuration")
    // The document's issuer has to be the very same (Discovery, 4.3): else one provider could speak for another.
    guard let document = try? StrictJSON.object(bytes), let named = document["issuer"]?.string,
      named.isSame(as: issuer)
    else { throw .badDocument }
    return document
  }

  /// One of the addresses that the document names; nil where there is none, or it is not one to be used.
  package func address(_ name: String, in document: JSONValue) -> String? {
    guard let address = document[name]?.string, HTTPSClient.isAllowed(address),
      !HTTPSClient.isLoopback(address) || HTTPSClient.isLoopback(issuer)
    else { return nil }
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
