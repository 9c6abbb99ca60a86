import FilterABI
import FilterHarness
import FilterKit
import RulesFilter
import Testing

@Suite struct RulesTests {
  private func make(_ configuration: String) throws -> Instance<GuardStage> {
    try Instance(Plugin(id: "org.sluice.rules", version: "0.1.0").guard(RulesGuard.self), configuration)
  }

  private func user(_ text: String) -> [(role: UInt32, text: [UInt8])] {
    [(SLUICE_ROLE_USER, Array(text.utf8))]
  }

  private let noExport =
    #"{"deny":[{"name":"no-bulk-export","text":"(?i)\\b(dump|export) all patients\\b"}]}"#

  @Test func aTextRuleDeniesByName() throws {
    let filter = try make(noExport)
    let verdict = try filter.review(user("Please EXPORT all\u{20}patients now"))
    #expect(verdict.isDenied && verdict.rule == "no-bulk-export")
    #expect(verdict.message.contains("no-bulk-export") && !verdict.message.contains("patients"))
    #expect(try !filter.review(user("Export all patientsx")).isDenied)
    #expect(try !filter.review(user("How do I export a chart?")).isDenied)
    #expect(try !filter.review(user("")).isDenied)
  }

  @Test(arguments: [
    "exp\u{200B}ort all patients", "e\u{AD}xport all patients", "export\u{A0}all\u{2003}patients",
    "ｅｘｐｏｒｔ　ａｌｌ　ｐａｔｉｅｎｔｓ",
    "еxpоrt all pаtients",  // Cyrillic е, о, а
    "export\u{FEFF} all patients", "\u{202E}export all patients",
  ])
  func evasionsAreSeenThrough(text: String) throws {
    #expect(try make(noExport).review(user(text)).isDenied)
  }

  /// Wherever in a text of whatever length, its very end included.
  @Test func aMatchIsFoundAtEveryPlace() throws {
    let filter = try make(noExport)
    let words = "export all patients"
    for before in 0..<200 {
      for after in [0, 1, 7, 31] {
        let text = String(repeating: " ", count: before) + words + String(repeating: ".", count: after)
        #expect(try filter.review(user(text)).isDenied, "\(before) bytes before, \(after) behind")
      }
    }
    #expect(try make(#"{"deny":[{"name":"end","text":"secret$"}]}"#).review(user("the secret")).isDenied)
    #expect(try !make(#"{"deny":[{"name":"tail","text":"secret\\s"}]}"#).review(user("the secret")).isDenied)
  }

  @Test func patternsOfOtherAlphabetsWork() throws {
    let filter = try make(
      #"{"deny":[{"name":"no-list","text":"список пациентов"},{"name":"dash","text":"a–b"}]}"#)
    #expect(try filter.review(user("дай список пациентов")).rule == "no-list")
    #expect(try filter.review(user("a–b")).rule == "dash")
  }

  @Test func whatIsNoUTF8IsScannedAllTheSame() throws {
    let filter = try make(noExport)
    let broken: [[UInt8]] = [
      [0xFF], [0xC3], [0xE2, 0x80], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0xAF],
      [0xF4, 0x90, 0x80, 0x80],
    ]
    for bytes in broken {
      let text = bytes + Array(" export all patients ".utf8) + bytes
      #expect(try filter.review([(SLUICE_ROLE_USER, text)]).isDenied)
    }
  }

  @Test func rolesLimitATextRule() throws {
    let filter = try make(
      #"{"deny":[{"name":"no-secret","text":"secret","roles":["user","tool-arguments"]}]}"#)
    #expect(try filter.review([(SLUICE_ROLE_USER, Array("secret".utf8))]).isDenied)
    #expect(try filter.review([(SLUICE_ROLE_TOOL_ARGUMENTS, Array("secret".utf8))]).isDenied)
    #expect(try !filter.review([(SLUICE_ROLE_SYSTEM, Array("secret".utf8))]).isDenied)
    #expect(try !filter.review([(99, Array("secret".utf8))]).isDenied)
  }

  @Test func theFirstRuleThatFitsDecides() throws {
    let filter = try make(
      #"{"deny":[{"name":"a","text":"alpha"},{"name":"b","tools":["beta"],"message":"No beta here."},{"name":"c","text":"gamma"}]}"#
    )
    #expect(try filter.review(user("gamma alpha")).rule == "a")
    let verdict = try filter.review(attributes: [("tool", "beta")], user("gamma"))
    #expect(verdict.rule == "b" && verdict.message == "No beta here.")
    #expect(try filter.review(user("gamma") + user("alpha")).rule == "a")
  }

  @Test(arguments: [
    ("bash", true), ("Bash", true), ("bash2", false), ("mcp__shell__run", true), ("mcp__files__run", false),
    ("ba\u{200B}sh", true),
  ])
  func toolsAreKnownByAttributeAndByText(tool: String, isDenied: Bool) throws {
    let filter = try make(#"{"deny":[{"name":"no-shell","tools":["bash","mcp__*shell*"]}]}"#)
    #expect(try filter.review(attributes: [("tool", "read_file"), ("tool", tool)]).isDenied == isDenied)
    #expect(try filter.review([(SLUICE_ROLE_TOOL_NAME, Array(tool.utf8))]).isDenied == isDenied)
    #expect(try !filter.review(user(tool)).isDenied)
  }

  @Test func onlyAllowedModelsPass() throws {
    let filter = try make(#"{"allow-models":["gpt-4o*","gpt-4.1"]}"#)
    #expect(try !filter.review(attributes: [("model", "gpt-4o-mini")]).isDenied)
    #expect(try !filter.review(attributes: [("model", "GPT-4.1")]).isDenied)
    #expect(try filter.review(attributes: [("model", "gpt-4.1x")]).rule == "allow-models")
    #expect(try filter.review(attributes: [("model", "gpt-4.1"), ("model", "other")]).isDenied)
    #expect(try filter.review(attributes: []).isDenied)
    #expect(try filter.review(attributes: [("model", "")]).isDenied)
  }

  @Test func modelsCanBeDenied() throws {
    let filter = try make(#"{"deny":[{"name":"no-preview","models":["*-preview"]}]}"#)
    #expect(try filter.review(attributes: [("model", "o1-preview")]).rule == "no-preview")
    #expect(try !filter.review(attributes: [("model", "o1")]).isDenied)
  }

  @Test func noPatternCanBeMadeToBacktrack() throws {
    let filter = try make(
      #"{"deny":[{"name":"nested","text":"(a+)+b"},{"name":"many","text":"(x|xx|xxx)+y"}]}"#)
    let text = String(repeating: "a", count: 200_000) + String(repeating: "x", count: 200_000)
    #expect(try !filter.review(user(text)).isDenied)
  }

  @Test(arguments: [
    (#"{}"#, ""), (#"{"deny":[]}"#, ""), (#"{"deny":[{"name":"a"}]}"#, "/deny/0"),
    (#"{"deny":[{"name":"a","text":"x","tools":["y"]}]}"#, "/deny/0"),
    (#"{"deny":[{"name":"a","tools":["y"],"roles":["user"]}]}"#, "/deny/0/roles"),
    (#"{"deny":[{"name":"a","text":"x"},{"name":"a","text":"y"}]}"#, "/deny/1/name"),
    (
      #"{"deny":[{"name":"m","models":["z"]},{"name":"a","text":"x"},{"name":"b","text":"(unclosed"}]}"#,
      "/deny/2/text"
    ),
    (#"{"deny":[{"name":"a","text":"x*"}]}"#, "/deny/0/text"),
    (#"{"deny":[{"name":"a","text":"(a)\\1"}]}"#, "/deny/0/text"),
    (#"{"deny":[{"name":"a","text":"a\u0000b"}]}"#, "/deny/0/text"),
  ])
  func mistakesAreNamedByTheirPlace(configuration: String, pointer: String) {
    let failure = #expect(throws: FilterFailure.self) { try make(configuration) }
    #expect(failure?.pointer == pointer, "\(failure?.message ?? "")")
  }

  @Test func sessionsOnManyThreadsShareOneDatabase() async throws {
    let filter = try make(noExport)
    let host = SharedInstance(filter)
    let denied = await withTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          (0..<200).count { host.isDenied($0 % 2 == task % 2 ? "export all patients" : "hello") }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(denied == 800)
  }
}

/// Lets tasks share an instance, which the ABI allows: an instance's functions are [any].
private struct SharedInstance: @unchecked Sendable {
  private let filter: Instance<GuardStage>
  init(_ filter: Instance<GuardStage>) { self.filter = filter }

  func isDenied(_ text: String) -> Bool {
    (try? filter.review([(SLUICE_ROLE_USER, Array(text.utf8))]))?.isDenied ?? false
  }
}
