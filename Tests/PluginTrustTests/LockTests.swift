import Foundation
import Testing

@testable import PluginTrust

@Suite struct LockTests {
  private static let digest = String(repeating: "ab", count: 32)
  private static let other = String(repeating: "cd", count: 32)
  private static let key = "ed25519:" + String(repeating: "0f", count: 32)

  private func read(_ text: String) throws -> PluginLock {
    try PluginLock(text: Array(text.utf8), path: "plugins.lock")
  }

  @Test func readsWhatItWrites() throws {
    var lock = try read(
      """
      # a comment
      key acme \(Self.key)   # a vendor

      plugin org.example.b sha256:\(Self.other)\tlibb.so
      plugin org.example.a sha256:\(Self.digest) liba.so\r
      """)
    #expect(lock.keys.map(\.name) == ["acme"])
    #expect(lock.entries.map(\.file) == ["libb.so", "liba.so"])
    lock.entries.sort { $0.file < $1.file }
    #expect(try read(lock.text) == lock)
  }

  @Test(arguments: [
    "plugins org.example sha256:\(digest) a.so", "plugin org.example sha256:\(digest)", "key acme",
    "plugin org.example \(digest) a.so", "plugin org.example sha256:\(digest) ../a.so",
    "plugin org.example sha256:\(digest.uppercased()) a.so", "key ac/me \(key)", "key acme ed25519:0f",
    "key a \(key)\nkey b \(key)", "key a \(key)\nkey a ed25519:\(other)", "allow *",
    "plugin a sha256:\(digest) a.so\nplugin a sha256:\(digest) a.so",
  ]) func aLineThatIsNotUnderstoodIsAnError(text: String) throws {
    let error = try #require(throws: PluginFile.Failure.self) { try read(text) }
    #expect(error.description.contains("plugins.lock:\(text.contains("\n") ? 2 : 1)"))
  }

  @Test func anEmptyLockAllowsNothing() throws {
    let folder = try Folder()
    let file = try folder.plugin()
    try folder.write("", to: "plugins.lock")
    let policy = TrustPolicy(folders: [folder.path])
    let refusal = try #require(throws: TrustPolicy.Refusal.self) { try policy.judge(file, folder.note()) }
    #expect(refusal.description.contains("does not list it, and it is not signed"))
  }

  @Test func oneThatOthersMayWriteIsRefused() throws {
    let folder = try Folder()
    let file = try folder.plugin()
    try folder.write("", to: "plugins.lock", mode: 0o666)
    let policy = TrustPolicy(folders: [folder.path])
    let refusal = try #require(throws: TrustPolicy.Refusal.self) { try policy.judge(file, folder.note()) }
    #expect(refusal.description.contains("may be written by others"))
  }

  @Test func oneThatIsNamedHasToBeThere() throws {
    let folder = try Folder()
    let file = try folder.plugin()
    let policy = TrustPolicy(lock: folder.path + "/missing.lock")
    #expect(throws: TrustPolicy.Refusal.self) { try policy.judge(file, folder.note()) }
    #expect(try TrustPolicy(folders: [folder.path]).judge(file, folder.note()) == .open)
  }
}
