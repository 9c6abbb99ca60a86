import Control
import Foundation
import Testing

@testable import Credentials

@Suite struct SecretSourceTests {
  @Test func placesAreRead() {
    #expect(SecretSource("env:OPENAI_API_KEY") == .environment("OPENAI_API_KEY"))
    #expect(SecretSource("file:/run/secrets/key") == .file("/run/secrets/key"))
    #expect(
      SecretSource("command:/usr/bin/pass show openai") == .command(["/usr/bin/pass", "show", "openai"]))
    #expect(
      SecretSource("vault:secret/teams/ai#api_key")
        == .vault(mount: "secret", path: "teams/ai", field: "api_key"))
  }

  @Test(arguments: [
    "", "sk-live", "env:", "env:A=B", "file:", "command:pass", "command:", "vault:secret#key",
    "vault:secret/a",
    "vault:/a#k", "vault:secret/../sys#k", "vault:secret//a#k", "vault:secret/a?version=1#k",
    "vault:secret/a%2f#k",
    "http://x",
  ])
  func otherTextsAreNoPlaces(_ text: String) { #expect(SecretSource(text) == nil) }

  @Test func aCommandsArgumentsAreNotShown() {
    #expect(SecretSource("command:/bin/get --token hunter2").map { "\($0)" } == "command:/bin/get")
  }
}

@Suite struct SecretReaderTests {
  private let reader = SecretReader(vault: nil)

  @Test func filesWithoutTheBlanksAroundThem() throws {
    let file = NSTemporaryDirectory() + "secret-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data(" sk-1 \n".utf8).write(to: URL(fileURLWithPath: file))
    #expect(try reader.read(.file(file)).text == "sk-1")
    for wrong in ["", " \n", "a b", "a\nb", "\u{E9}", String(repeating: "x", count: 20_000)] {
      try Data(wrong.utf8).write(to: URL(fileURLWithPath: file))
      #expect(throws: SecretFailure.self) { try reader.read(.file(file)) }
    }
    #expect(throws: SecretFailure.self) { try reader.read(.file(file + ".none")) }
  }

  @Test func commandsGetNothingOfThisProcess() throws {
    unsafe setenv("SLUICE_TEST_SECRET", "sk-other", 1)
    defer { unsafe unsetenv("SLUICE_TEST_SECRET") }
    let found = try reader.read(
      .command(["/bin/sh", "-c", "echo \"x${SLUICE_TEST_SECRET}x$(ls /proc/self/fd | wc -l)\""]))
    // Standard input, output and error, and the folder that `ls` reads.
    #expect(found.text == "xx4")
  }

  @Test(arguments: [
    ["/bin/false"], ["/bin/none"], ["/bin/sh", "-c", "kill -9 $$"], ["/bin/sh", "-c", "yes"],
  ])
  func commandsThatFail(_ words: [String]) {
    #expect(throws: SecretFailure.self) { try reader.read(.command(words)) }
  }

  @Test func whatACommandComplainsOfIsNotRepeated() {
    let words = ["/bin/sh", "-c", "echo hunter2 >&2; echo hunter2; exit 3"]
    #expect(throws: SecretFailure("/bin/sh ended with status 3", isTemporary: true)) {
      try reader.read(.command(words))
    }
  }

  @Test func secretsDoNotShowThemselves() {
    var bytes = Array("sk-hunter2".utf8)
    let secret = SecretBytes(&bytes)
    #expect(bytes.isEmpty && secret.text == "sk-hunter2")
    #expect("\(secret)" == "<10 bytes>" && String(reflecting: secret) == "<10 bytes>")
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains("hunter2"))
  }
}
