/// Proves, offline and with a public key alone, that one record is in a log, at its place.
///
/// As text it is a C2SP [tlog-proof](https://c2sp.org/tlog-proof) whose `extra` is the record:
///
///     c2sp.org/tlog-proof@v1
///     extra <base64 of the record>
///     index <sequence>
///     <base64 of a hash>             the path, from the leaf upwards
///
///     sluice/…                       the checkpoint
///
/// Of a record whose body was removed the `extra` is left out; its leaf hash stands in a line `leaf` instead, which is
/// ours.
public struct InclusionProof: Sendable, Equatable {
  static let title = "c2sp.org/tlog-proof@v1"

  public let sequence: UInt64
  /// SHA-256(0x00 ‖ record).
  public let leaf: HashValue
  /// The record, a canonical JSON object; empty where its body was removed.
  public let record: [UInt8]
  let path: [HashValue]
  public let checkpoint: Checkpoint

  public var text: [UInt8] {
    var text = "\(Self.title)\n"
    text += record.isEmpty ? "leaf \(Base64.string(leaf.array))\n" : "extra \(Base64.string(record))\n"
    text += "index \(sequence)\n"
    for hash in path { text += "\(Base64.string(hash.array))\n" }
    return Array("\(text)\n".utf8) + checkpoint.note
  }

  init(
    sequence: UInt64, leaf: HashValue, record: [UInt8], path: [HashValue], checkpoint: Checkpoint
  ) {
    self.sequence = sequence
    self.leaf = leaf
    self.record = record
    self.path = path
    self.checkpoint = checkpoint
  }

  /// Reads ``text`` without judging it. Throws `damaged` for anything else.
  public init(text: [UInt8]) throws(EvidenceError) {
    let malformed = EvidenceError(.damaged, "this is not a proof as `sluice evidence prove` writes it")
    var lines = ProofLines(text)
    guard lines.next() == Self.title, let second = lines.next(), let third = lines.next(),
      let index = ProofLines.value(of: "index", in: third), let sequence = UInt64(index),
      String(sequence) == index
    else { throw malformed }
    if let extra = ProofLines.value(of: "extra", in: second), let bytes = Base64.decode(Array(extra.utf8)),
      !bytes.isEmpty
    {
      record = bytes
      leaf = unsafe try Hasher256().leaf(bytes.span.bytes)
    } else if let value = ProofLines.value(of: "leaf", in: second),
      let hash = Base64.decode(Array(value.utf8)).flatMap({ HashValue($0) })
    {
      record = []
      leaf = hash
    } else {
      throw malformed
    }
    guard let path = lines.hashes(), let checkpoint = Checkpoint(note: lines.rest) else { throw malformed }
    self.sequence = sequence
    self.path = path
    self.checkpoint = checkpoint
  }

  /// Throws where the record is not at its place in the log that one of `keys` (as `checkpoint.pub` has them) signed.
  public func check(keys text: String) throws(EvidenceError) {
    let keys = try VerifierKey.list(text)
    guard !keys.isEmpty else { throw EvidenceError(.key, "the given key is empty") }
    guard checkpoint.isSigned(by: keys) else {
      throw EvidenceError(.damaged, "forged: the checkpoint in this proof is not signed by the given key")
    }
    guard
      ProofCheck.includes(
        leaf, index: sequence, size: checkpoint.size, root: checkpoint.root, path, try Hasher256())
    else {
      throw EvidenceError(.damaged, "false: this record is not record \(sequence) of the log that was signed")
    }
    guard !record.isEmpty else { return }
    guard let stored = StoredRecord(record), stored.sequence == sequence,
      checkpoint.origin == "sluice/\(stored.log)"
    else { throw EvidenceError(.damaged, "false: the record says that it is another one") }
  }
}

/// Proves that a log only grew from one checkpoint to the next: nothing before was changed.
public struct ConsistencyProof: Sendable, Equatable {
  static let title = "sluice.evidence/consistency@v1"

  public let old: Checkpoint
  public let new: Checkpoint
  let path: [HashValue]

  /// The title, a line `old` with the size of its note in bytes, the hashes, an empty line, the old note and the new one.
  public var text: [UInt8] {
    var text = "\(Self.title)\nold \(old.note.count)\n"
    for hash in path { text += "\(Base64.string(hash.array))\n" }
    return Array("\(text)\n".utf8) + old.note + new.note
  }

  init(old: Checkpoint, new: Checkpoint, path: [HashValue]) {
    self.old = old
    self.new = new
    self.path = path
  }

  /// Reads ``text`` without judging it. Throws `damaged` for anything else.
  public init(text: [UInt8]) throws(EvidenceError) {
    var lines = ProofLines(text)
    guard lines.next() == Self.title,
      let size = lines.next().flatMap({ ProofLines.value(of: "old", in: $0) }),
      let count = Int(size), let path = lines.hashes(), (1...lines.rest.count).contains(count),
      let old = Checkpoint(note: Array(lines.rest.prefix(count))),
      let new = Checkpoint(note: Array(lines.rest.dropFirst(count)))
    else { throw EvidenceError(.damaged, "this is not a proof as `sluice evidence prove` writes it") }
    self.init(old: old, new: new, path: path)
  }

  /// Throws where `keys` did not sign both, or the later log does not begin with the earlier one.
  public func check(keys text: String) throws(EvidenceError) {
    let keys = try VerifierKey.list(text)
    guard !keys.isEmpty else { throw EvidenceError(.key, "the given key is empty") }
    guard old.origin == new.origin, old.isSigned(by: keys), new.isSigned(by: keys) else {
      throw EvidenceError(.damaged, "forged: a checkpoint in this proof is not signed by the given key")
    }
    guard ProofCheck.extends(old: old.size, old.root, new: new.size, new.root, path, try Hasher256()) else {
      throw EvidenceError(.damaged, "false: the later log does not begin with the earlier one")
    }
  }
}

/// A proof's text, line by line, with what follows its empty line.
struct ProofLines {
  private var text: ArraySlice<UInt8>

  init(_ text: [UInt8]) { self.text = text[...] }

  var rest: [UInt8] { Array(text) }

  mutating func next() -> String? {
    guard let end = text.firstIndex(of: 0x0A) else { return nil }
    defer { text = text[(end + 1)...] }
    return String(validating: text[..<end], as: UTF8.self)
  }

  /// Hashes up to an empty line; nil where something else stands there. No tree has a path of more than 64, and a
  /// consistency proof one of 65.
  mutating func hashes() -> [HashValue]? {
    var hashes: [HashValue] = []
    while let line = next() {
      if line.isEmpty { return hashes }
      guard hashes.count <= 65, let hash = Base64.decode(Array(line.utf8)).flatMap({ HashValue($0) }) else {
        return nil
      }
      hashes.append(hash)
    }
    return nil
  }

  static func value(of name: String, in line: String) -> String? {
    line.hasPrefix("\(name) ") ? String(line.dropFirst(name.count + 1)) : nil
  }
}
