import FilterHarness
import Testing

/// A text that arrives in pieces gives what the whole gives, whatever the pieces.
@Suite struct DetectStreamTests {
  private static let texts = [
    "Patient Margaret Holloway, DOB 03/14/1961, MRN 4482913, SSN 536-22-8719, was seen by Dr. Rajesh Patel on November 12, 2025 for chest pain. She lives at 42 Oak Street, Springfield, IL 62704, phone (217) 555-0143, e-mail m.holloway@example.com. Troponin negative, BP 128/76.",
    "let key = \"sk-proj-abcdefghijklmnopqrstuvwx\"\nfunc load(name: String) -> Patient? {\n  // TODO: Jane Doe, 617-555-0182\n  return nil\n}\n",
    "PID|1||4482913^^^H^MR||DOE^JANE^Q||19610314|F|||42 Oak Street^^Springfield^IL^62704\n-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\nand then José Álvarez Ruiz, aged 93, came in March 2024.",
    "the patient was well and went home with her daughter after a long talk about the plan and the risks of it",
  ]

  private func findings(_ pieces: [[UInt8]]) throws -> Set<TestFinding> {
    unsafe Set(try standardDetector.get().detect(pieces).findings)
  }

  @Test(arguments: texts)
  func everySplitInTwo(_ text: String) throws {
    let bytes = Array(text.utf8)
    let whole = try findings([bytes])
    for cut in 1..<bytes.count {
      let split = try findings([Array(bytes[..<cut]), Array(bytes[cut...])])
      #expect(split == whole, "cut at \(cut)")
    }
  }

  @Test(arguments: texts)
  func randomSplits(_ text: String) throws {
    var random = SeededGenerator(seed: 5)
    let bytes = Array((text + "\n" + text + " " + text).utf8)
    let whole = try findings([bytes])
    for _ in 0..<40 {
      var pieces: [[UInt8]] = []
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + Int.random(in: 1...24, using: &random))
        pieces.append(Array(bytes[start..<end]))
        start = end
      }
      #expect(try findings(pieces) == whole)
    }
  }

  @Test func plainWordsFlowAtOnce() throws {
    let text = Array(
      "the patient was well and went home with her daughter after a long talk about the plan ".utf8)
    let safe = unsafe try standardDetector.get().detect([text, []]).safe
    #expect(safe.first == UInt64(text.count))
  }

  @Test func aLongRunIsNotHeldForEver() throws {
    let detector = unsafe try standardDetector.get()
    let run = [UInt8](repeating: UInt8(ascii: "A"), count: 20_000)
    let safe = try detector.detect([run, []]).safe
    #expect(UInt64(run.count) - (safe.first ?? 0) <= detector.maximumHold)
  }
}
