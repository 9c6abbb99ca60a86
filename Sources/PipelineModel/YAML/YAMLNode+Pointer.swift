extension YAMLNode {
  /// Where the value at a JSON Pointer (RFC 6901) below this node stands; the nearest place above it where
  /// there is none.
  public func position(of pointer: String) -> SourcePosition { nearest(Self.tokens(pointer)[...]).position }

  /// Where the key of the member at a pointer stands, rather than its value.
  public func keyPosition(of pointer: String) -> SourcePosition {
    let tokens = Self.tokens(pointer)
    guard let name = tokens.last else { return position }
    return node(tokens.dropLast())?.member(name)?.keyPosition ?? position(of: pointer)
  }

  /// The node at a pointer; nil where there is none.
  func node(at pointer: String) -> YAMLNode? { node(Self.tokens(pointer)[...]) }

  private static func tokens(_ pointer: String) -> [String] {
    pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
      String($0).replacing("~1", with: "/").replacing("~0", with: "~")
    }
  }

  private func child(_ token: String) -> YAMLNode? {
    switch content {
    case .mapping(let entries): entries.first { $0.key == token }?.value
    case .sequence(let nodes): Int(token).flatMap { nodes.indices.contains($0) ? nodes[$0] : nil }
    case .scalar, .refused: nil
    }
  }

  private func node(_ tokens: ArraySlice<String>) -> YAMLNode? {
    var node = self
    for token in tokens {
      guard let child = node.child(token) else { return nil }
      node = child
    }
    return node
  }

  private func nearest(_ tokens: ArraySlice<String>) -> YAMLNode {
    var node = self
    for token in tokens {
      guard let child = node.child(token) else { return node }
      node = child
    }
    return node
  }
}
