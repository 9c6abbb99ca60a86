internal import FilterChain
internal import Payload

/// A text in a message's head: a field goes on where nothing is found in it, and an address only then.
struct HeadText: Sendable {
  enum Place: String, Sendable { case headers, path, query }

  let place: Place
  let name: String
  let value: [UInt8]

  /// Where it stands, as records say it.
  var pointer: [UInt8] { Array("/\(place.rawValue)/\(name)".utf8) }

  func lend(_ use: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
    let name = Array(name.utf8)
    use(UInt32(Role.metadata.rawValue), pointer.span, name.span, value.span)
  }
}

/// A walked body, and the texts of its request's head, as the chain of filters sees them.
struct BodySource: SegmentSource {
  let body: [UInt8]
  let walked: WalkedBody
  let fields: [HeadText]

  var segmentCount: Int { walked.segments.count + fields.count }

  func withSegment(_ index: Int, _ use: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
    guard index < walked.segments.count else { return fields[index - walked.segments.count].lend(use) }
    var pointer: [UInt8] = []
    walked.appendPointer(index, of: body.span, to: &pointer)
    // What is in it comes by itself.
    if walked.segments[index].isOuter {
      let nothing: [UInt8] = []
      return use(UInt32(walked.segments[index].role.rawValue), pointer.span, nothing.span, nothing.span)
    }
    walked.withText(index, of: body.span) { text in
      walked.withName(index, of: body.span) { name in
        use(UInt32(walked.segments[index].role.rawValue), pointer.span, name, text)
      }
    }
  }
}

/// The texts of the head of a request that has no body.
struct FieldsSource: SegmentSource {
  let fields: [HeadText]
  var segmentCount: Int { fields.count }

  func withSegment(_ index: Int, _ use: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
    fields[index].lend(use)
  }
}

/// A body that is one plain text.
struct TextSource: SegmentSource {
  let text: [UInt8]
  var segmentCount: Int { 1 }

  func withSegment(_ index: Int, _ use: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
    let nothing: [UInt8] = []
    use(0, nothing.span, nothing.span, text.span)
  }
}
