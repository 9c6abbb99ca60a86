/// Where the parts of an envelope are, as ranges of its bytes.
struct EnvelopeFields: Equatable {
  var data: Range<Int>
  var exchange: Range<Int>?
  var log: Range<Int>
  var sequence: UInt64
  var session: Range<Int>?
  var time: Range<Int>
  var type: Range<Int>
  /// Nanoseconds since 1970.
  var timeValue: UInt64

  /// Reads exactly the form that ``Envelope`` writes, or returns nil: keys in that order, nothing between
  /// them, nothing after.
  init?(_ text: Span<UInt8>) {
    var i = 0
    guard JSONScanner.skip("{\"data\":", text, &i), i < text.count, text[i] == UInt8(ascii: "{") else {
      return nil
    }
    let start = i
    guard JSONScanner.skipValue(text, &i) else { return nil }
    data = start..<i
    exchange = nil
    if JSONScanner.skip(",\"exchange\":", text, &i) {
      guard let range = Self.string(text, &i) else { return nil }
      exchange = range
    }
    guard JSONScanner.skip(",\"log\":", text, &i), let logRange = Self.string(text, &i),
      JSONScanner.skip(",\"sequence\":", text, &i), let number = Self.integer(text, &i)
    else { return nil }
    log = logRange
    sequence = number
    session = nil
    if JSONScanner.skip(",\"session\":", text, &i) {
      guard let range = Self.string(text, &i) else { return nil }
      session = range
    }
    guard JSONScanner.skip(",\"time\":", text, &i), let timeRange = Self.string(text, &i),
      let value = Timestamp.parse(text.extracting(timeRange)),
      JSONScanner.skip(",\"type\":", text, &i), let typeRange = Self.string(text, &i),
      JSONScanner.skip(",\"v\":1}", text, &i), i == text.count
    else { return nil }
    time = timeRange
    timeValue = value
    type = typeRange
  }

  /// A string without escapes, without its quotation marks.
  private static func string(_ text: Span<UInt8>, _ i: inout Int) -> Range<Int>? {
    let start = i + 1
    guard JSONScanner.skipString(text, &i) else { return nil }
    for j in start..<i - 1 where text[j] == UInt8(ascii: "\\") { return nil }
    return start..<i - 1
  }

  private static func integer(_ text: Span<UInt8>, _ i: inout Int) -> UInt64? {
    let start = i
    var value: UInt64 = 0
    while i < text.count, text[i] &- UInt8(ascii: "0") < 10, i - start < 16 {
      value = value * 10 + UInt64(text[i] - UInt8(ascii: "0"))
      i += 1
    }
    guard i > start, i == start + 1 || text[start] != UInt8(ascii: "0") else { return nil }
    return value
  }
}
