@testable import Payload

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

let anything = RuleTable([])

/// The texts of a body with their pointers.
func walk(_ body: [UInt8], _ rules: RuleTable = anything) throws(PayloadError) -> (
  walked: WalkedBody, texts: [String: String]
) {
  var walker = JSONWalker()
  var walked = WalkedBody()
  try walker.walk(body.span, rules: rules, into: &walked)
  var texts: [String: String] = [:]
  for index in walked.segments.indices {
    var pointer: [UInt8] = []
    walked.appendPointer(index, of: body.span, to: &pointer)
    let key = walked.segments[index].role == .key ? text(pointer) + "#key" : text(pointer)
    texts[key] = walked.withText(index, of: body.span) { span in
      var copy: [UInt8] = []
      copy.append(copying: span)
      return text(copy)
    }
  }
  return (walked, texts)
}

func failure(_ body: [UInt8], _ rules: RuleTable = anything) -> PayloadError? {
  do {
    _ = try walk(body, rules)
    return nil
  } catch { return error }
}
