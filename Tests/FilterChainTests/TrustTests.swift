import Foundation
import PipelineModel
import PluginTrust
import Testing

@testable import FilterChain

/// Nothing of a plugin runs before its bytes were judged, in process and isolated, and what runs is those bytes.
@Suite(.serialized) struct TrustTests {
  /// A folder with a copy of the test plugin of its own.
  private final class PluginFolder {
    let path = NSTemporaryDirectory() + "sluice-load-\(UUID().uuidString)"
    let plugin: String

    init(_ name: String = "libtest-filters.so") throws {
      plugin = path + "/" + name
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: TestHost.folder + "/" + name, toPath: plugin)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func lock(_ lock: PluginLock) throws {
      try Data(lock.text.utf8).write(to: URL(fileURLWithPath: path + "/plugins.lock"))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path + "/plugins.lock")
    }

    func entry() throws -> PluginLock.Entry {
      let file = try PluginFile(reading: plugin)
      return try PluginLock.Entry(id: #require(try file.note()).id, digest: file.digest, file: file.name)
    }

    func load(isolation: String, detector: String = "test-filters") throws(PluginError) -> Chain {
      let mode = detector == "test-filters" ? ", with: { mode: digits }" : ""
      let yaml = """
        pipeline: test
        listen: /test
        protocol: openai
        upstream: { url: "http://127.0.0.1:9" }
        stages:
          - { authenticate: \(detector), plugin: \(plugin) }
          - { detect: \(detector), plugin: \(plugin), isolation: \(isolation)\(mode) }
          - { mask: \(detector), plugin: \(plugin), isolation: \(isolation) }
          - { sink: \(detector), plugin: \(plugin) }
        """
      let pipeline: Pipeline
      do { pipeline = try TestHost.load(yaml).keeping([.detect]) } catch {
        throw PluginError(.missing, "\(error)")
      }
      do throws(ChainError) { return try Chain(pipeline, library: TestHost(folder: path).library) } catch {
        throw error.error
      }
    }
  }

  @Test(arguments: ["none", "process"]) func whatIsListedLoads(isolation: String) throws {
    let folder = try PluginFolder()
    var lock = PluginLock()
    lock.entries = [try folder.entry()]
    try folder.lock(lock)
    let chain = try folder.load(isolation: isolation)
    #expect(try chain.run(Texts("a 4711")).found == ["0:2-6 NUM"])
    #expect(chain.plugins[0].digest == lock.entries[0].digest)
  }

  @Test(arguments: ["none", "process"]) func whatIsNotListedOrAlteredDoesNot(isolation: String) throws {
    let folder = try PluginFolder()
    try folder.lock(PluginLock())
    var error = try #require(throws: PluginError.self) { try folder.load(isolation: isolation) }
    #expect(error.code == .untrusted)
    #expect(error.message.contains("run: sluice plugin lock \(folder.plugin)"))

    var lock = PluginLock()
    lock.entries = [try folder.entry()]
    try folder.lock(lock)
    // A byte behind everything that is loaded: still another file.
    let handle = try #require(FileHandle(forWritingAtPath: folder.plugin))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data([0]))
    try handle.close()
    error = try #require(throws: PluginError.self) { try folder.load(isolation: isolation) }
    #expect(error.code == .untrusted)
    #expect(error.message.contains("is not what"))
  }

  @Test func aPluginOfAnotherMajorNumberNeverRuns() throws {
    // Its constructor would end this process.
    let folder = try PluginFolder("libtest-wrong-abi.so")
    let error = try #require(throws: PluginError.self) {
      try folder.load(isolation: "none", detector: "test-wrong-abi")
    }
    #expect(error.code == .wrongABI)
  }

  @Test func everyLoadHasADescriptorOfItsOwn() throws {
    // Were a number used again, the loader would hand back what was loaded under it before.
    let detectors = try ["libtest-filters.so", "libtest-faults.so", "libtest-filters.so"].map { name in
      let folder = try PluginFolder(name)
      let filter = name == "libtest-faults.so" ? "test-faults" : "test-filters"
      return (folder, try folder.load(isolation: "none", detector: filter))
    }
    let found = try detectors.map { try $0.1.run(Texts("a 4711")).found }
    #expect(found[0] == ["0:2-6 NUM"] && found[0] == found[2])
    #expect(found[1].first == "0:2-3 DIGITS")
  }
}
