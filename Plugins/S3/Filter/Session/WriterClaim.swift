internal import COpenSSL
internal import FilterKit
internal import JSONTree

/// Who writes a log, where the store has no conditional puts (docs/decisions/0015).
///
/// Each opening of the log has a generation and an object of its own, which says which records the batch holds that
/// is being put. So the next generation knows where that batch ends, should it arrive late, and makes the very same
/// one: an object is only ever replaced by itself. A writer that finds a later generation, or another's nonce in its
/// own object, has been followed by another gateway, and stops.
final class WriterClaim {
  /// Seconds after which a put that was under way can't arrive any more: S3 refuses what was signed 15 minutes ago,
  /// and some for the way.
  static let longestFlight: Int64 = 1200
  /// How many generations back an unfinished batch is looked for.
  private static let history = 16

  private let bucket: Bucket
  private let names: ObjectNames
  private let nonce: String
  private let generation: UInt64
  private let older: [Statement]
  /// Whether this generation's object has been put: not before there is something to write.
  private var isMade = false

  /// What a writer says.
  private struct Statement {
    let first, last: UInt64?
    let nonce: String
    /// Seconds since 1970, by the store's clock.
    let time: Int64
  }

  /// Reads what earlier generations said; nothing is written yet.
  init(bucket: Bucket, names: ObjectNames) throws(StoreFailure) {
    self.bucket = bucket
    self.names = names
    var random = [UInt8](repeating: 0, count: 16)
    guard unsafe RAND_bytes(&random, 16) == 1 else {
      throw StoreFailure(.refused, "OpenSSL has no random numbers.")
    }
    nonce = Digests.hexadecimal(random)
    var generations: [UInt64] = []
    var page = try bucket.list(prefix: names.writers)
    generations += page.keys.compactMap(names.generation(of:))
    while !page.isLast, let last = page.keys.last {
      page = try bucket.list(prefix: names.writers, after: last)
      generations += page.keys.compactMap(names.generation(of:))
    }
    var older: [Statement] = []
    for generation in generations.suffix(Self.history).reversed() {
      if let found = try Self.read(bucket, names.writer(generation)) { older.append(found) }
    }
    self.older = older
    generation = (generations.last ?? 0) + 1
  }

  /// Where the batch that begins with that record has to end: an earlier writer may still be putting it.
  func border(first: UInt64) -> UInt64? {
    // The newest that speaks of this batch knew what the older ones had said.
    let statement = older.first { $0.first == first && $0.last != nil }
    guard let statement, let last = statement.last, last >= first,
      bucket.client.now - statement.time < Self.longestFlight
    else { return nil }
    return last
  }

  /// Says which batch is put next, after a look at whether this is still the only writer.
  func intend(first: UInt64, last: UInt64) throws(StoreFailure) {
    if !isMade {
      guard try !bucket.has(names.writer(generation)) else { throw Self.followed }
      try put(first: nil, last: nil)
      isMade = true
    }
    guard try Self.read(bucket, names.writer(generation))?.nonce == nonce,
      try !bucket.has(names.writer(generation + 1))
    else { throw Self.followed }
    try put(first: first, last: last)
  }

  /// Throws where another gateway has begun to write this log.
  static let followed = StoreFailure(
    .exists,
    "Another gateway writes a log of the same id to this bucket: one of the two is a copy. Stop one, and start this sink anew."
  )

  private func put(first: UInt64?, last: UInt64?) throws(StoreFailure) {
    let text =
      "{\"first\":\(first.map { "\"\($0)\"" } ?? "null"),\"last\":\(last.map { "\"\($0)\"" } ?? "null"),"
      + "\"nonce\":\"\(nonce)\",\"time\":\(bucket.client.now)}\n"
    try bucket.put(names.writer(generation), Array(text.utf8), type: "application/json", replacing: .always)
  }

  private static func read(_ bucket: Bucket, _ key: String) throws(StoreFailure) -> Statement? {
    guard let body = try bucket.get(key) else { return nil }
    guard let json = try? JSONReader.read(body), let nonce = json["nonce"]?.string,
      let time = json["time"]?.integer
    else {
      throw StoreFailure(
        .strange, "The folder of writers holds an object that is not the sink's: take it away.")
    }
    return Statement(
      first: json["first"]?.string.flatMap { UInt64($0) }, last: json["last"]?.string.flatMap { UInt64($0) },
      nonce: nonce, time: Int64(time))
  }
}
