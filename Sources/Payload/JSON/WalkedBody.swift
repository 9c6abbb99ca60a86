/// What a walk through a JSON text found: its text values, where they stand, and facts about the whole.
///
/// Reusable: walking another text keeps the memory of the last, so that a steady state allocates nothing for
/// a value. Confined to one thread at a time.
public struct WalkedBody {
  /// Limits of a walk. A text that passes one is refused.
  public struct Limits: Sendable {
    /// How deep objects and arrays may be nested.
    public var depth = 128
    /// How many values there may be in all.
    public var values = 1_000_000

    public init() {}
  }

  /// One text value.
  public struct Segment {
    /// Where the text stands in the body, in bytes: between the quotes of a string, or a whole number. Where it
    /// has an ``outer``: where it stands in that one's text.
    public let raw: Range<Int>
    /// The segment whose text is a JSON text that holds this one; -1: the body itself holds it.
    let outer: Int
    public internal(set) var role: Role
    /// How it is to be treated apart from being scanned.
    let use: Use
    /// Whether `raw` has escapes, so that the text is not the raw bytes.
    public let isEscaped: Bool
    /// Whether it is a bare number; an edit makes it a string.
    public let isNumber: Bool
    /// How its text is wrapped in that of its ``outer``.
    let wrapping: Wrapping
    /// Whether its text is a JSON text itself, whose own texts are segments: they are scanned in its place.
    public internal(set) var isOuter = false
    /// The decoded text's place in the arena; nil: it is the raw bytes of the body.
    var decoded: Range<Int>?
    /// The name of the member that holds it, directly or as an element of its array; empty where there is none.
    let name: Name
    /// Its place in the tree.
    let path: Int

    init(
      raw: Range<Int>, outer: Int, wrapping: Wrapping = .json, role: Role, use: Use, isEscaped: Bool,
      isNumber: Bool,
      decoded: Range<Int>?,
      name: Name, path: Int
    ) {
      self.raw = raw
      self.outer = outer
      self.wrapping = wrapping
      self.role = role
      self.use = use
      self.isEscaped = isEscaped
      self.isNumber = isNumber
      self.decoded = decoded
      self.name = name
      self.path = path
    }
  }

  /// How one text holds another.
  enum Wrapping: UInt8 {
    /// As a string or a number of a JSON text.
    case json
    /// As all of it, in base64 (RFC 4648, 4 or 5).
    case base64, base64url
    /// As the data of a `data:` URL (RFC 2397).
    case dataURL
  }

  /// What a segment is for.
  enum Use: UInt8 {
    case text, channel, jsonChannel, attribute

    /// Whether it is a piece of a text that arrives over several events.
    var isChannel: Bool { self == .channel || self == .jsonChannel }
  }

  /// A member's name: in the body where it has no escapes, decoded in the arena where it has, so that one name
  /// written in two ways is one name.
  struct Name {
    let range: Range<Int>
    let isDecoded: Bool

    static let none = Name(range: 0..<0, isDecoded: false)
  }

  /// A place in the tree: under which other, by which name or number.
  struct Path {
    let parent: Int
    let name: Name
    let element: Int
    /// Whether the name is the protocol's or a plain identifier, so that it may stand in a record.
    let isPublic: Bool
    /// The number that the object at this place says it has among its siblings; else -1.
    var statedIndex = -1
    /// Whether the elements at this place are pieces of the same texts.
    var isJoined = false
    /// The place of the member that says that the object at this place is of another kind; else -1.
    var variant = -1
  }

  public internal(set) var segments: [Segment] = []
  /// Places whose object has ended a stream's channels (``Treatment/finish``).
  var finishes: [Int] = []
  /// Places that say which of several texts their object belongs to (``Treatment/identity``), with the word.
  var identities: [(path: Int, raw: Range<Int>)] = []
  /// Numbers that the payload as a whole states, which tell its channels from those of others, in the order of
  /// their rules.
  private(set) var rootIndices: [(order: Int, name: Name, index: Int)] = []
  var paths: [Path] = []
  var arena: [UInt8] = []
  /// Whether an object says that it is of another kind than others at its place (``Treatment/variant``).
  var hasVariant = false
  /// What each attribute is: an index into ``segments``.
  var attributes: [(attribute: Attribute, segment: Int)] = []
  /// Whether the payload asks for a stream.
  public internal(set) var isStreamed = false
  /// How many media there are that stand in no element of an array.
  var media = 0
  /// The elements of arrays that hold media, in the body's order: what can be left out of it.
  var mediaElements: [Range<Int>] = []
  /// Counts of tokens that the payload states.
  public internal(set) var inputTokens: Int?
  public internal(set) var outputTokens: Int?

  public init() {}

  mutating func reset() {
    segments.removeAll(keepingCapacity: true)
    finishes.removeAll(keepingCapacity: true)
    identities.removeAll(keepingCapacity: true)
    rootIndices.removeAll(keepingCapacity: true)
    paths.removeAll(keepingCapacity: true)
    arena.removeAll(keepingCapacity: true)
    attributes.removeAll(keepingCapacity: true)
    isStreamed = false
    hasVariant = false
    media = 0
    mediaElements.removeAll(keepingCapacity: true)
    inputTokens = nil
    outputTokens = nil
  }

  /// Whether the payload holds an image, a sound or a file.
  public var hasMedia: Bool { media > 0 || !mediaElements.isEmpty }

  /// The body with `replacement` in place of each part that holds media; nil where one is not a part that could be
  /// left out.
  public func withoutMedia(_ body: Span<UInt8>, replacement: [UInt8]) -> [UInt8]? {
    guard media == 0 else { return nil }
    var result: [UInt8] = []
    var copied = 0
    for element in mediaElements.sorted(by: { $0.lowerBound < $1.lowerBound })
    where element.lowerBound >= copied {
      result.append(copying: body.extracting(copied..<element.lowerBound))
      result += replacement
      copied = element.upperBound
    }
    result.append(copying: body.extracting(copied..<body.count))
    return result
  }

  /// Lends a segment's text, decoded. `body` is what was walked.
  @inline(__always)
  public func withText<R, E: Error>(
    _ index: Int, of body: Span<UInt8>, _ use: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    let segment = segments[index]
    if let decoded = segment.decoded { return try use(arena.span.extracting(decoded)) }
    return try use(body.extracting(segment.raw))
  }

  /// Lends the name of the member that holds a segment, decoded.
  @inline(__always)
  public func withName<R, E: Error>(
    _ index: Int, of body: Span<UInt8>, _ use: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try withBytes(of: segments[index].name, body, use)
  }

  @inline(__always)
  func withBytes<R, E: Error>(
    of name: Name, _ body: Span<UInt8>, _ use: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    if name.isDecoded { return try use(arena.span.extracting(name.range)) }
    return try use(body.extracting(name.range))
  }

  /// Lends the text of an attribute; nil where the payload has none.
  public func withAttribute<R>(_ attribute: Attribute, of body: Span<UInt8>, _ use: (Span<UInt8>) -> R) -> R?
  {
    guard let found = attributes.last(where: { $0.attribute == attribute }) else { return nil }
    return withText(found.segment, of: body, use)
  }

  /// Which segment an attribute is; nil where the payload has none.
  public func segment(of attribute: Attribute) -> Int? {
    attributes.last { $0.attribute == attribute }?.segment
  }

  /// Appends a segment's JSON Pointer (RFC 6901). Names in it are the sender's and may be protected values: it
  /// is for the filters, and never for a record or a log.
  public func appendPointer(_ index: Int, of body: Span<UInt8>, to pointer: inout [UInt8]) {
    appendPath(segments[index].path, of: body, statedIndices: false, to: &pointer)
  }

  /// Appends a segment's JSON Pointer for a record: `*` stands for each name that is scanned as text itself.
  public func appendPublicPointer(_ index: Int, of body: Span<UInt8>, to pointer: inout [UInt8]) {
    appendPath(segments[index].path, of: body, statedIndices: false, isPublic: true, to: &pointer)
  }

  mutating func addRootIndex(order: Int, name: Name, _ index: Int) {
    let place = rootIndices.firstIndex { $0.order > order } ?? rootIndices.count
    rootIndices.insert((order, name, index), at: place)
  }

  /// Appends the numbers that the payload as a whole states, as the beginning of its channels' pointers.
  func appendRoot(of body: Span<UInt8>, to pointer: inout [UInt8]) {
    for root in rootIndices {
      pointer.append(UInt8(ascii: "/"))
      withBytes(of: root.name, body) { pointer.append(copying: $0) }
      pointer.append(UInt8(ascii: "/"))
      Self.append(root.index, to: &pointer)
    }
  }

  /// Appends the pointer of a place. With `statedIndices` an array element goes by the number that it states,
  /// as streamed deltas do, in place of its position.
  func appendPath(
    _ path: Int, of body: Span<UInt8>, statedIndices: Bool, isPublic: Bool = false,
    to pointer: inout [UInt8]
  ) {
    guard path >= 0 else {
      if statedIndices { appendRoot(of: body, to: &pointer) }
      return
    }
    let place = paths[path]
    appendPath(place.parent, of: body, statedIndices: statedIndices, isPublic: isPublic, to: &pointer)
    pointer.append(UInt8(ascii: "/"))
    guard place.element < 0 else {
      let number = statedIndices && place.statedIndex >= 0 ? place.statedIndex : place.element
      let isJoined = statedIndices && place.parent >= 0 && paths[place.parent].isJoined
      if isJoined { pointer.append(UInt8(ascii: "-")) } else { Self.append(number, to: &pointer) }
      if statedIndices, place.variant >= 0 {
        pointer.append(UInt8(ascii: "~"))
        withBytes(of: paths[place.variant].name, body) { pointer.append(copying: $0) }
      }
      return
    }
    if isPublic && !place.isPublic { return pointer.append(UInt8(ascii: "*")) }
    withBytes(of: place.name, body) { name in
      for index in name.indices {
        switch name[index] {
        case UInt8(ascii: "~"): pointer.append(contentsOf: "~0".utf8)
        case UInt8(ascii: "/"): pointer.append(contentsOf: "~1".utf8)
        case let byte: pointer.append(byte)
        }
      }
    }
  }

  /// Whether every name on the way to a place may stand in a record.
  func isPublic(_ path: Int) -> Bool {
    var path = path
    while path >= 0 {
      guard paths[path].isPublic else { return false }
      path = paths[path].parent
    }
    return true
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    if number >= 10 { append(number / 10, to: &bytes) }
    bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}
