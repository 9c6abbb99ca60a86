// Measures Payload alone, on one core: walking, walking and splicing, and a copy of the same bytes beside it.
// Built as one module with the room's sources by Benchmarks/payload.sh.
import Glibc

private func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Megabytes (10⁶) a second: the median of several rounds.
private func rate(_ bytes: Int, rounds: Int = 9, _ work: () -> Void) -> Double {
  var rates: [Double] = []
  for _ in 0..<rounds {
    let start = now()
    var count = 0
    repeat {
      work()
      count += 1
    } while now() - start < 0.2
    rates.append(Double(bytes * count) / (now() - start) / 1e6)
  }
  return rates.sorted()[rounds / 2]
}

private let prose =
  "The patient reports intermittent shortness of breath on exertion over the last two weeks, without fever or cough. "
private let code =
  "func area(of shape: Shape) -> Double { return shape.width * shape.height } // \\u00e9\\n\\t\\\"quoted\\\" "

private func chat(_ kind: String, messages: Int, each: Int) -> [UInt8] {
  var text = ""
  while text.utf8.count < each { text += kind }
  let message = "{\"role\":\"user\",\"content\":\"\(text)\"}"
  let all = Array(repeating: message, count: messages).joined(separator: ",")
  return Array("{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[\(all)]}".utf8)
}

private func arguments() -> [UInt8] {
  let inner = #"{\"path\":\"src/main.swift\",\"text\":\"line one\\nline two\",\"n\":12}"#
  let call =
    #"{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"edit","arguments":"\#(inner)"}}]}"#
  return Array("{\"messages\":[\(Array(repeating: call, count: 400).joined(separator: ","))]}".utf8)
}

@main enum Measure {
  static func main() {
    let rules = RuleTable([
      ("/model", .attribute(.model)), ("/stream", .attribute(.stream)), ("/messages/*/role", .role),
      ("/messages/*/content", .text(.unknown)), ("/messages/*/tool_calls/*/id", .token),
      ("/messages/*/tool_calls/*/type", .token),
      ("/messages/*/tool_calls/*/function/name", .text(.toolName)),
      ("/messages/*/tool_calls/*/function/arguments", .text(.toolArguments)),
    ])
    let bodies: [(name: String, body: [UInt8])] = [
      ("prose, 2 KB", chat(prose, messages: 1, each: 2_000)),
      ("prose, 200 KB in 20 messages", chat(prose, messages: 20, each: 10_000)),
      ("code with escapes, 200 KB", chat(code, messages: 20, each: 10_000)),
      ("tool arguments, 60 KB", arguments()),
    ]
    print("| body | bytes | walk MB/s | walk and splice MB/s | copy MB/s |")
    print("|---|---|---|---|---|")
    for (name, body) in bodies {
      var walker = JSONWalker()
      var walked = WalkedBody()
      var splicer = Splicer()
      var output: [UInt8] = []
      let replacement = Array("[NAME_K7Q2MT]".utf8)
      let walk = rate(body.count) {
        do { try walker.walk(body.span, rules: rules, into: &walked) } catch { fatalError("\(error)") }
      }
      let splice = rate(body.count) {
        do { try walker.walk(body.span, rules: rules, into: &walked) } catch { fatalError("\(error)") }
        splicer.reset()
        for index in walked.segments.indices where !walked.segments[index].isOuter {
          let count = walked.withText(index, of: body.span) { $0.count }
          // One finding for each kilobyte, and one at least.
          for start in stride(from: 4, to: max(5, count - 12), by: 1024) where start + 12 < count {
            splicer.replace(segment: index, range: start..<start + 12, with: replacement.span)
          }
        }
        output.removeAll(keepingCapacity: true)
        splicer.splice(body.span, walked: walked, into: &output)
      }
      let copy = rate(body.count) {
        output.removeAll(keepingCapacity: true)
        output.append(copying: body.span)
      }
      print("| \(name) | \(body.count) | \(Int(walk)) | \(Int(splice)) | \(Int(copy)) |")
    }
  }
}
