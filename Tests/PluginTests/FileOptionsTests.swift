import FilterHarness
import FilterKit
import Gzip
import JSONTree
import Testing

@testable import FileFilter

@Suite struct FileOptionsTests {
  private func make(_ configuration: String) throws -> Instance<SinkStage> {
    try Instance(Plugin(id: "org.sluice.file", version: "0.1.0").sink(FileSink.self), configuration)
  }

  @Test func quantitiesAreRead() throws {
    let json = try JSONReader.read(
      Array(
        #"{"directory":"./evidence/","max-size":"2MiB","max-age":"12h","retain":"2190d","compress":false}"#
          .utf8))
    let options = try FileSinkOptions(json)
    #expect(options.directory == "./evidence" && options.maximumSize == 2 << 20 && options.span == 43_200)
    #expect(options.retention == 2190 * 86_400 && !options.compresses)
  }

  @Test(arguments: [
    (#"{"directory":"/"}"#, "/directory"), (#"{"directory":"."}"#, "/directory"),
    (#"{"directory":"a/.."}"#, "/directory"),
    (#"{"directory":"a\u0000b"}"#, "/directory"), (#"{"directory":"e","max-size":"63KiB"}"#, "/max-size"),
    (#"{"directory":"e","max-size":"17GiB"}"#, "/max-size"),
    (#"{"directory":"e","max-size":"9223372036854775807GiB"}"#, "/max-size"),
    (#"{"directory":"e","max-age":"30"}"#, "/max-age"), (#"{"directory":"e","retain":"59m"}"#, "/retain"),
  ])
  func mistakesAreNamedByTheirPlace(configuration: String, pointer: String) {
    let failure = #expect(throws: FilterFailure.self) { try make(configuration) }
    #expect(failure?.pointer == pointer)
  }

  @Test func validatingTouchesNothing() throws {
    let scratch = Scratch()
    _ = try make(#"{"directory":"\#(scratch.evidence)"}"#)
    #expect(scratch.names().isEmpty)
  }

  @Test func namesOfFilesCantBeForged() throws {
    let names = try FileNames(log: "a")
    let good = names.name(first: 7, .compressed)
    #expect(names.parse(good)?.first == 7)
    for name in [
      "a.7.jsonl", "b.00000000000000000007.jsonl", "a.00000000000000000007.jsonl.bak",
      "a.0000000000000000000x.jsonl", "a.99999999999999999999.jsonl",
    ] {
      #expect(names.parse(name) == nil)
    }
    #expect(throws: FilterError.self) { try FileNames(log: "") }
    #expect(try FileNames(log: "..").name(first: 0, .plain).hasPrefix("%2E."))
  }

  @Test func gzipGivesBackWhatItTook() throws {
    var numbers = SeededNumbers(seed: 5)
    for size in [0, 1, 100, 65_536, 300_000] {
      let content = (0..<size).map { _ in UInt8(truncatingIfNeeded: numbers.next() % 7) }
      let compressor = try #require(GzipCompressor())
      var packed: [UInt8] = []
      let half = size / 2
      let span = content.span
      var isGood = compressor.compress(span.extracting(..<half), isLast: false, into: &packed)
      isGood = compressor.compress(span.extracting(half...), isLast: true, into: &packed) && isGood
      #expect(isGood)
      #expect(Scratch().unpacked(packed) == content)
      #expect(Scratch().unpacked(Array(packed.dropLast())).isEmpty)
    }
  }
}
