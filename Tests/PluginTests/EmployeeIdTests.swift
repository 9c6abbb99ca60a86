import FilterABI
import FilterHarness
import Testing

/// The example in C, by its own entry function: it is the one plugin whose entry is linked into these tests.
@Suite struct EmployeeIdTests {
  private func make(_ configuration: String = "{}") throws -> Instance<DetectStage> {
    unsafe try Instance(entry: { unsafe sluice_plugin_v1($0) }, configuration)
  }

  private func found(_ text: String, _ configuration: String = "{}") throws -> [String] {
    let bytes = Array(text.utf8)
    return try make(configuration).detect([bytes]).findings.map {
      String(decoding: bytes[$0.range], as: UTF8.self)
    }
  }

  @Test(arguments: [
    ("EMP-123456", ["EMP-123456"]), ("see EMP-123456.", ["EMP-123456"]), ("EMP-1234567", []),
    ("EMP-12345", []), ("XEMP-123456", []),
    ("EMP-123456X", []), ("emp-123456", []), ("EMP-EMP-123456", ["EMP-123456"]),
    ("EMP-123456,EMP-654321", ["EMP-123456", "EMP-654321"]),
    ("EEMP-123456 EMP-123456", ["EMP-123456"]), ("éEMP-123456", []), ("", []), ("EMP-12345EMP-123456", []),
    ("EMP-123456-EMP-111111", ["EMP-123456", "EMP-111111"]),
  ])
  func numbersAreFound(text: String, expected: [String]) throws {
    #expect(try found(text) == expected)
  }

  @Test func thePrefixIsConfigurable() throws {
    #expect(try found("STAFF_123456 EMP-123456", #"{"prefix":"STAFF_"}"#) == ["STAFF_123456"])
    #expect(try found("1-1-123456 1-123456", #"{"prefix":"1-1-"}"#) == ["1-1-123456"])
  }

  @Test(arguments: ["[]", #"{"prefix":""}"#, #"{"prefix":"01234567890123456"}"#, #"{"other":"x"}"#, ""])
  func otherConfigurationsAreRefused(configuration: String) {
    #expect(throws: FilterFailure.self) { try make(configuration) }
  }

  @Test func aHostOfAnotherMajorNumberIsRefused() {
    let failure = #expect(throws: FilterFailure.self) {
      unsafe try Instance<DetectStage>(entry: { unsafe sluice_plugin_v1($0) }, host: TestHost(major: 2))
    }
    #expect(failure?.status == SLUICE_ERROR_UNSUPPORTED)
  }

  /// Any split gives the same findings; what is held back stays within what was declared; nothing found later
  /// begins below what was called safe.
  @Test func anySplitGivesTheSameFindings() throws {
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let filter = try make()
    let parts = [
      "EMP-123456", "EMP-", "12", "E", " ", "-", "é", "EMP-99999", "word ", "EEMP-111111", "EMP-222222",
    ]
    for _ in 0..<500 {
      let text = (0..<random(12) + 1).flatMap { _ in Array(parts[random(parts.count)].utf8) }
      let whole = try filter.detect([text]).findings
      var pieces: [[UInt8]] = []
      var at = 0
      while at < text.count {
        let length = min(random(7), text.count - at)
        pieces.append(Array(text[at..<at + length]))
        at += length
      }
      pieces.append([])
      let split = try filter.detect(pieces)
      #expect(split.findings == whole)
      var fed: UInt64 = 0
      for (piece, safe) in zip(pieces, split.safe) {
        fed += UInt64(piece.count)
        #expect(safe <= fed && fed - safe <= filter.maximumHold)
      }
      #expect(split.safe == split.safe.sorted() && split.safe.last == UInt64(text.count))
    }
  }
}
