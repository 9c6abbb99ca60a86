import Foundation
import Glibc
import PipelineModel
import Testing

@testable import FilterChain

@Suite struct LoadingTests {
  private func error(_ stage: String) throws -> PluginError? {
    let mask = stage.hasPrefix("detect") ? "- { mask: test-filters, plugin: libtest-filters.so }" : ""
    let yaml = """
      pipeline: test
      listen: /test
      protocol: openai
      upstream: { url: "http://127.0.0.1:9" }
      stages:
        - { authenticate: test-filters, plugin: libtest-filters.so }
        - { \(stage) }
        \(mask)
        - { sink: test-filters, plugin: libtest-filters.so }
      """
    let pipeline = try TestHost.load(yaml)
    do throws(ChainError) {
      _ = try Chain(pipeline, library: TestHost().library)
      return nil
    } catch { return error.error }
  }

  @Test(arguments: [
    ("detect: no-such", PluginError.Code.missing, "there is no filter 'no-such': no libsluice-no-such.so"),
    ("detect: a, plugin: libmissing.so", .missing, "there is no plugin 'libmissing.so'"),
    ("detect: a, plugin: /no/such/file.so", .unreadable, "can't be read: No such file"),
    ("detect: a, plugin: /", .unreadable, "is no file"),
    ("detect: a, plugin: /dev/null", .unreadable, "is no file of at most 512 MiB"),
    ("detect: a, plugin: /etc/passwd", .notAPlugin, "is no 64-bit shared library"),
    ("detect: a, plugin: /bin/true", .notAPlugin, "is no plugin: it has no note"),
    ("detect: a, plugin: libtest-no-entry.so", .notAPlugin, "does not export 'sluice_plugin_v1'"),
    (
      "detect: a, plugin: libtest-refusing.so", .refused,
      "refuses to work with this host: this host has ABI 1.0"
    ),
    (
      "detect: a, plugin: libtest-wrong-abi.so", .wrongABI, "was built for ABI 2.3, and this host has ABI 1.0"
    ),
    ("guard: test-swift, plugin: libtest-swift.so", .unsupported, "says that it may block"),
    ("detect: other, plugin: libtest-filters.so", .noSuchFilter, "is named 'test-filters', not 'other'"),
    (
      "detect: test-filters, plugin: libtest-filters.so, with: { fault: create }", .failed,
      "the dictionary is not there"
    ),
    (
      "detect: test-filters, plugin: libtest-filters.so, with: { fault: greedy }", .unsupported,
      "wants to hold back 65537 bytes"
    ),
  ]) func explainsWhatIsWrong(stage: String, code: PluginError.Code, message: String) throws {
    let error = try #require(try error(stage))
    #expect(error.code == code)
    #expect(error.message.contains(message))
  }

  @Test func saysWhichExtensionIsMissing() throws {
    let yaml = """
      pipeline: test
      listen: /test
      protocol: openai
      upstream: { url: "http://127.0.0.1:9" }
      stages:
        - { authenticate: test-swift, plugin: libtest-swift.so }
        - { sink: test-filters, plugin: libtest-filters.so }
      """
    let pipeline = try TestHost.load(yaml)
    let error = try #require(throws: ChainError.self) { try Chain(pipeline, library: TestHost().library) }
    #expect(error.error.code == .noSuchFilter)
    #expect(error.error.message.contains("provides no 'authenticate' filter: its note"))
    #expect(error.stage.kind == .authenticate)
  }

  @Test func saysWhereAConfigurationIsWrong() throws {
    let stage = "detect: test-filters, plugin: libtest-filters.so, with: { mode: invalid }"
    let error = try #require(try error(stage))
    #expect(error.code == .configuration)
    #expect(error.message == "there is no such mode")
    #expect(error.pointer == "/mode")
  }

  @Test func makesEveryInstanceOrNone() throws {
    let host = TestHost()
    let before = host.log.count
    #expect(throws: ChainError.self) { try host.chain("detect", "mask", "score: { fault: create }") }
    host.library.waitForEndings()
    let log = host.log.dropFirst(before)
    #expect(log.count { $0.contains("an instance begins") } == 2)
    #expect(log.count { $0.contains("an instance ends") } == 2)
  }

  @Test func endsTheInstancesWithTheChain() throws {
    let host = TestHost()
    var chain: Chain? = try host.chain("detect", "mask")
    #expect(!host.log.contains { $0.contains("an instance ends") })
    // A stream that is still open keeps its chain.
    var stream = try chain?.openStream(.test())
    chain = nil
    #expect(!host.log.contains { $0.contains("an instance ends") })
    #expect(stream != nil)
    stream = nil
    host.library.waitForEndings()
    #expect(host.log.count { $0.contains("an instance ends") } == 2)
  }

  /// What a filter does at its end is waited for by nobody: not by who lets go of it, nor by other plugins.
  @Test func anInstanceThatEndsLateHoldsUpNobody() throws {
    let mayEnd = "/tmp/sluice-may-end-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: mayEnd) }
    let host = TestHost()
    var chain: Chain? = try host.chain("detect: { mode: ends-late }")
    #expect(chain != nil)
    chain = nil
    // Loading goes on, of another plugin.
    let other = try IsolationTests.chain(
      ["detect"], isolation: "none", plugin: "test-faults", library: host.library)
    #expect(try other.run(Texts("a 7")).findings.count == 1)
    #expect(!host.library.waitForEndings(within: 0))
    #expect(!host.log.contains { $0.contains("an instance ends") })
    try Data().write(to: URL(fileURLWithPath: mayEnd))
    #expect(host.library.waitForEndings())
    #expect(host.log.contains { $0.contains("an instance ends") })
  }

  @Test func namesEachPluginExactly() throws {
    let chain = try Chain(
      TestHost.pipeline(["detect: { mode: digits }", "mask"]), library: TestHost().library)
    #expect(
      chain.plugins.map(\.stage) == ["authenticate", "detect", "mask", "sink"].map { "\($0)/test-filters" })
    let detect = chain.plugins[1]
    #expect(detect.id == "org.sluice.test-filters")
    #expect(detect.version == "1.0.0")
    #expect(detect.abi == "1.7")
    #expect(detect.digest.utf8.count == 64)
    #expect(detect.configurationDigest == Digest.sha256(Array(#"{"mode":"digits"}"#.utf8)).hexadecimal)
    #expect(detect.configurationDigest != chain.plugins[2].configurationDigest)
  }

  @Test func loadsOnceHoweverManyAsk() async throws {
    // The plugin's entry refuses a second call.
    let host = TestHost()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { _ = try host.chain("detect", "mask") } }
      try await group.waitForAll()
    }
  }

  @Test func knowsSchemasAndAsksThePlugin() throws {
    let library = TestHost().library
    let pipeline = try TestHost.pipeline(["detect: { mode: invalid }"])
    guard case .found(let schema) = library.lookUp(pipeline.stages[1]) else {
      Issue.record("there is a schema")
      return
    }
    #expect(String(decoding: schema, as: UTF8.self).contains("\"fault\""))
    let complaint = try #require(library.validate(pipeline.stages[1]))
    #expect(complaint.message == "there is no such mode")
    #expect(complaint.pointer == "/mode")
    #expect(library.validate(pipeline.stages[0]) == nil)
    let diagnostics = PipelineLoader.validateStages(of: [pipeline], source: library)
    #expect(diagnostics.count == 1)
  }

  @Test func runsFiltersWrittenWithFilterKit() throws {
    let yaml = """
      pipeline: test
      listen: /test
      protocol: openai
      upstream: { url: "http://127.0.0.1:9" }
      stages:
        - { authenticate: test-filters, plugin: libtest-filters.so }
        - { detect: test-swift, plugin: libtest-swift.so }
        - { mask: test-filters, plugin: libtest-filters.so }
        - { sink: test-filters, plugin: libtest-filters.so }
      """
    let text = Array("do not SHOUT at SSHOUT".utf8)
    let result = try Chain(try TestHost.load(yaml), library: TestHost().library).run(Texts(bytes: text))
    #expect(result.found == ["0:7-12 SHOUT", "0:17-22 SHOUT"])
    #expect(result.edited(text) == "do not [SHOUT] at S[SHOUT]")
  }

  /// A build that lies in its file again is the one that serves still: its entry is asked once.
  @Test(arguments: ["none", "process"]) func anEarlierBuildIsTakenUpAgain(isolation: String) throws {
    let folder = "/tmp/sluice-builds-\(getpid())-\(isolation)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let place = "\(folder)/libmine.so"
    func install(_ name: String) throws {
      let source = "\(TestHost.folder)/lib\(name).so"
      try? FileManager.default.removeItem(atPath: place)
      try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: source)
    }
    let host = TestHost()
    func load(_ filter: String) throws -> LoadedPlugin {
      let yaml = """
        pipeline: test
        listen: /test
        protocol: openai
        upstream: { url: "http://127.0.0.1:9" }
        stages:
          - { authenticate: test-filters, plugin: libtest-filters.so }
          - { detect: \(filter), plugin: \(place), isolation: \(isolation) }
          - { mask: test-filters, plugin: libtest-filters.so }
          - { sink: test-filters, plugin: libtest-filters.so }
        """
      let stage = try #require(TestHost.load(yaml).stages.first { $0.kind == .detect })
      return try host.library.plugin(for: stage)
    }
    try install("test-filters")
    let first = try load("test-filters")
    try install("test-faults")
    let second = try load("test-faults")
    #expect(first !== second)
    try install("test-filters")
    #expect(try load("test-filters") === first)
    withExtendedLifetime(second) {}
  }
}
