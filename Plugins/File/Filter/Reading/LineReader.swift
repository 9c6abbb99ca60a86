internal import FilterKit
internal import Gzip

/// Steps through the lines of one file, plain or compressed. Memory: a chunk and the longest line.
final class LineReader {
  private static let chunk = 256 << 10

  private let system: SystemCalls
  private let file: Int32
  private let decompressor: GzipDecompressor?
  private var offset: UInt64 = 0
  private var text: [UInt8] = []
  /// Where the next line begins in ``text``.
  private var start = 0
  private var input: [UInt8] = []

  /// Takes the file over, and closes it. Nil where there is no memory.
  init?(_ file: Int32, isCompressed: Bool, _ system: SystemCalls) {
    self.system = system
    self.file = file
    decompressor = isCompressed ? GzipDecompressor() : nil
    if isCompressed && decompressor == nil { return nil }
  }

  deinit { system.closeFile(file) }

  /// The next line, without its end; nil at the end, and where a line is still being written.
  func next() throws(FilterError) -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let end = text[searched...].firstIndex(of: 0x0A) {
        defer { start = end + 1 }
        return text[start..<end]
      }
      text.removeFirst(start)
      start = 0
      searched = text.count
      guard try fill() else { return nil }
    }
  }

  /// Returns whether there was more.
  private func fill() throws(FilterError) -> Bool {
    do throws(SystemError) {
      try system.read(file, at: offset, count: Self.chunk, into: &input)
    } catch {
      throw FilterError(.unavailable, "A file of the file sink can't be read (\(error.message)).")
    }
    guard !input.isEmpty else { return false }
    offset += UInt64(input.count)
    guard let decompressor else {
      text += input
      return true
    }
    var output: [UInt8] = []
    let isGood = decompressor.decompress(input.span) { output += Array(copying: $0) }
    guard isGood else {
      throw FilterError(.internal, "A compressed file of the file sink is damaged.")
    }
    text += output
    return true
  }
}
