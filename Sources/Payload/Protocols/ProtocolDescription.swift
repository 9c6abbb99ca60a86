/// What an API looks like: which endpoints it has, and where in their payloads text, roles, media and stream
/// channels stand. It is data: the code that walks a payload knows no API by name.
///
/// **Every string is scanned unless a rule says otherwise**, so a field that no rule names is safe, if less
/// well understood.
public struct ProtocolDescription: Sendable {
  public let name: String
  /// How our own errors look to its clients.
  public let errors: ErrorShape
  /// The header field in which a provider of this API expects its credential.
  public let credential: String
  public let endpoints: [Endpoint]

  public init(name: String, errors: ErrorShape, credential: String, endpoints: [Endpoint]) {
    self.name = name
    self.errors = errors
    self.credential = credential
    self.endpoints = endpoints
  }

  /// The endpoint for a request, or nil: then the request is refused.
  public func endpoint(method: String, path: Substring) -> Endpoint? {
    endpoints.first { $0.method == method && $0.path.matches(path) }
  }
}

/// One method on one path.
public struct Endpoint: Sendable {
  public let method: String
  public let path: PathPattern
  public let query: QueryRules
  private let forms: [Form]

  public init(method: String, path: PathPattern, query: QueryRules, forms: [Form]) {
    self.method = method
    self.path = path
    self.query = query
    self.forms = forms
  }

  /// One form that an exchange at an endpoint can have, told by its request's body.
  public struct Form: Sendable {
    /// The request has this form where its body has this member at the top; nil: whatever it has.
    let member: [UInt8]?
    /// A body that has this member, too, is of no form.
    let without: [UInt8]?
    /// What the request's body is; nil: it has none.
    public let request: Body?
    /// Rules of a whole response's body.
    public let response: RuleTable
    /// Rules of the events where the response is a stream; nil: it never is.
    public let stream: StreamRules?
    /// What stands, as JSON, in place of a part of the request that is an image, a sound or a file and is left out;
    /// nil: nothing can be left out.
    public let stripped: [UInt8]?

    public init(
      member: String?, without: String? = nil, request: Body?, response: RuleTable, stream: StreamRules?,
      stripped: [UInt8]? = nil
    ) {
      self.without = without.map { Array($0.utf8) }
      self.stripped = stripped
      self.member = member.map { Array($0.utf8) }
      self.request = request
      self.response = response
      self.stream = stream
    }
  }

  /// The form of a request with that body; nil where it has none that is known.
  public func form(of body: Span<UInt8>) -> Form? {
    let named = forms.filter { form in
      form.member.map { JSONSkipper.hasTopMember($0, of: body) } ?? false
    }
    guard let form = named.first else { return forms.first { $0.member == nil } }
    // Two readers could read it in two ways.
    let hasOther = form.without.map { JSONSkipper.hasTopMember($0, of: body) } ?? false
    let isAmbiguous = named.count > 1 || hasOther
    return isAmbiguous ? nil : form
  }
}

/// What a request's body is.
public enum Body: Sendable {
  case json(RuleTable)
  /// A form with files (`multipart/form-data`, RFC 7578), whose text is scanned.
  case multipart
  /// JSON where there is one; no body is as good.
  case optional(RuleTable)
}

/// What to do with a value.
public enum Treatment: Sendable {
  /// Scan it. The role holds for everything below, too.
  case text(Role)
  /// The same; but a number is refused, because there it would stand for text that nothing can read.
  case textOnly(Role)
  /// Scan it, and keep it as an attribute of the exchange.
  case attribute(Attribute)
  /// A word of the protocol's own vocabulary or an opaque id: passed unread where it is at most 128 bytes of
  /// letters, digits and `-_.:/` without seven digits that no letter parts (an SSN, a telephone number);
  /// scanned where it is anything else.
  case token
  /// A token in which a date from 2020 on counts for nothing, as in the name of a version.
  case version
  /// A date and a time of day (RFC 3339) that the API's own clock has made: passed unread where it is that.
  case timestamp
  /// A token that each event of its kind repeats: what is held back leaves with it, too.
  case label
  /// A token that tells which of several texts its object belongs to, where it is there: another one at the
  /// same place begins another text.
  case identity
  /// Bytes that are no text: passed unread where it is base64 of at least 64 characters.
  case opaque
  /// The same, and where it is not empty it ends the channels of the object that it stands in: what seals a text comes
  /// behind all of it.
  case seal
  /// Names the role of everything in the same object.
  case role
  /// A number that is passed unread however long: a time stamp, an index.
  case number
  /// A number that tells which of several channels its object belongs to. Anything but a whole number or null
  /// is refused.
  case index
  /// An array whose elements are, in the order in which they come, pieces of the same texts: which number an element
  /// has tells nothing.
  case joined
  /// A truth value that tells two kinds of text apart that stand at the same place: thoughts and answers.
  case variant
  /// Text that arrives in pieces, over several events. Holds for every string below that no rule mentions.
  case channel(Role)
  /// A JSON text that arrives in pieces, over several events: each string in it is a text of its own.
  case jsonChannel(Role)
  /// Ends the channels of the object that it stands in, where it is not null.
  case finish
  /// A count of tokens.
  case usage(Usage)
  /// Names what stands beside it: media, unless it says `text` or `content`.
  case source
  /// An image, a sound, a file: the payload says so, and the gateway's policy decides.
  case media
  /// Base64 of anything: a text in it is scanned, the rest is media. What is no base64 is a text.
  case blob
  /// Must be absent, null, false, 0 or empty: it would carry text past the mask. The number is that of the reason
  /// among ``RuleTable/reasons``.
  case forbidden(reason: UInt16)
}

/// Facts about an exchange that guards and records use.
public enum Attribute: UInt8, Sendable {
  case model, stream, user, session
}

/// Which tokens are counted.
public enum Usage: UInt8, Sendable {
  case input, output
}
