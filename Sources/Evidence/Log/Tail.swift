/// What follows the last whole frame of a segment, and whether a writer that was stopped can have left it.
///
/// A process that is killed leaves the beginning of what it wrote. A machine that loses power may leave whole
/// sectors unwritten (zeros, as a segment is zeros before it's written) and later ones written. Neither leaves
/// a frame of which every byte is there and some are wrong, so such a frame was altered: records are JSON and
/// hold no zero byte.
struct Tail: Equatable {
  /// How many bytes from the last whole frame to the last byte that isn't zero. 0: a clean end.
  var size: Int
  /// Whether an unfinished write explains it.
  var isUnfinishedWrite: Bool

  private static let sector = 512

  /// Reads everything from `offset` on.
  static func read(
    _ file: OpenFile, _ fileSystem: any FileSystem, from offset: Int, _ hasher: Hasher256
  ) throws(SystemFailure) -> Tail {
    var bytes: [UInt8] = []
    var end = offset
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try fileSystem.read(file, at: end, into: &chunk, from: 0)
      if count == 0 { break }
      if !isZero(chunk.span.extracting(0..<count)) {
        // The zeros before it belong to the tail, those after it don't.
        bytes += [UInt8](repeating: 0, count: end - offset - bytes.count)
        bytes.append(contentsOf: chunk[..<count])
      }
      end += count
    }
    while bytes.last == 0 { bytes.removeLast() }
    return Tail(size: bytes.count, isUnfinishedWrite: isUnfinished(bytes, at: offset, hasher))
  }

  private static func isUnfinished(_ bytes: [UInt8], at offset: Int, _ hasher: Hasher256) -> Bool {
    if bytes.count < Frame.headerSize || hasEmptySector(bytes, at: offset) { return true }
    let first = Frame.header(bytes.span, at: 0)
    // The whole frame is there, and it's no good.
    if !first.isRemoved, first.length > 0, first.length <= bytes.count - Frame.headerSize { return false }
    // The record is there and fits its hash, so it's the length that was changed.
    if unsafe hasher.leaf(bytes.span.extracting(Frame.headerSize..<bytes.count).bytes) == first.leaf {
      return false
    }
    return !hasWholeFrame(bytes, hasher)
  }

  /// Whether one of the file's sectors that lie inside `bytes` is all zero.
  private static func hasEmptySector(_ bytes: [UInt8], at offset: Int) -> Bool {
    var start = (sector - offset % sector) % sector
    while start + sector <= bytes.count {
      if isZero(bytes.span.extracting(start..<start + sector)) { return true }
      start += sector
    }
    return false
  }

  private static func isZero(_ bytes: Span<UInt8>) -> Bool {
    for i in bytes.indices where bytes[i] != 0 { return false }
    return true
  }

  /// Whether a good frame lies anywhere after the first byte.
  private static func hasWholeFrame(_ bytes: [UInt8], _ hasher: Hasher256) -> Bool {
    let span = bytes.span
    var start = 1
    while start + Frame.headerSize < bytes.count {
      defer { start += 1 }
      // Every record begins so; this spares nearly all checksums.
      guard span[start + Frame.headerSize] == UInt8(ascii: "{") else { continue }
      let header = Frame.header(span, at: start)
      let body = start + Frame.headerSize
      guard header.isIntact, !header.isRemoved, header.length > 0, header.length <= bytes.count - body else {
        continue
      }
      if unsafe hasher.leaf(span.extracting(body..<body + header.length).bytes) == header.leaf { return true }
    }
    return false
  }
}
