import Foundation
import Testing

@testable import Control

/// A program that gives the store's key, as one that asks a key management service does.
@Suite struct StoreKeySourceTests {
  private let hexadecimal = String(repeating: "0a", count: 32)

  private func run(_ script: String) throws -> [UInt8] {
    try StoreKeySource.command(["/bin/sh", "-c", script]).read()
  }

  @Test func whatItPrintsIsTheKey() throws {
    let key = [UInt8](repeating: 10, count: 32)
    #expect(try run("echo \(hexadecimal)") == key)
    #expect(try run("echo \(Data(key).base64EncodedString())") == key)
  }

  /// The gateway's environment may hold credentials, and its open files are its own.
  @Test func itGetsNothingOfThisProcess() throws {
    unsafe setenv("SLUICE_TEST_CREDENTIAL", "hunter2", 1)
    defer { unsafe unsetenv("SLUICE_TEST_CREDENTIAL") }
    let folder = NSTemporaryDirectory() + "key-source-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try run("env > \(folder)/env; ls /proc/$$/fd > \(folder)/fd; echo \(hexadecimal)")
    let environment = try String(contentsOfFile: "\(folder)/env", encoding: .utf8)
    #expect(!environment.contains("hunter2") && environment.contains("PATH="))
    let files = try String(contentsOfFile: "\(folder)/fd", encoding: .utf8).split(separator: "\n")
    #expect(files.allSatisfy { ["0", "1", "2"].contains($0) || Int($0) ?? 0 >= 10 }, "\(files)")
  }

  @Test(arguments: [
    ("echo 0a0b", "no key"), ("exit 3", "status 3"), ("kill -9 $$", "signal 9"),
    ("echo \"$0\" secret; exit 1", "status 1"), ("head -c 20000 /dev/zero", "16 KiB"),
  ])
  func whatFailsGivesNoneAndRepeatsNothing(_ script: String, _ words: String) {
    do {
      _ = try run(script)
      Issue.record("it gave a key")
    } catch {
      let text = "\(error)"
      #expect(text.contains(words) && !text.contains("secret;") && !text.contains("0a0b"), "\(text)")
    }
  }

  @Test func aProgramIsNamedByItsWholePath() {
    #expect(throws: ControlError.self) { try StoreKeySource.command(["sh", "-c", "true"]).read() }
    #expect(throws: ControlError.self) { try StoreKeySource.command([]).read() }
  }
}
