internal import COpenSSL
internal import Foundation
internal import Synchronization

/// Texts of the store that may say something of patients, as they stand in a column: sealed with AES-256-GCM for their
/// table, column and row, under a key that the store does not hold.
///
/// `sealed:1:KEY:BASE64`, where KEY names the key. A text without that was there before texts were sealed.
final class SealedText: Sendable {
  private static let mark = "sealed:1:"
  private static let proof = "the key of this store"

  private struct Key {
    let id: String
    let seal: SecretSeal

    init(_ bytes: [UInt8]) {
      id = SealedText.name(bytes)
      seal = SecretSeal(key: bytes)
    }
  }

  private let source: StoreKeySource
  private let key: Mutex<Key>

  /// Reads the key. [blocking]
  init(_ source: StoreKeySource) throws(ControlError) {
    self.source = source
    key = Mutex(Key(try source.read()))
  }

  /// What a key is called: nothing of it can be told from that.
  private static func name(_ key: [UInt8]) -> String {
    let input = Array("sluice store key\n".utf8) + key
    var digest = [UInt8](repeating: 0, count: 32)
    let isDone = unsafe EVP_Digest(input, input.count, &digest, nil, EVP_sha256(), nil) == 1
    precondition(isDone, "OpenSSL could not compute a SHA-256")
    return digest.prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The key by its name; where another came meanwhile, by reading it anew.
  private func key(named id: String) throws(ControlError) -> Key {
    let known = key.withLock { $0 }
    if known.id == id { return known }
    let read = Key(try source.read())
    guard read.id == id else {
      throw ControlError(
        .unavailable,
        "the store is sealed under the key \(id), and here is \(read.id): copy secrets/texts.key from another gateway, or set \(StoreKeySource.variable)"
      )
    }
    key.withLock { $0 = read }
    return read
  }

  // MARK: Texts

  func seal(_ text: String, for place: String, _ database: Database) throws -> String {
    let key = try key(named: try Self.current(database))
    return try Self.seal(text, for: place, key)
  }

  private static func seal(_ text: String, for place: String, _ key: Key) throws(ControlError) -> String {
    "\(mark)\(key.id):\(Data(try key.seal.seal(Array(text.utf8), for: place)).base64EncodedString())"
  }

  func open(_ text: String, for place: String) throws(ControlError) -> String {
    guard text.hasPrefix(Self.mark) else { return text }
    let parts = text.dropFirst(Self.mark.count).split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let sealed = Data(base64Encoded: String(parts[1])) else {
      throw ControlError(.invalid, "a sealed text in the store is damaged (\(place))")
    }
    let key = try key(named: String(parts[0]))
    return String(decoding: try key.seal.open(Array(sealed), for: place), as: UTF8.self)
  }

  // MARK: The store's key

  private static func current(_ database: Database) throws -> String {
    guard let id = try String.fetchOne(database, sql: "SELECT id FROM storeKeys") else {
      throw ControlError(.unavailable, "the store does not say under which key it is sealed")
    }
    return id
  }

  /// Sees that the store is sealed under this key; a new store is from now on. Else nothing of it is used.
  func claim(_ store: Store, now: Int64) throws(ControlError) {
    let known = try store.read { try Row.fetchOne($0, sql: "SELECT id, proof FROM storeKeys") }
    if let known {
      let id: String = known["id"]
      let proof = try open(known["proof"], for: "storeKeys/proof/\(id)")
      guard proof == Self.proof else { throw ControlError(.invalid, "the store's key does not fit it") }
      return
    }
    let mine = key.withLock { $0 }
    try store.write { database in
      if try String.fetchOne(database, sql: "SELECT id FROM storeKeys") == mine.id { return }
      try Self.keep(mine, now: now, database)
    }
  }

  private static func keep(_ key: Key, now: Int64, _ database: Database) throws {
    guard try Row.fetchOne(database, sql: "SELECT id FROM storeKeys") == nil else {
      throw ControlError(
        .unavailable, "another gateway has sealed the store meanwhile; try again with its key")
    }
    try database.execute(
      sql: "INSERT INTO storeKeys (id, proof, created) VALUES (?, ?, ?)",
      arguments: [key.id, try seal(proof, for: "storeKeys/proof/\(key.id)", key), now])
  }

  /// What is sealed: each column with the columns that name its row.
  private static let columns: [(table: String, column: String, row: [String])] = [
    ("approvals", "context", ["id"]), ("decisions", "comment", ["approval", "subject"]),
    ("brokenGlass", "reason", ["id"]), ("glassReviews", "comment", ["glass", "subject"]),
  ]

  static func place(_ table: String, _ column: String, _ row: [String]) -> String {
    "\(table)/\(column)/\(row.joined(separator: "/"))"
  }

  /// Seals everything anew under another key, all of it or nothing. How many texts it was.
  func rotate(to bytes: [UInt8], now: Int64, _ database: Database) throws -> Int {
    let next = Key(bytes)
    guard next.id != (try Self.current(database)) else {
      throw ControlError(.invalid, "the store is sealed under this very key")
    }
    var count = 0
    for (table, column, names) in Self.columns {
      let list = (names + [column]).joined(separator: ", ")
      for row in try Row.fetchAll(database, sql: "SELECT \(list) FROM \(table)") {
        let values: [String] = names.map { row[$0] }
        let place = Self.place(table, column, values)
        let text = try Self.seal(try open(row[column], for: place), for: place, next)
        try database.execute(
          sql:
            "UPDATE \(table) SET \(column) = ? WHERE \(names.map { "\($0) = ?" }.joined(separator: " AND "))",
          arguments: [text] + values)
        count += 1
      }
    }
    try database.execute(sql: "DELETE FROM storeKeys")
    try Self.keep(next, now: now, database)
    return count
  }
}

extension Database {
  /// The text as it stands in a column of a row.
  func seal(_ text: String, _ table: String, _ column: String, _ row: [String]) throws -> String {
    guard let sealed else { throw ControlError(.unavailable, "the store's key is not there") }
    return try sealed.seal(text, for: SealedText.place(table, column, row), self)
  }

  /// The text that stands there.
  func open(_ text: String, _ table: String, _ column: String, _ row: [String]) throws -> String {
    guard let sealed else { throw ControlError(.unavailable, "the store's key is not there") }
    return try sealed.open(text, for: SealedText.place(table, column, row))
  }
}

extension Store {
  /// A key of the store's from a file. [blocking]
  public static func readKey(_ file: String) throws(ControlError) -> [UInt8] {
    try StoreKeySource.file(file).read()
  }

  /// Seals the store's texts under another key. Gateways that hold the key before use nothing sealed until they have
  /// the new one.
  /// - Parameter key: 32 bytes.
  /// - Returns: how many texts there are.
  public func rotateKey(to key: [UInt8], now: Int64) throws(ControlError) -> Int {
    guard key.count == 32 else { throw ControlError(.invalid, "the store's key has 32 bytes") }
    return try write { database in
      let count = try sealed.rotate(to: key, now: now, database)
      try Self.note("store-key.rotated", [("texts", String(count))], database)
      return count
    }
  }
}
