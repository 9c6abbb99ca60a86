/// Values that were found in a notation of escapes: `Jos\u00e9`, `Jane%20Doe`, `O&#39;Brien`.
enum EscapedValue {
  /// What a value says without its escapes, as detection has read it; nil where it has none.
  static func plain(_ value: Span<UInt8>) -> [UInt8]? {
    var plain: [UInt8] = []
    var kept = 0
    var position = nextSign(value, from: 0)
    while position < value.count {
      if case .scalar(let number, let length) = Escape.read(value, at: position),
        let scalar = Unicode.Scalar(number), let bytes = UTF8.encode(scalar)
      {
        plain.append(copying: value.extracting(kept..<position))
        plain.append(contentsOf: bytes)
        position += length
        kept = position
      } else {
        position += 1
      }
      position = nextSign(value, from: position)
    }
    guard kept > 0 else { return nil }
    plain.append(copying: value.extracting(kept..<value.count))
    return plain
  }

  private static func nextSign(_ value: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < value.count, !Escape.isStart(value[position]) { position += 1 }
    return position
  }
}
