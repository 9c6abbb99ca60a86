internal import FilterKit
internal import JSONTree

/// A log in a directory, being read, also while a gateway writes it. No hashes are kept beside the records: what was
/// changed shows by the checkpoints.
final class FileSinkReader: SinkReader {
  private let folder: EvidenceFolder
  private let names: FileNames
  /// Where the last page ended, so that the next one need not look for its place.
  private var place: (lines: LineReader, next: UInt64, file: UInt64)?

  init(_ folder: EvidenceFolder, _ names: FileNames) {
    self.folder = folder
    self.names = names
  }

  func records(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  {
    if place?.next != query.from { try seek(query.from) }
    var (count, bytes) = (0, 0)
    while var here = place {
      guard here.next < query.end else { return nil }
      guard count < query.maximumCount, bytes < query.maximumBytes else { return here.next }
      guard let line = try here.lines.next() else {
        guard try open(after: here.file) else { break }
        continue
      }
      let sequence = here.next
      here.next += 1
      place = here
      guard sequence >= query.from else { continue }
      let json = Array(line)
      let none: [UInt8] = []
      try receiver.record(sequence: sequence, json: json.span, leaf: none.span)
      count += 1
      bytes += json.count
    }
    // What is written from now on is found by seeking again.
    place = nil
    return nil
  }

  /// Opens the file that holds a record, or the first one after it.
  private func seek(_ sequence: UInt64) throws(FilterError) {
    let files = try listed()
    let file = files.last { $0.first <= sequence } ?? files.first
    place = nil
    if let file { try begin(file) }
  }

  private func open(after first: UInt64) throws(FilterError) -> Bool {
    guard let file = try listed().first(where: { $0.first > first }) else { return false }
    try begin(file)
    return true
  }

  private func begin(_ file: (first: UInt64, form: FileNames.Form)) throws(FilterError) {
    do throws(SystemError) {
      let descriptor = try folder.open(names.name(first: file.first, file.form))
      guard let lines = LineReader(descriptor, isCompressed: file.form == .compressed, folder.system) else {
        throw SystemError.noMemory
      }
      place = (lines, file.first, file.first)
    } catch {
      throw FilterError(.unavailable, "A file of the file sink can't be read (\(error.message)).")
    }
  }

  private func listed() throws(FilterError) -> [(first: UInt64, form: FileNames.Form)] {
    do throws(SystemError) { return try folder.files(names) } catch {
      throw FilterError(.unavailable, "The file sink's directory can't be read (\(error.message)).")
    }
  }

  func checkpoints(_ query: borrowing ReadQuery, to receiver: borrowing ReadReceiver) throws(FilterError)
    -> UInt64?
  {
    guard let file = try? folder.open(names.checkpoints) else { return nil }
    guard let lines = LineReader(file, isCompressed: false, folder.system) else { return nil }
    var entries = CheckpointLines()
    var (index, count): (UInt64, Int) = (0, 0)
    // A place is the number of a note.
    while let line = try lines.next() {
      guard let note = entries.add(line) else { continue }
      defer { index += 1 }
      guard index >= query.from else { continue }
      if count == query.maximumCount { return index }
      try receiver.checkpoint(note.span)
      count += 1
    }
    return nil
  }
}

/// Puts notes together from the lines of a file: each note holds one empty line, and one more ends it.
struct CheckpointLines {
  private var note: [UInt8] = []
  private var blanks = 0

  /// The note that this line ends.
  mutating func add(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    if line.isEmpty {
      blanks += 1
      if blanks == 2 {
        defer { (note, blanks) = ([], 0) }
        return note
      }
    }
    note += line
    note.append(0x0A)
    return nil
  }
}
