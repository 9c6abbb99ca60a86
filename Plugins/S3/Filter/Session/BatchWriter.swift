internal import FilterKit

/// Puts batches so that each record is kept once, whatever the store can do.
final class BatchWriter {
  /// Whether the store refuses a put where the object is there (`If-None-Match: *`).
  private(set) var isConditional = false
  private let bucket: Bucket
  private let names: ObjectNames
  private let compresses: Bool
  private var claim: WriterClaim?

  init(bucket: Bucket, names: ObjectNames, compresses: Bool) {
    self.bucket = bucket
    self.names = names
    self.compresses = compresses
  }

  /// Writes down what this folder is, and learns by it whether the store has conditional puts: some answer 501, and
  /// some take the header and go on.
  func begin() throws(StoreFailure) {
    let text = Array("{\"format\":\"sluice.s3/1\"}\n".utf8)
    isConditional = false
    for _ in 0..<2 where !isConditional {
      do throws(StoreFailure) {
        try bucket.put(names.description, text, type: "application/json", replacing: .never)
      } catch {
        if error.kind == .exists {
          isConditional = true
        } else if error.kind == .unsupported {
          break
        } else {
          throw error
        }
      }
    }
    if isConditional {
      claim = nil
    } else {
      if try !bucket.has(names.description) {
        try bucket.put(names.description, text, type: "application/json", replacing: .always)
      }
      claim = try WriterClaim(bucket: bucket, names: names)
    }
  }

  /// Where the batch that begins with that record has to end, if it has to.
  func border(first: UInt64) -> UInt64? { claim?.border(first: first) }

  /// When it returns, the store holds the batch.
  func put(_ lines: RecordLines) throws(FilterError) {
    guard let body = lines.body(compressed: compresses) else {
      throw FilterError(.unavailable, "There is not enough memory to compress a batch.")
    }
    do throws(StoreFailure) {
      let key = names.batch(first: lines.first)
      if let claim {
        if try bucket.has(key) { throw StoreFailure(.exists, "") }
        try claim.intend(first: lines.first, last: lines.next - 1)
      }
      try bucket.put(
        key, body, type: compresses ? "application/gzip" : "application/x-ndjson", records: lines.count,
        replacing: claim == nil ? .never : .always)
    } catch {
      guard error.kind == .exists else { throw error.asFilterError }
      if error.message == WriterClaim.followed.message { throw FilterError(.internal, error.message) }
      try compare(lines)
    }
  }

  /// An object of that key is there already. It is our own of a try whose answer was lost, or one that a gateway
  /// which crashed had under way.
  private func compare(_ lines: RecordLines) throws(FilterError) {
    let found = try stored(key: names.batch(first: lines.first))
    let common = min(found.count, lines.count)
    let isSame = (0..<common).allSatisfy { index in
      let number = lines.first + UInt64(index)
      return found.bytes[found.range(of: number)].elementsEqual(lines.bytes[lines.range(of: number)])
    }
    guard isSame else {
      throw FilterError(
        .internal,
        "The bucket holds another record \(lines.first): another gateway writes a log of the same id there, or it was changed."
      )
    }
    guard found.count == lines.count else {
      throw FilterError(
        .unavailable, "A batch of an earlier run has arrived: the sink recovers and goes on behind it.")
    }
  }

  /// A batch as it is stored; throws `internal` where it is damaged.
  func stored(key: String) throws(FilterError) -> RecordLines {
    guard let lines = try storedIfThere(key: key) else {
      throw FilterError(.unavailable, "A batch that the bucket lists can't be found there.")
    }
    return lines
  }

  func storedIfThere(key: String) throws(FilterError) -> RecordLines? {
    guard let first = names.first(of: key) else { throw FilterError(.internal, "A batch has no number.") }
    let body: [UInt8]?
    do throws(StoreFailure) { body = try bucket.get(key) } catch { throw error.asFilterError }
    guard let body else { return nil }
    switch RecordLines.read(body, isCompressed: key.hasSuffix(".gz"), first: first) {
    case .success(let lines): return lines
    case .failure(let damage):
      throw FilterError(
        .internal,
        "The batch of record \(first) is damaged: \(damage.text). Keep it for examination, and give the sink another prefix."
      )
    }
  }
}
