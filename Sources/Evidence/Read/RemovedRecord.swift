/// What stands for a record whose body was removed, wherever records are read: its number, its hash, and how long it
/// was. The time is that of its segment's beginning, for its own is gone; the log itself holds none of this text.
enum RemovedRecord {
  static let type = "removed"

  static func json(_ header: Frame.Header, _ sequence: UInt64, _ segment: SegmentHeader) -> [UInt8] {
    let data = CanonicalWriter.object { writer in
      writer.integer("bytes", header.length)
      writer.hexadecimal("leaf", header.leaf.array)
    }
    var bytes = Array("{\"data\":".utf8) + data
    bytes += Array(",\"log\":\"\(segment.log)\",\"sequence\":".utf8)
    JSONText.integer(sequence, to: &bytes)
    bytes += Array(",\"time\":\"".utf8)
    Timestamp.append(segment.created, to: &bytes)
    bytes += Array("\",\"type\":\"\(type)\",\"v\":1}".utf8)
    return bytes
  }
}

extension StoredRecord {
  /// Whether retention has removed the record: all that is left of it is its hash.
  public var isRemoved: Bool { type == RemovedRecord.type }
}
