internal import FilterKit
internal import Gzip
internal import JSONTree

/// One log, being kept. All calls come from one thread.
///
///     recover -> next          the end of the newest file, after what a crash tore off is cut
///     append, append, ...      lines are written; nothing is acknowledged yet
///     flush                    fdatasync, then "stable up to next - 1"
///
/// Any failed write or sync ends the trust in what was not yet stable: it is cut off, and given again.
final class FileSinkSession: SinkSession {
  /// Bytes that are written at once.
  private static let writeSize = 1 << 20
  private static let readSize = 1 << 20

  private let options: FileSinkOptions
  private let directory: LogDirectory
  private let acknowledger: Acknowledger
  private let archiver: Archiver
  private let checkpoints: CheckpointStore
  private let host: Host

  private var current: CurrentFile?
  /// The number that the next record must have.
  private var next: UInt64 = 0
  /// Whether `next` and the file are what the disk holds: not before the first recovery, nor after a failure.
  private var isRecovered = false
  /// A log that holds nothing begins with whatever number it is given.
  private var holdsNothing = true
  private var lines: [UInt8] = []

  /// The file that is being written.
  private struct CurrentFile {
    let first: UInt64
    let descriptor: Int32
    var size: UInt64
    /// Bytes that fdatasync has covered.
    var stableSize: UInt64
    /// Which span of time its records belong to; nil while it has none.
    var span: Int64?
  }

  init(options: FileSinkOptions, directory: LogDirectory, acknowledger: Acknowledger, host: Host) {
    self.options = options
    self.directory = directory
    self.acknowledger = acknowledger
    self.host = host
    checkpoints = CheckpointStore(directory)
    archiver = Archiver(directory: directory, options: options, host: host)
  }

  deinit {
    if let current { directory.system.closeFile(current.descriptor) }
  }

  // MARK: Recovery

  func recover() throws(FilterError) -> UInt64 {
    if let current { drop(current) }
    (current, isRecovered) = (nil, false)
    let files = try system("listed") { () throws(SystemError) in try directory.files() }
    archiver.begin(with: files)
    guard let newest = files.last else {
      (next, holdsNothing, isRecovered) = (0, true, true)
      return 0
    }
    holdsNothing = false
    guard files.contains(where: { $0.first == newest.first && $0.form == .plain }) else {
      next = newest.first + (try countCompressed(first: newest.first))
      isRecovered = true
      return next
    }
    try reopen(first: newest.first)
    isRecovered = true
    if next > 0 { acknowledger.acknowledge(through: next - 1, level: .stable) }
    return next
  }

  private func reopen(first: UInt64) throws(FilterError) {
    let descriptor = try system("opened") { () throws(SystemError) in
      try directory.open(first: first)
    }
    var isKept = false
    defer { if !isKept { directory.system.closeFile(descriptor) } }
    let status = try system("read") { () throws(SystemError) in try directory.system.status(descriptor) }
    let scan = try scan(descriptor)
    if let line = scan.damagedLine {
      throw FilterError(
        .internal,
        "The file of record \(first) is damaged at line \(line), which no crash does. Move it away for examination; the gateway's own log feeds the sink again."
      )
    }
    if scan.lines > 0 { try check(descriptor, scan, last: first + scan.lines - 1) }
    if scan.end < status.size {
      try system("cut") { () throws(SystemError) in try directory.system.truncate(descriptor, to: scan.end) }
      host.log(
        .warning, "a torn tail was cut off a file of the file sink",
        [("bytes", Int64(status.size - scan.end))])
    }
    // What an earlier run wrote may never have been synced.
    try system("synced") { () throws(SystemError) in try directory.system.sync(descriptor) }
    isKept = true
    next = first + scan.lines
    current = CurrentFile(
      first: first, descriptor: descriptor, size: scan.end, stableSize: scan.end,
      span: scan.lines > 0 ? status.modified / options.span : nil)
  }

  private func scan(_ descriptor: Int32) throws(FilterError) -> LineScan {
    var scan = LineScan()
    var offset: UInt64 = 0
    var buffer: [UInt8] = []
    repeat {
      try system("read") { () throws(SystemError) in
        try directory.system.read(descriptor, at: offset, count: Self.readSize, into: &buffer)
      }
      scan.add(buffer.span)
      offset += UInt64(buffer.count)
    } while !buffer.isEmpty
    return scan
  }

  /// Compares the last record's own number with the one that its place gives it.
  private func check(_ descriptor: Int32, _ scan: LineScan, last: UInt64) throws(FilterError) {
    var line: [UInt8] = []
    try system("read") { () throws(SystemError) in
      try directory.system.read(
        descriptor, at: scan.lastStart, count: Int(scan.end - scan.lastStart) - 1, into: &line)
    }
    let record = try? JSONReader.read(line)
    guard let record else {
      throw FilterError(.internal, "Record \(last) is no JSON. Move its file away for examination.")
    }
    if let number = record["sequence"]?.integer, UInt64(exactly: number) != last {
      throw FilterError(
        .internal,
        "Record \(last) says that it is \(number): lines were taken out or put in. Move its file away.")
    }
  }

  /// How many records the newest file holds, where somebody removed the one that was being written.
  private func countCompressed(first: UInt64) throws(FilterError) -> UInt64 {
    let descriptor = try system("opened") { () throws(SystemError) in
      try directory.openForReading(first: first, .compressed)
    }
    defer { directory.system.closeFile(descriptor) }
    guard let decompressor = GzipDecompressor() else {
      throw FilterError(.unavailable, "There is not enough memory to read a compressed file.")
    }
    var scan = LineScan()
    var offset: UInt64 = 0
    var buffer: [UInt8] = []
    var isGood = true
    repeat {
      try system("read") { () throws(SystemError) in
        try directory.system.read(descriptor, at: offset, count: Self.readSize, into: &buffer)
      }
      isGood = decompressor.decompress(buffer.span) { scan.add($0) }
      offset += UInt64(buffer.count)
    } while isGood && !buffer.isEmpty
    guard isGood, decompressor.isComplete, scan.damagedLine == nil else {
      throw FilterError(
        .internal, "The compressed file of record \(first) is damaged. Move it away for examination.")
    }
    return scan.lines
  }

  // MARK: Appending

  func append(_ records: borrowing RecordList) throws(FilterError) -> (accepted: Int, retryAfter: UInt64) {
    guard isRecovered else { throw FilterError(.unavailable, "The file sink has to recover first.") }
    try check(records)
    if var file = current, let span = file.span, span != directory.system.now() / options.span {
      try write(to: &file)
      try close(file)
    }
    for index in 0..<records.count where holdsNothing || records.sequence(index) >= next {
      try records.withJSON(index) { (json) throws(FilterError) in try take(json, records.sequence(index)) }
    }
    if var file = current { try write(to: &file) }
    return (records.count, 0)
  }

  /// Looks at a whole batch before any of it is taken. What is held already may come again: once is enough.
  private func check(_ records: borrowing RecordList) throws(FilterError) {
    var due = holdsNothing ? nil : next
    for index in 0..<records.count {
      let sequence = records.sequence(index)
      if let due, sequence < due { continue }
      guard sequence == due ?? sequence, sequence < .max else {
        throw FilterError(.input, "Record \(due ?? 0) is due, and \(sequence) was given: the log has a gap.")
      }
      guard records.withJSON(index, isOneLine) else {
        throw FilterError(.input, "Record \(sequence) is no canonical JSON object.")
      }
      due = sequence + 1
    }
  }

  private func take(_ json: Span<UInt8>, _ sequence: UInt64) throws(FilterError) {
    let length = UInt64(json.count) + 1
    if var file = current, file.size > 0 || !lines.isEmpty,
      file.size + UInt64(lines.count) + length > options.maximumSize
    {
      try write(to: &file)
      try close(file)
    }
    var file = try currentFile(for: sequence)
    if file.span == nil { file.span = directory.system.now() / options.span }
    current = file
    for index in json.indices { lines.append(json[index]) }
    lines.append(0x0A)
    (next, holdsNothing) = (sequence + 1, false)
    if lines.count >= Self.writeSize { try write(to: &file) }
  }

  private func currentFile(for sequence: UInt64) throws(FilterError) -> CurrentFile {
    if let current { return current }
    let descriptor: Int32
    do throws(SystemError) { descriptor = try directory.create(first: sequence) } catch {
      throw fail(error, "made")
    }
    return CurrentFile(
      first: sequence, descriptor: descriptor, size: 0, stableSize: 0, span: nil)
  }

  /// Writes the lines that wait. On failure nothing past what is stable is trusted any more.
  private func write(to file: inout CurrentFile) throws(FilterError) {
    guard !lines.isEmpty else { return }
    do throws(SystemError) { try directory.system.write(file.descriptor, lines) } catch {
      throw fail(error, "written")
    }
    file.size += UInt64(lines.count)
    lines.removeAll(keepingCapacity: true)
    current = file
  }

  func flush() throws(FilterError) {
    if var file = current {
      try sync(&file)
      archiver.step(newest: file.first)
    }
  }

  private func sync(_ file: inout CurrentFile) throws(FilterError) {
    guard file.stableSize < file.size else { return }
    do throws(SystemError) { try directory.system.sync(file.descriptor) } catch {
      throw fail(error, "synced")
    }
    file.stableSize = file.size
    current = file
    acknowledger.acknowledge(through: next - 1, level: .stable)
  }

  /// Ends a file for good: all of it is stable before the next one begins.
  private func close(_ file: CurrentFile) throws(FilterError) {
    var file = file
    try sync(&file)
    directory.system.closeFile(file.descriptor)
    current = nil
    archiver.closed(first: file.first)
  }

  // MARK: Checkpoints

  func recoverCheckpoint() throws(FilterError) -> UInt64? {
    try system("read") { () throws(SystemError) in try checkpoints.recover() }
  }

  func checkpoint(_ note: Span<UInt8>) throws(FilterError) {
    let note = Array(copying: note)
    try system("written") { () throws(SystemError) in try checkpoints.append(note) }
  }

  // MARK: Failures

  /// After a failed write a line may be half there; after a failed sync the system may have dropped what it could
  /// not write and forgotten so. Either way only a cut back to what is stable makes the file true again. The host
  /// recovers next, and gives the rest once more.
  private func fail(_ error: SystemError, _ what: StaticString) -> FilterError {
    if let current { drop(current) }
    (current, isRecovered) = (nil, false)
    return unavailable(error, what)
  }

  private func drop(_ file: CurrentFile) {
    if file.stableSize < file.size || !lines.isEmpty {
      do throws(SystemError) { try directory.system.truncate(file.descriptor, to: file.stableSize) } catch {
        host.log(.error, "the file sink could not cut back an unsynced file", [("errno", Int64(error.code))])
      }
    }
    lines.removeAll(keepingCapacity: true)
    directory.system.closeFile(file.descriptor)
  }

  private func system<R>(_ what: StaticString, _ body: () throws(SystemError) -> R) throws(FilterError) -> R {
    do throws(SystemError) { return try body() } catch { throw unavailable(error, what) }
  }

  private func unavailable(_ error: SystemError, _ what: StaticString) -> FilterError {
    FilterError(
      .unavailable,
      error.isFull
        ? "The file sink's disk is full: make room, and it goes on by itself."
        : "A file of the file sink can't be \(what) (\(error.message)).")
  }
}

/// A JSON object on one line.
private func isOneLine(_ json: Span<UInt8>) -> Bool {
  guard json.count >= 2, json[0] == UInt8(ascii: "{"), json[json.count - 1] == UInt8(ascii: "}") else {
    return false
  }
  for index in json.indices where json[index] < 0x20 { return false }
  return true
}
