/// What an API looks like: which endpoints it has, and where in their payloads text, roles, media and stream
/// channels stand. It is data: the code that walks a payload knows no API by name.
///
/// **Every string is scanned unless a rule says otherwise**, so a field that no rule names is safe, if less
/// well understood.
public struct ProtocolDescription: Sendable {
  public let name: String
  public let endpoints: [Endpoint]

  public init(name: String, endpoints: [Endpoint]) {
    self.name = name
    self.endpoints = endpoints
  }

  /// One method on one path.
  public struct Endpoint: Sendable {
    public let method: String
    /// Path segments; `*` stands for any one segment.
    public let path: [String]
    /// Rules of the request's body; nil: the request has none.
    public let request: RuleTable?
    /// Rules of a whole response's body.
    public let response: RuleTable
    /// Rules of each event's data where the response is a stream; nil: it never is.
    public let stream: RuleTable?

    public init(
      _ method: String, _ path: String, request: RuleTable?, response: RuleTable, stream: RuleTable?
    ) {
      self.method = method
      self.path = path.split(separator: "/").map(String.init)
      self.request = request
      self.response = response
      self.stream = stream
    }
  }

  /// The endpoint for a request, or nil: then the request is refused.
  public func endpoint(method: String, path: Substring) -> Endpoint? {
    let segments = path.split(separator: "/", omittingEmptySubsequences: true)
    return endpoints.first { endpoint in
      endpoint.method == method && endpoint.path.count == segments.count
        && zip(endpoint.path, segments).allSatisfy { $0 == "*" || $0 == $1 }
    }
  }
}

/// What to do with a value.
public enum Treatment: Sendable {
  /// Scan it. The role holds for everything below, too.
  case text(Role)
  /// The same; but a number is refused, because there it would stand for text that nothing can read.
  case textOnly(Role, StaticString)
  /// Scan it, and keep it as an attribute of the exchange.
  case attribute(Attribute)
  /// A word of the protocol's own vocabulary or an opaque id: passed unread where it is at most 128 bytes of
  /// letters, digits and `-_.:/` without seven digits that no letter parts (an SSN, a telephone number);
  /// scanned where it is anything else.
  case token
  /// A token that tells which of several texts its object belongs to, where it is there: another one at the
  /// same place begins another text.
  case identity
  /// Bytes that are no text: passed unread where it is base64 of at least 64 characters.
  case opaque
  /// Names the role of everything in the same object.
  case role
  /// A number that is passed unread however long: a time stamp, an index.
  case number
  /// A number that tells which of several channels its object belongs to. Anything but a whole number or null
  /// is refused.
  case index
  /// Text that arrives in pieces, over several events. Holds for every string below that no rule mentions.
  case channel(Role)
  /// Ends the channels of the object that it stands in, where it is not null.
  case finish
  /// A count of tokens.
  case usage(Usage)
  /// An image, a sound, a file: the payload says so, and the gateway's policy decides.
  case media
  /// Must be absent, null, false or 0: it would carry text past the mask.
  case forbidden(StaticString)
}

/// Facts about an exchange that guards and records use.
public enum Attribute: UInt8, Sendable {
  case model, stream, user
}

/// Which tokens are counted.
public enum Usage: UInt8, Sendable {
  case input, output
}
