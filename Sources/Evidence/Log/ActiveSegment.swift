/// The segment that is being written.
struct ActiveSegment: Sendable {
  let file: OpenFile
  let name: SegmentName
  /// Where the next frame goes.
  var offset: Int
  /// The file's size: what was reserved for it.
  var capacity: Int

  /// Makes a segment of `prepared`, a file under `temporaryName` that is zero all over: header, name, and the
  /// directory's entry are stable when this returns.
  static func begin(
    _ prepared: OpenFile, named temporaryName: String, capacity: Int, _ header: SegmentHeader,
    in directory: LogDirectory
  ) throws(SystemFailure) -> ActiveSegment {
    let fileSystem = directory.fileSystem
    let name = SegmentName(firstSequence: header.firstSequence)
    try fileSystem.write(prepared, at: 0, header.encode())
    try fileSystem.synchronizeData(prepared)
    try fileSystem.rename(temporaryName, to: name.text, in: directory.handle)
    try fileSystem.synchronize(directory.handle)
    return ActiveSegment(file: prepared, name: name, offset: SegmentHeader.size, capacity: capacity)
  }

  /// Makes a segment on the spot. `zeroing`: fills it with zeros, so that later writes need no metadata; else
  /// its blocks are only reserved, which is quicker now and slower later.
  static func create(
    size: Int, zeroing: Bool, _ header: SegmentHeader, in directory: LogDirectory
  ) throws(SystemFailure) -> ActiveSegment {
    let temporaryName = "segment.new"
    let fileSystem = directory.fileSystem
    try fileSystem.remove(temporaryName, in: directory.handle)
    let file = try fileSystem.open(temporaryName, in: directory.handle, .create)
    do throws(SystemFailure) {
      try fileSystem.allocate(file, size: size)
      if zeroing { try fileSystem.write(file, at: 0, [UInt8](repeating: 0, count: size)) }
      return try begin(file, named: temporaryName, capacity: size, header, in: directory)
    } catch {
      // Give the space back: on a full disk it's what the next attempt needs.
      try? fileSystem.remove(temporaryName, in: directory.handle)
      throw error
    }
  }
}
