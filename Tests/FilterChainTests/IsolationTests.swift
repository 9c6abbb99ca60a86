import Foundation
import Glibc
import PipelineModel
import Synchronization
import Testing

@testable import FilterChain

/// Filters in a process of their own: the same answers, and nothing lost when they break.
@Suite(.serialized) struct IsolationTests {
  static let placements = ["none", "process"]

  /// A chain of the test plugins' stages, all of them placed so.
  static func chain(
    _ stages: [String], isolation: String, plugin: String = "test-filters", library: PluginLibrary
  ) throws -> Chain {
    let lines = stages.map { stage -> String in
      let parts = stage.split(separator: ":", maxSplits: 1)
      let with = parts.count > 1 ? ", with: \(parts[1])" : ""
      return "  - { \(parts[0]): \(plugin), plugin: lib\(plugin).so, isolation: \(isolation)\(with) }\n"
    }
    let yaml = """
      pipeline: test
      listen: /test
      protocol: openai
      upstream: { url: "http://127.0.0.1:9" }
      stages:
        - { authenticate: test-filters, plugin: libtest-filters.so }
      \(lines.joined())  - { mask: test-filters, plugin: libtest-filters.so, isolation: \(isolation) }
        - { sink: test-filters, plugin: libtest-filters.so }
      """
    var kinds: Set<StageKind> = [.guard, .detect, .score, .gate]
    if plugin == "test-filters" { kinds.insert(.mask) }
    return try Chain(TestHost.load(yaml).keeping(kinds), library: library)
  }

  @Test func wholeTextsGetTheSameAnswers() throws {
    let host = TestHost()
    let stages = ["detect: {mode: digits}", "detect: {mode: alnum}"]
    let chains = try Self.placements.map { try Self.chain(stages, isolation: $0, library: host.library) }
    var generator = SeededGenerator(seed: 11)
    for length in [0, 1, 40, 3000, 700_000] {
      let texts = Texts(bytes: generator.text(length, isValid: length < 3000))
      let results = try chains.map { try $0.run(texts) }
      #expect(results[0].found == results[1].found)
      #expect(results[0].edited(texts.texts[0].text) == results[1].edited(texts.texts[0].text))
      #expect(results.map(Self.fingerprints)[0] == results.map(Self.fingerprints)[1])
    }
  }

  @Test func streamsGetTheSameAnswersHoweverTheyAreCut() throws {
    let host = TestHost()
    let chains = try Self.placements.map {
      try Self.chain(
        ["detect: {mode: digits}", "detect: {mode: halves}"], isolation: $0, library: host.library)
    }
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<20 {
      let text = generator.text(Int.random(in: 1..<2000, using: &generator))
      var released: [[UInt8]] = []
      for chain in chains {
        let stream = try chain.openStream(.test())
        let channel = stream.openChannel(pointer: Array("/text".utf8), role: 4)
        var out: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
          let piece = Array(rest.prefix(Int.random(in: 1...97, using: &generator)))
          rest = rest.dropFirst(piece.count)
          try stream.feed(channel, piece.span, end: rest.isEmpty, into: &out)
        }
        released.append(out)
      }
      #expect(released[0] == released[1])
    }
  }

  /// A chain with the detector that breaks rules, isolated.
  static func faults(
    memory: UInt64 = 1 << 28, callTime: UInt32 = 300_000, isolation: String = "process"
  ) throws -> (TestHost, Chain) {
    var settings = TestHost.patient()
    settings.memory = memory
    settings.callTime = callTime
    let host = TestHost(isolation: settings)
    return (host, try chain(["detect"], isolation: isolation, plugin: "test-faults", library: host.library))
  }

  /// Runs a text until the process that was ended is there again.
  static func runsAgain(_ chain: Chain) -> Bool {
    for _ in 0..<600 {
      if let result = try? chain.run(Texts("a 7")), result.found == ["0:2-3 DIGITS"] { return true }
      usleep(20_000)
    }
    return false
  }

  @Test(arguments: ["crash", "exit", "hang", "leak", "threads", "gush"])
  func aBrokenFilterCostsItsExchangeAlone(fault: String) throws {
    let (_, chain) = try Self.faults(callTime: fault == "hang" ? 1500 : 300_000)
    #expect(Self.runsAgain(chain))
    #expect(chain.failure(Texts("\(fault) 123")) == (fault == "hang" ? "over-budget" : "unavailable"))
    #expect(Self.runsAgain(chain))
  }

  @Test(arguments: [
    "socket", "unix", "open", "create", "fork", "exec", "ptrace", "kill", "descriptors", "environment",
  ])
  func nothingIsAllowedButComputing(attempt: String) throws {
    let (_, chain) = try Self.faults()
    #expect(Self.runsAgain(chain))
    // An attempt that succeeds fails the call, and says so.
    #expect(try chain.run(Texts("try-\(attempt) 1")).findings.count == 1)
  }

  /// A log is a disk that fills: what a plugin may write to it has a limit.
  @Test func aFloodOfLogEntriesIsCutOff() throws {
    let (host, chain) = try Self.faults()
    #expect(Self.runsAgain(chain))
    #expect(try chain.run(Texts("flood 1")).findings.count == 1)
    // Two hundred at once, and twenty for each second that it took.
    #expect((200..<1000).contains(host.log.count { $0.contains("flooded") }))
    usleep(200_000)
    #expect(try chain.run(Texts("flood 1")).findings.count == 1)
    #expect(host.log.contains { $0.contains("entries were left out plugin=org.sluice.test.faults entries=") })
  }

  @Test(arguments: ["scribble", "scribble everything"])
  func whatIsWrittenOverTheSharedMemoryHurtsNobodyElse(fault: String) throws {
    let (_, chain) = try Self.faults(callTime: 500)
    for _ in 0..<12 {
      #expect(Self.runsAgain(chain))
      // Whatever comes of it, the host lives, and a text that passes is one whose findings are believable.
      #expect(chain.failure(Texts("\(fault) 123")) != "limit", "the plugin did not find the memory")
      for _ in 0..<20 {
        guard let result = try? chain.run(Texts("a 7")) else { break }
        #expect(result.findings.allSatisfy { $0.start < $0.end && $0.end <= 3 })
      }
    }
  }

  @Test func othersFinishWhileOneInAHundredCrashes() throws {
    let (host, chain) = try Self.faults()
    #expect(Self.runsAgain(chain))
    withExtendedLifetime(host) {
      let before = Self.descriptors()
      let denied = Atomic<Int>(0)
      let wrong = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: 8) { worker in
        for number in 0..<250 {
          let isCrash = (worker * 250 + number) % 100 == 50
          do throws(StageFailure) {
            let result = try chain.run(Texts(isCrash ? "crash 1" : "text 5 and 6"))
            if isCrash || result.found != ["0:5-6 DIGITS", "0:11-12 DIGITS"] {
              wrong.add(1, ordering: .relaxed)
            }
          } catch {
            if error.code != "unavailable" || !isCrash { wrong.add(1, ordering: .relaxed) }
            denied.add(1, ordering: .relaxed)
          }
        }
      }
      // Each that crashed was denied, and no other one.
      #expect(wrong.load(ordering: .relaxed) == 0)
      #expect(denied.load(ordering: .relaxed) == 20)
      #expect(Self.runsAgain(chain))
      // The next process, and the one that stands by.
      usleep(100_000)
      #expect(Self.descriptors() <= before + 4)
    }
  }

  /// A stream whose process ends in another one's call goes on in the next, as if nothing had been.
  @Test func streamsOutliveAProcess() throws {
    let (_, chain) = try Self.faults()
    #expect(Self.runsAgain(chain))
    let texts = (0..<200).map { number in Array("stream \(number) with 5 and \(number * 37) ok".utf8) }
    var streams = try texts.map { _ in try chain.openStream(.test()) }
    var found: [[String]] = texts.map { _ in [] }
    var gone: Set<Int> = []
    for stream in streams.indices { _ = streams[stream].openChannel(pointer: Array("/text".utf8), role: 4) }
    for offset in stride(from: 0, to: 30, by: 3) {
      for (number, text) in texts.enumerated() where !gone.contains(number) {
        let isCrash = number % 100 == 50 && offset == 3 * (number / 100 + 2)
        let piece = isCrash ? Array("crash".utf8) : Array(text.dropFirst(offset).prefix(3))
        var out: [UInt8] = []
        do throws(StageFailure) {
          try streams[number].feed(0, piece.span, end: false, into: &out)
          #expect(!isCrash)
        } catch {
          #expect(isCrash && error.code == "unavailable")
          gone.insert(number)
        }
        found[number] += streams[number].takeFindings().map { "\($0.finding.start)-\($0.finding.end)" }
      }
    }
    #expect(gone == [50, 150])
    for (number, text) in texts.enumerated() where !gone.contains(number) {
      let digits = text.prefix(30).enumerated().filter { (48...57).contains($0.element) }.map {
        "\($0.offset)-\($0.offset + 1)"
      }
      #expect(found[number] == digits)
    }
    streams = []
  }

  /// A call that begins again late has its own time then: it does not cost the next process its life.
  @Test func aCallThatBeginsAgainLateKillsNobody() throws {
    // On a busy machine a call may be late by itself, but not each time.
    let restarts = try (0..<3).map { _ in
      let (_, chain) = try Self.faults(callTime: 4000)
      #expect(Self.runsAgain(chain))
      // `slower` takes 3 s; its process ends after 2 s of that, in another one's call.
      DispatchQueue.concurrentPerform(iterations: 2) { number in
        if number == 1 { sleep(2) }
        _ = chain.failure(Texts(number == 0 ? "slower 1" : "crash 1"))
      }
      #expect(Self.runsAgain(chain))
      return chain.processes.first?.restarts
    }
    #expect(restarts.contains(1))
  }

  /// More than is kept of a stream can't be told again: it ends with its process.
  @Test func aLongStreamEndsWithItsProcess() throws {
    let (host, chain) = try Self.faults()
    #expect(Self.runsAgain(chain))
    let (long, short) = (try chain.openStream(.test()), try chain.openStream(.test()))
    let text = [UInt8](repeating: 97, count: 10_000)
    var out: [UInt8] = []
    for stream in [long, short] { _ = stream.openChannel(pointer: [], role: 4) }
    for _ in 0..<7 { try long.feed(0, text.span, end: false, into: &out) }
    for _ in 0..<6 { try short.feed(0, text.span, end: false, into: &out) }
    let process = try #require(host.library.isolatedProcesses().max())
    kill(process, SIGKILL)
    while host.library.isolatedProcesses().contains(process) { usleep(1000) }
    try short.feed(0, text.span, end: true, into: &out)
    #expect(throws: StageFailure.self) { try long.feed(0, text.span, end: true, into: &out) }
  }

  @Test func aKilledProcessIsStartedAgain() throws {
    let (host, chain) = try Self.faults()
    for _ in 0..<5 {
      #expect(Self.runsAgain(chain))
      let process = host.library.isolatedProcesses().max() ?? 0
      try #require(process > 0)
      kill(process, SIGKILL)
      while host.library.isolatedProcesses().contains(process) { usleep(1000) }
    }
    #expect(Self.runsAgain(chain))
  }

  @Test func aProcessEndsWithItsLastUser() throws {
    let before = Self.descriptors()
    var process: Int32 = 0
    for _ in 0..<5 {
      let (host, chain) = try Self.faults()
      #expect(Self.runsAgain(chain))
      process = try #require(host.library.isolatedProcesses().first)
      #expect(kill(process, 0) == 0)
    }
    while kill(process, 0) == 0 { usleep(1000) }
    for _ in 0..<2000 where Self.descriptors() > before + 2 { usleep(1000) }
    #expect(Self.descriptors() <= before + 2)
  }

  /// A score that looks at what was sent before is told the same in a process of its own.
  @Test(arguments: placements) func historyIsAsked(isolation: String) throws {
    let host = TestHost()
    let chain = try Self.chain(
      ["detect: {mode: digits}", "score: {mode: history}"], isolation: isolation, library: host.library)
    func count(_ text: String, at time: Int64 = 10_000, by subject: String = "ada") throws -> UInt64? {
      let exchange = ExchangeContext(
        id: "x", session: "s", pipeline: "test",
        principal: Principal(subject: subject, established: "test"),
        attributes: [], time: time)
      return try chain.run(Texts(text), exchange: exchange, direction: .request).reasons.first?.count
    }
    #expect(try count("1212 and 3434") == 2)
    #expect(try count("3434 and 5656") == 3)
    #expect(try count("nothing") == 3)
    #expect(try count("nothing", by: "eve") == 0)
    #expect(try count("nothing", at: 13_601) == 0)
    // Another process of it knows the same: the host keeps it.
    if isolation == "process" {
      let process = try #require(host.library.isolatedProcesses().max())
      kill(process, SIGKILL)
      while host.library.isolatedProcesses().contains(process) { usleep(1000) }
      #expect(try count("7878", at: 10_001) == 4)
    }
    // What the host refuses, it refuses there, too.
    let wrong = try Self.chain(
      ["detect: {mode: digits}", "score: {mode: history, fault: window}"], isolation: isolation,
      library: host.library)
    #expect(wrong.failure(Texts("1212")) == "broken-rule")
  }

  /// An isolated instance that does not come to its end costs its process, in the end, and no call meanwhile.
  @Test func anIsolatedInstanceThatHangsInItsEndHoldsUpNobody() throws {
    var settings = TestHost.patient()
    settings.controlTime = 2000
    let host = TestHost(isolation: settings)
    let other = try Self.chain(["detect: {mode: digits}"], isolation: "process", library: host.library)
    var hanging: Chain? = try Self.chain(
      ["detect: {mode: ends-late}"], isolation: "process", library: host.library)
    let restarts = try #require(other.processes.first?.restarts)
    #expect(hanging != nil)
    hanging = nil
    // Calls go on while it hangs.
    #expect(try other.run(Texts("a 7777")).findings.count == 1)
    #expect(other.processes.first?.restarts == restarts)
    // Another instance of the same plugin is made after it, once its process was ended for it.
    let third = try Self.chain(["detect: {mode: digits}"], isolation: "process", library: host.library)
    #expect(host.library.waitForEndings())
    // The call that is under way when the process is ended is the one that it costs (decision 0041).
    for chain in [third, other] {
      if (try? chain.run(Texts("a 7777"))) == nil {
        while other.processes.first?.restarts == restarts { usleep(1000) }
      }
      #expect(try chain.run(Texts("a 7777")).findings.count == 1)
    }
    #expect(other.processes.first?.restarts == restarts + 1)
  }

  private static func fingerprints(_ result: RunResult) -> [[UInt8]] {
    result.findings.map { finding in (0..<16).map { finding.fingerprint[$0] } }
  }

  static func descriptors() -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
  }
}
