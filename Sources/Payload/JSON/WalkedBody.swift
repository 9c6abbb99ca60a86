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
    /// Where the text stands in the body, in bytes: between the quotes of a string, or a whole number.
    public let raw: Range<Int>
    public internal(set) var role: Role
    /// How it is to be treated apart from being scanned.
    let use: Use
    /// Whether `raw` has escapes, so that the text is not the raw bytes.
    public let isEscaped: Bool
    /// Whether it is a bare number; an edit makes it a string.
    public let isNumber: Bool
    /// The decoded text's place in the arena, where it is escaped.
    let decoded: Range<Int>
    /// The name of the member that holds it, in the body; empty where there is none.
    let name: Range<Int>
    /// Its place in the tree.
    let path: Int
  }

  /// What a segment is for.
  enum Use: UInt8 {
    case text, channel, attribute
  }

  /// A place in the tree: under which other, by which name or number.
  struct Path {
    let parent: Int
    let name: Range<Int>
    let element: Int
    /// The number that the object at this place says it has among its siblings; else -1.
    var statedIndex = -1
  }

  public internal(set) var segments: [Segment] = []
  /// Places whose object has ended a stream's channels (``Treatment/finish``).
  var finishes: [Int] = []
  var paths: [Path] = []
  var arena: [UInt8] = []
  /// What each attribute is: an index into ``segments``.
  var attributes: [(attribute: Attribute, segment: Int)] = []
  /// Whether the payload asks for a stream.
  public internal(set) var isStreamed = false
  /// The first place that holds media; nil: none does.
  var mediaPath: Int?
  /// Counts of tokens that the payload states.
  public internal(set) var inputTokens: Int?
  public internal(set) var outputTokens: Int?

  public init() {}

  mutating func reset() {
    segments.removeAll(keepingCapacity: true)
    finishes.removeAll(keepingCapacity: true)
    paths.removeAll(keepingCapacity: true)
    arena.removeAll(keepingCapacity: true)
    attributes.removeAll(keepingCapacity: true)
    isStreamed = false
    mediaPath = nil
    inputTokens = nil
    outputTokens = nil
  }

  /// Whether the payload holds an image, a sound or a file.
  public var hasMedia: Bool { mediaPath != nil }

  /// Lends a segment's text, decoded. `body` is what was walked.
  @inline(__always)
  public func withText<R, E: Error>(
    _ index: Int, of body: Span<UInt8>, _ use: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    let segment = segments[index]
    if segment.isEscaped { return try use(arena.span.extracting(segment.decoded)) }
    return try use(body.extracting(segment.raw))
  }

  /// Lends the name of the member that holds a segment, as it is written in the body.
  @inline(__always)
  public func withName<R, E: Error>(
    _ index: Int, of body: Span<UInt8>, _ use: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try use(body.extracting(segments[index].name))
  }

  /// Lends the text of an attribute; nil where the payload has none.
  public func withAttribute<R>(_ attribute: Attribute, of body: Span<UInt8>, _ use: (Span<UInt8>) -> R) -> R?
  {
    guard let found = attributes.last(where: { $0.attribute == attribute }) else { return nil }
    return withText(found.segment, of: body, use)
  }

  /// Appends a segment's JSON Pointer (RFC 6901).
  public func appendPointer(_ index: Int, of body: Span<UInt8>, to pointer: inout [UInt8]) {
    appendPath(segments[index].path, of: body, statedIndices: false, to: &pointer)
  }

  /// Appends the pointer of a place. With `statedIndices` an array element goes by the number that it states,
  /// as streamed deltas do, in place of its position.
  func appendPath(_ path: Int, of body: Span<UInt8>, statedIndices: Bool, to pointer: inout [UInt8]) {
    guard path >= 0 else { return }
    let place = paths[path]
    appendPath(place.parent, of: body, statedIndices: statedIndices, to: &pointer)
    pointer.append(UInt8(ascii: "/"))
    guard place.element < 0 else {
      let number = statedIndices && place.statedIndex >= 0 ? place.statedIndex : place.element
      return Self.append(number, to: &pointer)
    }
    let name = body.extracting(place.name)
    for index in name.indices {
      switch name[index] {
      case UInt8(ascii: "~"): pointer.append(contentsOf: "~0".utf8)
      case UInt8(ascii: "/"): pointer.append(contentsOf: "~1".utf8)
      case let byte: pointer.append(byte)
      }
    }
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    if number >= 10 { append(number / 10, to: &bytes) }
    bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}
