/// The first byte of an input, or several, say how it is used; the rest is what is tested.
struct FuzzInput {
  private let bytes: [UInt8]
  private var position = 0

  init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }

  /// Zero where nothing is left.
  mutating func byte() -> Int {
    guard position < bytes.count else { return 0 }
    position += 1
    return Int(bytes[position - 1])
  }

  /// A place to cut `count` bytes at.
  mutating func cut(_ count: Int) -> Int {
    let number = byte() << 8 | byte()
    return number % (count + 1)
  }

  var rest: [UInt8] { Array(bytes[position...]) }
}

/// Numbers that look random, the same for the same seed: a crash must come again.
struct FuzzNumbers {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &+ 1 }

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % max(1, bound)
  }
}

/// A precondition that says in an optimised build, too, what did not hold.
@inline(__always)
func require(_ isTrue: Bool, _ what: @autoclosure () -> String) {
  if !isTrue { fatalError(what()) }
}
