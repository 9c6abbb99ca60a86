import FilterABI
import Testing

@testable import FilterChain

private func print(_ number: Int) -> SentHistory.Print {
  var bytes = InlineArray<16, UInt8>(repeating: 0)
  for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
  return SentHistory.Print(bytes)
}

private let name = unsafe Names.kind("NAME".abi)
private let ssn = unsafe Names.kind("SSN".abi)

extension String {
  /// Never freed: for the tests' names.
  fileprivate var abi: sluice_bytes { unsafe Names.immortal(self) }
}

@Suite struct SentHistoryTests {
  @Test func countsTheUnionWithinTheWindow() throws {
    let (name, ssn) = (try #require(name), try #require(ssn))
    let history = SentHistory()
    history.note("Ana", [name: [print(1), print(2)], ssn: [print(3)]], time: 1000)
    history.note("ana", [name: [print(2), print(4)]], time: 1100)
    #expect(history.count("ANA", since: 0, kind: nil, with: []) == 4)
    #expect(history.count("ana", since: 0, kind: name, with: []) == 3)
    #expect(history.count("ana", since: 1001, kind: nil, with: []) == 2)
    #expect(history.count("ana", since: 0, kind: name, with: [print(1), print(9)]) == 4)
    #expect(history.count("bo", since: 0, kind: nil, with: [print(1)]) == 1)
  }

  @Test func whatDoesNotFitIsNeverCountedAsLess() throws {
    let name = try #require(name)
    let history = SentHistory()
    for number in 0..<SentHistory.maximumOfSender + 1000 {
      history.note("ana", [name: [print(number)]], time: 1000 + Int64(number))
    }
    #expect(history.count("ana", since: 0, kind: nil, with: []) >= SentHistory.maximumOfSender)
    // A window that reaches back to nothing that was dropped is exact.
    #expect(
      history.count("ana", since: 1000 + Int64(SentHistory.maximumOfSender), kind: nil, with: []) == 1000)
  }

  @Test func manyPeopleDoNotFillTheMemory() throws {
    let name = try #require(name)
    let history = SentHistory()
    for sender in 0..<300 {
      history.note(
        "sender-\(sender)", [name: Set((0..<1000).map { print(sender * 1000 + $0) })], time: Int64(sender))
    }
    let kept = (0..<300).filter { history.count("sender-\($0)", since: 0, kind: nil, with: []) > 0 }
    #expect(kept.count * 1000 <= SentHistory.maximum && kept.last == 299 && kept.contains(299))
    #expect(kept == Array((300 - kept.count)..<300), "those who were silent for the longest went")
  }

  @Test func aDayLaterItIsGoneWhenThereIsNeed() throws {
    let name = try #require(name)
    let history = SentHistory()
    history.note("ana", [name: Set((0..<3000).map(print))], time: 0)
    history.note("ana", [name: Set((3000..<5000).map(print))], time: 2 * 86_400)
    // What is a day old does not make the rest uncertain.
    #expect(history.count("ana", since: 86_400, kind: nil, with: []) == 2000)
  }
}
