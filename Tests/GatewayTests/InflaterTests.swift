import CZlib
import Testing

@testable import Gateway

@Suite struct InflaterTests {
  static let text = Array(
    (0..<400).map { "{\"message\":\"line \($0) of a chat\",\"role\":\"user\"}" }.joined(separator: "\n").utf8)

  /// zlib's own compressor; 31 bits of window: gzip, 15: zlib, -15: raw.
  static func deflated(_ bytes: [UInt8], windowBits: Int32 = 31) throws -> [UInt8] {
    var stream = unsafe z_stream()
    #expect(
      unsafe deflateInit2_(
        &stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK)
    defer { unsafe deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: bytes.count + 1024)
    var input = bytes
    let made = unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(target.count)
        #expect(unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return unsafe target.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<made])
  }

  private func inflate(
    _ pieces: [[UInt8]], _ coding: ContentCoding = .gzip, limit: Int = 1 << 30
  ) throws(ContentCodingError) -> [UInt8] {
    var inflater = Inflater(coding)
    var output: [UInt8] = []
    for piece in pieces { try inflater.receive(piece.span, into: &output, limit: limit) }
    try inflater.finish()
    return output
  }

  @Test(arguments: [
    (ContentCoding.gzip, Int32(31)), (.deflate, 15), (.deflate, -15),
  ]) func aBodySplitAtEachByte(_ coding: ContentCoding, _ windowBits: Int32) throws {
    let text = Array(Self.text.prefix(3000))
    let body = try Self.deflated(text, windowBits: windowBits)
    for cut in 0...body.count {
      #expect(try inflate([Array(body[..<cut]), Array(body[cut...])], coding) == text)
    }
    #expect(try inflate(body.map { [$0] }, coding) == text)
  }

  @Test(arguments: [
    (ContentCoding.gzip, Int32(31)), (.deflate, 15), (.deflate, -15),
  ]) func aBodyCutAtEachByteIsAnError(_ coding: ContentCoding, _ windowBits: Int32) throws {
    let body = try Self.deflated(Array(Self.text.prefix(500)), windowBits: windowBits)
    for end in 1..<body.count {
      #expect(throws: ContentCodingError.truncated) { try inflate([Array(body[..<end])], coding) }
    }
  }

  @Test func membersFollowOneAnother() throws {
    let body = try Self.deflated(Array("one ".utf8)) + Self.deflated([]) + Self.deflated(Array("two".utf8))
    for cut in 0...body.count {
      #expect(try inflate([Array(body[..<cut]), Array(body[cut...])]) == Array("one two".utf8))
    }
  }

  @Test(arguments: [[0], [0x1F], [0x0A, 0x0A], Array("{}".utf8)] as [[UInt8]])
  func whatFollowsTheEndIsAnError(_ rest: [UInt8]) throws {
    for (coding, bits) in [(ContentCoding.gzip, Int32(31)), (.deflate, 15)] {
      let body = try Self.deflated(Array("text".utf8), windowBits: bits)
      #expect(throws: ContentCodingError.self) { try inflate([body + rest], coding) }
      #expect(throws: ContentCodingError.self) { try inflate([body, rest], coding) }
    }
  }

  @Test func eachFlippedBitOfTheTrailerIsSeen() throws {
    let body = try Self.deflated(Array("some text".utf8))
    for index in (body.count - 8)..<body.count {
      for bit in 0..<8 {
        var broken = body
        broken[index] ^= 1 << UInt8(bit)
        #expect(throws: ContentCodingError.malformed) { try inflate([broken]) }
      }
    }
  }

  @Test func whatIsNotCompressedIsAnError() {
    for coding in [ContentCoding.gzip, .deflate] {
      #expect(throws: ContentCodingError.self) { try inflate([Array("{\"a\": 1}".utf8)], coding) }
    }
  }

  @Test func nothingIsNoBody() throws {
    #expect(try inflate([]) == [])
    #expect(try inflate([[], []]) == [])
  }

  @Test func aBombIsRefusedEarly() throws {
    let bomb = try Self.deflated([UInt8](repeating: 0x20, count: 16 << 20))
    #expect(bomb.count < 20_000)
    var inflater = Inflater(.gzip)
    var output: [UInt8] = []
    #expect(throws: ContentCodingError.bomb) {
      try inflater.receive(bomb.span, into: &output, limit: 1 << 30)
    }
    #expect(output.count <= Inflater.freeBytes + Inflater.pieceBytes)
    #expect(throws: ContentCodingError.self) { try inflater.finish() }
  }

  @Test func smallWhiteSpaceIsNoBomb() throws {
    let spaces = [UInt8](repeating: 0x20, count: Inflater.freeBytes)
    #expect(try inflate([try Self.deflated(spaces)]) == spaces)
  }

  @Test func theLimitIsExact() throws {
    let body = try Self.deflated(Self.text)
    #expect(try inflate([body], limit: Self.text.count) == Self.text)
    #expect(throws: ContentCodingError.tooLarge(limit: Self.text.count - 1)) {
      try inflate([body], limit: Self.text.count - 1)
    }
  }

  @Test func whoHasEnoughGetsNoMore() throws {
    var seed: UInt64 = 7
    let noise = (0..<300_000).map { _ -> UInt8 in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: seed >> 56)
    }
    let body = try Self.deflated(noise)
    var inflater = Inflater(.gzip)
    var calls = 0
    try inflater.receive(body.span, limit: .max) { piece in
      calls += 1
      #expect(piece.count <= Inflater.pieceBytes)
      return calls < 3
    }
    #expect(calls == 3)
    #expect(try inflate([body]) == noise)
  }

  @Test(arguments: [ContentCoding.gzip, .deflate])
  func whatTheDeflaterFlushesCanBeReadAtOnce(_ coding: ContentCoding) throws {
    var deflater = try #require(Deflater(coding))
    var inflater = Inflater(coding)
    var output: [UInt8] = []
    for number in 0..<200 {
      let event = Array("data: {\"n\": \(number), \"text\": \"müller\"}\n\n".utf8)
      var sent: [UInt8] = []
      deflater.receive(event.span, flush: true, into: &sent)
      output = []
      try inflater.receive(sent.span, into: &output, limit: 1 << 20)
      #expect(output == event)
    }
    var last: [UInt8] = []
    deflater.finish(into: &last)
    output = []
    try inflater.receive(last.span, into: &output, limit: 1 << 20)
    try inflater.finish()
    #expect(output.isEmpty)
  }
}
