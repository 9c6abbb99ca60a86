/// A JSON Pointer (RFC 6901) with `*` for any one step. It stands for the value there and all that is below it.
struct PointerPattern: Sendable {
  private let steps: [[UInt8]]

  init(_ text: String) {
    steps = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { Array($0.utf8) }
  }

  func matches(_ pointer: Span<UInt8>) -> Bool {
    var at = 0
    for step in steps {
      guard at < pointer.count, pointer[at] == UInt8(ascii: "/") else { return false }
      var end = at + 1
      while end < pointer.count, pointer[end] != UInt8(ascii: "/") { end += 1 }
      if step != [UInt8(ascii: "*")], !isEqual(step, pointer.extracting(at + 1..<end)) { return false }
      at = end
    }
    return true
  }

  private func isEqual(_ step: [UInt8], _ bytes: Span<UInt8>) -> Bool {
    guard step.count == bytes.count else { return false }
    for index in step.indices where step[index] != bytes[index] { return false }
    return true
  }
}
