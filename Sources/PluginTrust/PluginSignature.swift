/// Who has signed a plugin: the file `PLUGIN.so.sig` beside it, with a line for each signer,
///
///     ed25519:<public key, 64 hexadecimal digits> <signature, 128 hexadecimal digits>
///
/// The signature (Ed25519, RFC 8032) is over two lines, each with its line feed, so that a key can't be made to vouch for
/// a plugin by a signature that was meant for something else:
///
///     sluice-plugin/1
///     sha256:<of the plugin's file, 64 hexadecimal digits>
public struct PluginSignatures: Sendable {
  public struct Entry: Sendable, Hashable {
    public let key: PluginKey
    let signature: [UInt8]
  }

  public private(set) var entries: [Entry]
  /// As many signers as one plugin may have.
  private static let most = 16

  public static func path(of plugin: String) -> String { plugin + ".sig" }

  public init() { entries = [] }

  /// Reads those beside a plugin; none where there is no such file.
  public init(besides plugin: String) throws(PluginFile.Failure) {
    let path = Self.path(of: plugin)
    guard let file = try BoundedFile(path, limit: 8192, what: "file of signatures, of at most 8 KiB") else {
      self.init()
      return
    }
    try self.init(text: file.bytes, path: path)
  }

  init(text: [UInt8], path: String) throws(PluginFile.Failure) {
    entries = []
    for (index, line) in String(decoding: text, as: UTF8.self).split(separator: "\n").enumerated() {
      let words = line.split(separator: " ")
      guard words.count == 2, let key = PluginKey(words[0]),
        let signature = Hexadecimal.bytes(words[1], count: 64), index < Self.most
      else {
        throw PluginFile.Failure(
          description: "\(path) holds no signatures: line \(index + 1) is not ed25519:KEY SIGNATURE. "
            + "sluice plugin sign makes it")
      }
      entries.append(Entry(key: key, signature: signature))
    }
  }

  public var text: String {
    entries.map { "\($0.key) \(Hexadecimal.text($0.signature))\n" }.joined()
  }

  private static func statement(_ digest: String) -> [UInt8] {
    Array("sluice-plugin/1\nsha256:\(digest)\n".utf8)
  }

  /// Adds a key's signature, or puts it in the place of its older one.
  /// - Parameter digest: SHA-256 of the plugin's file, in hexadecimal.
  public mutating func sign(_ digest: String, by key: PluginSigningKey) throws(PluginFile.Failure) {
    let signature = try key.sign(Self.statement(digest))
    entries.removeAll { $0.key == key.publicKey }
    guard entries.count < Self.most else {
      throw PluginFile.Failure(description: "there are \(Self.most) signatures already, which is the most")
    }
    entries.append(Entry(key: key.publicKey, signature: signature))
  }

  /// Leaves out what does not fit the file of that digest.
  public mutating func keep(signersOf digest: String) {
    let fitting = signers(of: digest)
    entries.removeAll { !fitting.contains($0.key) }
  }

  /// The keys whose signatures fit the file of that digest.
  public func signers(of digest: String) -> [PluginKey] {
    entries.filter { $0.key.hasSigned(Self.statement(digest), $0.signature) }.map(\.key)
  }
}
