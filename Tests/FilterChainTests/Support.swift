import Glibc
import PipelineModel
import Synchronization

@testable import FilterChain

/// The test plugins, built beside the tests, and what they say to their host.
final class TestHost: Sendable {
  let library: PluginLibrary
  private let entries: Journal

  /// Takes log entries.
  final class Journal: Sendable {
    let lines = Mutex<[String]>([])
  }

  /// Settings under which no call is late because the machine is busy.
  static func patient(isOwn: @escaping @Sendable (String) -> Bool = { _ in false }) -> IsolationSettings {
    var settings = IsolationSettings(isOwn: isOwn)
    (settings.callTime, settings.controlTime) = (300_000, 300_000)
    return settings
  }

  init(
    cacheBytes: Int = 0, keys: [[UInt8]: KeyAnswer] = [:],
    isolation: IsolationSettings = TestHost.patient(isOwn: { _ in true }), folder: String = TestHost.folder
  ) {
    let entries = Journal()
    self.entries = entries
    library = PluginLibrary(
      directories: [folder],
      services: HostServices(
        version: "sluice test", fingerprintKey: Array(0..<32), findKey: { keys[$0] ?? .unknown },
        log: { level, template, fields in
          let line = "\(level) \(template)" + fields.map { " \($0.name)=\($0.value)" }.joined()
          entries.lines.withLock { $0.append(line) }
        }), findingCacheBytes: cacheBytes, isolation: isolation)
  }

  var log: [String] { entries.lines.withLock { $0 } }

  /// Where the tests' executable is, and the plugins with it.
  static let folder: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }()

  /// A pipeline of these stages, each as `detect: {mode: digits}`; filters are those of the test plugin.
  static func pipeline(_ stages: [String]) throws -> Pipeline {
    let head = """
      pipeline: test
      listen: /test
      protocol: openai
      upstream: { url: "http://127.0.0.1:9" }
      stages:
        - { authenticate: test-filters, plugin: libtest-filters.so }

      """
    // A pipeline that masks nothing of what it detects is refused; for these tests the mask is left out afterwards.
    let lastDetector = stages.lastIndex { $0.hasPrefix("detect") }
    let isMasked = lastDetector == nil || stages.contains { $0.hasPrefix("mask") }
    var all = stages
    if let lastDetector, !isMasked { all.insert("mask", at: lastDetector + 1) }
    let lines = all.map { stage -> String in
      let parts = stage.split(separator: ":", maxSplits: 1)
      let with = parts.count > 1 ? ", with: \(parts[1])" : ""
      return "  - { \(parts[0]): test-filters, plugin: libtest-filters.so\(with) }\n"
    }
    let made = try load(head + lines.joined() + "  - { sink: test-filters, plugin: libtest-filters.so }\n")
    return isMasked ? made : made.keeping(Set(StageKind.allCases).subtracting([.mask]))
  }

  static func load(_ yaml: String) throws -> Pipeline {
    let (pipelines, diagnostics) = PipelineLoader.load([(name: "test.yaml", bytes: Array(yaml.utf8))])
    guard let pipeline = pipelines.first, diagnostics.isEmpty else {
      throw Unreadable(diagnostics: "\(diagnostics)")
    }
    return pipeline
  }

  struct Unreadable: Error { let diagnostics: String }

  /// A chain of these stages, without an authenticate stage or a sink.
  func chain(_ stages: String...) throws -> Chain {
    let kinds: Set<StageKind> = [.guard, .detect, .mask, .score, .gate]
    return try Chain(TestHost.pipeline(stages).keeping(kinds), library: library)
  }
}

/// Texts as a source of segments.
struct Texts: SegmentSource {
  struct Text {
    var role: UInt32 = 3
    var pointer = "/text"
    var name = "text"
    var text: [UInt8]
  }

  var texts: [Text]

  init(_ texts: String...) { self.texts = texts.map { Text(text: Array($0.utf8)) } }
  init(bytes: [UInt8]) { texts = [Text(text: bytes)] }

  var segmentCount: Int { texts.count }

  func withSegment(_ index: Int, _ body: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
    let (pointer, name) = (Array(texts[index].pointer.utf8), Array(texts[index].name.utf8))
    let text = texts[index].text
    body(texts[index].role, pointer.span, name.span, text.span)
  }
}

extension ExchangeContext {
  static func test() -> ExchangeContext {
    ExchangeContext(
      id: "x1", session: "s1", pipeline: "test", principal: Principal(subject: "ada", established: "test"),
      attributes: [("model", Array("gpt-5".utf8))])
  }
}

extension Chain {
  func run(_ texts: Texts, _ direction: ExchangeContext.Direction = .request) throws(StageFailure)
    -> RunResult
  {
    try run(texts, exchange: .test(), direction: direction)
  }

  /// The code of the failure that these texts end in; nil: they pass.
  func failure(_ texts: Texts) -> String? {
    do throws(StageFailure) {
      _ = try run(texts)
      return nil
    } catch { return error.code }
  }
}

extension RunResult {
  /// Findings as `segment:start-end KIND`.
  var found: [String] { findings.map { "\($0.segment):\($0.start)-\($0.end) \($0.kind.text)" } }

  /// A segment's text with the edits made.
  func edited(_ text: [UInt8], segment: Int = 0) -> String {
    var masked: [UInt8] = []
    var copied = 0
    for edit in edits where edit.segment == segment {
      masked += text[copied..<edit.range.lowerBound] + arena[edit.replacement]
      copied = edit.range.upperBound
    }
    return String(decoding: masked + text[copied...], as: UTF8.self)
  }
}

/// Numbers that are the same in each run: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// Text with numbers, words, code points of one to four bytes, and now and then a byte that is no UTF-8.
  mutating func text(_ length: Int, isValid: Bool = true) -> [UInt8] {
    let parts = [
      "1234", "567", " ", "a1b2", "é", "é9", "日本", "😀", "Jane", "0123456789", ",\n", "12é34567", "x",
    ]
    var text: [UInt8] = []
    while text.count < length {
      if !isValid, UInt8.random(in: 0..<8, using: &self) == 0 {
        text.append(UInt8.random(in: 0x80...0xFF, using: &self))
      }
      text += Array((parts.randomElement(using: &self) ?? "").utf8)
    }
    return text
  }
}
