internal import FilterChain
internal import Payload

/// A walked body as the chain of filters sees it.
struct BodySource: SegmentSource {
  let body: [UInt8]
  let walked: WalkedBody

  var segmentCount: Int { walked.segments.count }

  func withSegment(_ index: Int, _ use: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
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

/// A body that is one plain text.
struct TextSource: SegmentSource {
  let text: [UInt8]
  var segmentCount: Int { 1 }

  func withSegment(_ index: Int, _ use: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
    let nothing: [UInt8] = []
    use(0, nothing.span, nothing.span, text.span)
  }
}
