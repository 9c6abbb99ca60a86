internal import FilterKit

/// Reads a log back from its objects. One thread; nothing is changed.
///
/// It hands over what is there, not what ought to be: the lines of an object are given the numbers that their places
/// give them, a damaged one as far as it can be read, and objects that overlap one record after the other. What was
/// done to them is the host's to find, by hash and checkpoint.
final class S3SinkReader: SinkReader {
  /// So many objects that overlap are read together; an honest bucket has none.
  private static let overlapLimit = 64

  private let bucket: Bucket
  private let names: ObjectNames
  private let host: Host
  /// Objects that have been fetched, by their first number.
  private var open: [RecordLines] = []
  /// Keys that come next, and where the list goes on.
  private var keys: [String] = []
  private var listedTo: String?
  private var isListed = true
  /// From where the next page goes on without a search.
  private var position: UInt64?

  init(bucket: Bucket, names: ObjectNames, host: Host) {
    self.bucket = bucket
    self.names = names
    self.host = host
  }

  // MARK: Records

  func records(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  {
    let (from, end) = (query.from, query.end)
    var room = (count: query.maximumCount, bytes: query.maximumBytes)
    if position != from { try seek(from) }
    var next = from
    while next < end {
      try fetch(upTo: next)
      open.removeAll { $0.next <= next }
      let holders = open.filter { $0.first <= next }
      if holders.isEmpty {
        // A gap, or the end.
        guard let following = try nextKey().flatMap(names.first(of:)) else { return nil }
        next = following
        continue
      }
      if room.count <= 0 || room.bytes <= 0 {
        position = next
        return next
      }
      for lines in holders {
        let range = lines.range(of: next)
        var leaf = Array(lines.leaf(of: next))
        if range.isEmpty {
          try receiver.hashOnly(sequence: next, leaf: leaf.span, isAccountedFor: false)
        } else {
          let bytes = lines.bytes
          // Of a cut object the rest of its records may be good, which the checkpoints tell.
          if leaf.isEmpty { Digests.appendLeaf(of: bytes.span.extracting(range), to: &leaf) }
          try receiver.record(sequence: next, json: bytes.span.extracting(range), leaf: leaf.span)
        }
        room = (room.count - 1, room.bytes - range.count)
      }
      next += 1
    }
    position = next
    return nil
  }

  private func seek(_ from: UInt64) throws(FilterError) {
    (open, keys, isListed) = ([], [], false)
    do throws(StoreFailure) { listedTo = try listing.start(for: from) } catch { throw error.asFilterError }
  }

  /// Fetches every object that begins at or before that number and may reach it.
  private func fetch(upTo number: UInt64) throws(FilterError) {
    while let key = try nextKey(), let first = names.first(of: key), first <= number {
      keys.removeFirst()
      guard let lines = try fetch(key, first: first) else { continue }
      open.append(lines)
      guard open.count <= Self.overlapLimit else {
        throw FilterError(
          .limit, "More than \(Self.overlapLimit) objects hold record \(number): the bucket was changed.")
      }
      open.removeAll { $0.next <= number }
    }
  }

  private func fetch(_ key: String, first: UInt64) throws(FilterError) -> RecordLines? {
    let body: [UInt8]?
    do throws(StoreFailure) { body = try bucket.get(key) } catch { throw error.asFilterError }
    guard let body else { return nil }
    let (lines, isWhole) = RecordLines.salvage(body, isCompressed: key.hasSuffix(".gz"), first: first)
    if !isWhole || lines.leaves.count != lines.count << 5 {
      host.log(
        .error, "an object of the s3 sink is cut, or is not what was put", [("first", Int64(clamping: first))]
      )
    }
    return lines
  }

  private func nextKey() throws(FilterError) -> String? {
    while keys.isEmpty && !isListed {
      do throws(StoreFailure) {
        let page = try listing.page(after: listedTo)
        keys = page.keys
        listedTo = page.last
        isListed = page.isLast
      } catch { throw error.asFilterError }
    }
    return keys.first
  }

  private var listing: Listing {
    Listing(bucket: bucket, folder: names.records, number: names.first(of:))
  }

  // MARK: Checkpoints

  func checkpoints(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  {
    let listing = Listing(bucket: bucket, folder: names.checkpoints, number: names.size(of:))
    var after = query.from == 0 ? nil : names.checkpoints + ObjectNames.number(query.from)
    var room = query.maximumCount
    var last: UInt64 = 0
    while true {
      let page: (keys: [String], isLast: Bool, last: String?)
      do throws(StoreFailure) { page = try listing.page(after: after) } catch { throw error.asFilterError }
      for key in page.keys {
        guard let size = names.size(of: key) else { continue }
        // A page ends between sizes, as a size may have several notes.
        if room <= 0, size > last { return size }
        let note: [UInt8]?
        do throws(StoreFailure) { note = try bucket.get(key) } catch { throw error.asFilterError }
        if let note { try receiver.checkpoint(note.span) }
        (room, last) = (room - 1, size)
      }
      if page.isLast { return nil }
      after = page.last
    }
  }
}
