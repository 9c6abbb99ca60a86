import Testing

@testable import FilterChain

@Suite struct ServiceTests {
  @Test func showsLiteralsAndPublicFieldsAlone() throws {
    let host = TestHost()
    _ = try host.chain("detect: { mode: gossip }")
    let log = host.log.joined(separator: "\n")
    #expect(!log.contains("CANARY"))
    #expect(!log.contains("4711"))
    #expect(
      log.contains(
        "warning (not a literal) text=<8 bytes> other=<8 bytes> number=<number> plain=onetwo (not a literal)=1"
      ))
    #expect(log.contains("info an instance begins live="))
  }

  @Test func fingerprintsFromManyThreads() async {
    let fingerprints = Fingerprinter(key: Array(0..<32))
    let expected = (0..<64).map { value in
      fingerprints.compute([0x41].span, [UInt8(value)].span)
    }.map { print in (0..<16).map { print[$0] } }
    #expect(Set(expected).count == 64)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<64).allSatisfy { value in
            let print = fingerprints.compute([0x41].span, [UInt8(value)].span)
            return (0..<16).map { print[$0] } == expected[value]
          }
        }
      }
      for await isSame in group { #expect(isSame) }
    }
  }

  @Test func tellsDomainsApart() {
    let fingerprints = Fingerprinter(key: Array(0..<32))
    func print(_ domain: String, _ value: String) -> [UInt8] {
      let print = fingerprints.compute(Array(domain.utf8).span, Array(value.utf8).span)
      return (0..<16).map { print[$0] }
    }
    #expect(print("NAME", "x") != print("SSN", "x"))
    #expect(print("AB", "C") != print("A", "BC"))
  }

  @Test func keepsControlCharactersOutOfMessages() {
    #expect("a\u{0}b\nc\u{7F}d\u{9B}e\u{202E}f\u{200B}g".printable == "abcdefg")
    #expect("Jürgen 😀".printable == "Jürgen 😀")
  }
}
