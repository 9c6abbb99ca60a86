package import JSONTree

/// Where in the claims a value stands: the member of exactly that name (`groups`, `https://example.org/groups`); else a
/// JSON Pointer (RFC 6901) where it begins with a slash; else names with dots between them (`realm_access.roles`).
package struct ClaimPath: Sendable {
  package let text: String
  private let steps: [String]

  package init(_ text: String) {
    self.text = text
    if text.hasPrefix("/") {
      steps = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
        String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
      }
    } else {
      steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }
  }

  package func value(in claims: JSONValue) -> JSONValue? {
    if let value = claims[text] { return value }
    var value = claims
    for step in steps {
      guard let next = value[step] else { return nil }
      value = next
    }
    return value
  }
}
