internal import FilterABI

/// The border between Swift's memory and the ABI's pointers: what crosses it is bounded here.
extension sluice_bytes {
  static var empty: sluice_bytes { unsafe sluice_bytes(data: nil, length: 0) }

  @inline(__always)
  init(_ buffer: UnsafeBufferPointer<UInt8>) {
    unsafe self.init(data: buffer.baseAddress, length: UInt64(buffer.count))
  }

  /// Lends what a plugin gave as a span. A length that no memory has lends nothing.
  @inline(__always)
  func withSpan<R>(_ body: (Span<UInt8>) -> R) -> R {
    let count = unsafe data == nil ? 0 : Int(exactly: length) ?? 0
    return unsafe body(Span(_unsafeElements: UnsafeBufferPointer(start: data, count: count)))
  }

  /// A copy. A length that no memory has copies nothing.
  var copied: [UInt8] {
    unsafe withSpan { span in
      var bytes: [UInt8] = []
      bytes.append(span)
      return bytes
    }
  }

  /// A copy as text, cut after so many bytes; invalid UTF-8 is repaired.
  func text(upTo limit: Int) -> String {
    let count = unsafe data == nil ? 0 : min(Int(clamping: length), limit)
    return unsafe String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
  }

  /// A copy as text; nil where it is longer than the limit or not UTF-8, as a value is that must not be changed.
  func exactText(upTo limit: Int) -> String? {
    guard unsafe length <= UInt64(limit) else { return nil }
    guard let data = unsafe data else { return unsafe length == 0 ? "" : nil }
    return unsafe String(validating: UnsafeBufferPointer(start: data, count: Int(length)), as: UTF8.self)
  }
}

extension sluice_array {
  static var empty: sluice_array { unsafe sluice_array(first: nil, count: 0, stride: 0) }

  init<T>(_ buffer: UnsafeBufferPointer<T>) {
    unsafe self.init(
      first: buffer.baseAddress, count: UInt64(buffer.count), stride: UInt64(MemoryLayout<T>.stride))
  }

  /// The texts of an array of `sluice_bytes`; nil where there are more than `count`, or one is longer than
  /// `length` or not UTF-8.
  func texts(count limit: Int, length: Int) -> [String]? {
    guard unsafe count <= UInt64(limit) else { return nil }
    guard unsafe count > 0 else { return [] }
    guard let first = unsafe first, unsafe stride >= UInt64(MemoryLayout<sluice_bytes>.size),
      unsafe stride <= 4096
    else {
      return nil
    }
    var texts: [String] = []
    for index in unsafe 0..<Int(count) {
      let bytes = unsafe first.loadUnaligned(fromByteOffset: index * Int(stride), as: sluice_bytes.self)
      guard let text = unsafe bytes.exactText(upTo: length) else { return nil }
      texts.append(text)
    }
    return texts
  }
}

extension String {
  /// Lends the text's UTF-8 to a plugin.
  func withABI<R>(_ body: (sluice_bytes) -> R) -> R {
    var copy = self
    return copy.withUTF8 { unsafe body(sluice_bytes($0)) }
  }

  /// Text of a plugin's as it may stand in a line of a log, a message or a header field: without control characters
  /// and without those that change how what follows is shown.
  var printable: String {
    var kept = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x00...0x1F, 0x7F...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: continue
      default: kept.append(scalar)
      }
    }
    return String(kept)
  }
}

extension [UInt8] {
  /// Appends a span's bytes in one go.
  @inline(__always)
  mutating func append(_ span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
