import Foundation
import Testing

@testable import PluginTrust

@Suite struct SignatureTests {
  private let folder: Folder
  private let file: PluginFile
  private let key: PluginSigningKey

  init() throws {
    folder = try Folder()
    file = try folder.plugin()
    key = try PluginSigningKey(pem: Keys.first, file: "first")
  }

  private func sign(by keys: [PluginSigningKey], digest: String? = nil) throws {
    var signatures = PluginSignatures()
    for key in keys { try signatures.sign(digest ?? file.digest, by: key) }
    try folder.write(signatures.text, to: "liba.so.sig")
  }

  private func judge(_ lock: String) throws -> TrustPolicy.Grounds {
    try folder.write(lock, to: "plugins.lock")
    return try TrustPolicy(folders: [folder.path]).judge(file, folder.note())
  }

  private func refusal(_ lock: String) throws -> String {
    try #require(throws: TrustPolicy.Refusal.self) { try judge(lock) }.description
  }

  @Test func knowsTheKeysOfTheStandard() {
    // RFC 8032 section 7.1, test 1.
    #expect(
      key.publicKey.description == "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
  }

  @Test func signedByATrustedKeyItMayLoad() throws {
    try sign(by: [key])
    #expect(try judge("key acme \(key.publicKey)\n") == .signed(by: "acme"))
  }

  @Test func oneOfSeveralSignersIsEnough() throws {
    let second = try PluginSigningKey(pem: Keys.second, file: "second")
    try sign(by: [key, second])
    #expect(try judge("key hospital \(second.publicKey)\n") == .signed(by: "hospital"))
  }

  @Test func aKeyThatIsNotTrustedIsNamed() throws {
    try sign(by: [key])
    let text = try refusal("")
    #expect(text.contains("signed by \(key.publicKey), which"))
    #expect(text.contains("sluice plugin trust \(key.publicKey)"))
  }

  @Test func aSignatureForOtherBytesDoesNotCount() throws {
    try sign(by: [key], digest: Hash.sha256(Array("other".utf8)))
    #expect(try refusal("key acme \(key.publicKey)\n").contains("its signature is for other bytes"))
  }

  @Test func aTrustedKeyInAnotherSignersPlaceDoesNotCount() throws {
    let second = try PluginSigningKey(pem: Keys.second, file: "second")
    var signatures = PluginSignatures()
    try signatures.sign(file.digest, by: second)
    let forged = signatures.text.replacing("\(second.publicKey)", with: "\(key.publicKey)")
    try folder.write(forged, to: "liba.so.sig")
    #expect(try refusal("key acme \(key.publicKey)\n").contains("other bytes"))
  }

  @Test(arguments: ["nonsense", "ed25519:00 00", "\n\nx"])
  func brokenSignaturesAreRefused(text: String) throws {
    try folder.write(text, to: "liba.so.sig")
    #expect(try refusal("key acme \(key.publicKey)\n").contains("holds no signatures"))
  }

  @Test func listedItMayLoad() throws {
    #expect(try judge("plugin org.example.a sha256:\(file.digest) liba.so\n") == .listed)
  }

  @Test func alteredOrRenamedItMayNot() throws {
    let other = Hash.sha256(Array("older".utf8))
    #expect(try refusal("plugin org.example.a sha256:\(other) liba.so\n").contains("is not what"))
    #expect(try refusal("plugin org.example.a sha256:\(other) libz.so\n").contains("is not what"))
    // What was listed for one filter may not stand in for another.
    #expect(
      try refusal("plugin org.example.a sha256:\(file.digest) libphi.so\n").contains("lists these bytes as"))
    #expect(
      try refusal("plugin org.example.b sha256:\(file.digest) liba.so\n").contains("lists these bytes as"))
  }

  @Test func aNewSignatureTakesTheOldOnesPlace() throws {
    var signatures = PluginSignatures()
    try signatures.sign(String(repeating: "0", count: 64), by: key)
    try signatures.sign(file.digest, by: key)
    #expect(signatures.entries.count == 1)
    #expect(signatures.signers(of: file.digest) == [key.publicKey])
  }
}
