internal import FilterKit
internal import Gzip

/// Compresses closed files, a slice at a time so that no batch of records waits long for it, and removes those
/// that are past their time. Its failures never stop records from being kept: they are logged and tried again.
final class Archiver {
  /// Bytes of a file that one step compresses: some tens of milliseconds.
  private static let slice = 4 << 20
  private static let chunk = 256 << 10
  /// Seconds until a file that could not be compressed is tried again.
  private static let pause: Int64 = 60
  /// Seconds between two looks for files that are past their time.
  private static let retentionInterval: Int64 = 3600

  private let directory: LogDirectory
  private let options: FileSinkOptions
  private let host: Host
  private var waiting: [UInt64] = []
  private var job: Job?
  private var nextLook: Int64 = 0
  /// No new file is begun before: the last one failed.
  private var pausedUntil: Int64 = 0

  private struct Job {
    let first: UInt64
    let source, target: Int32
    let modified: Int64
    let compressor: GzipCompressor
    var offset: UInt64 = 0
  }

  init(directory: LogDirectory, options: FileSinkOptions, host: Host) {
    self.directory = directory
    self.options = options
    self.host = host
  }

  deinit { abandon() }

  /// Takes up what an earlier run left. `files` are all the log's files, the newest of which is being written.
  func begin(with files: [(first: UInt64, form: FileNames.Form)]) {
    abandon()
    (waiting, pausedUntil) = ([], 0)
    let newest = files.last?.first
    for file in files where file.first != newest {
      let hasArchive = files.contains { $0.first == file.first && $0.form == .compressed }
      switch file.form {
      case .unfinished:
        attempt { () throws(SystemError) in try directory.removeIfThere(first: file.first, .unfinished) }
      case .plain where hasArchive:
        attempt { () throws(SystemError) in try directory.removeIfThere(first: file.first, .plain) }
      case .plain: if options.compresses { waiting.append(file.first) }
      case .compressed: break
      }
    }
  }

  /// A file was closed, and is on stable storage.
  func closed(first: UInt64) {
    if options.compresses { waiting.append(first) }
    nextLook = 0
  }

  /// Does one slice of the work. `newest` is the file that is being written.
  func step(newest: UInt64) {
    let now = directory.system.now()
    if job == nil, now >= pausedUntil, !waiting.isEmpty {
      let first = waiting.removeFirst()
      start(first)
      if job == nil { postpone(first) }
    }
    advance()
    if now >= nextLook {
      nextLook = now + Self.retentionInterval
      removeOld(before: now, newest: newest)
    }
  }

  private func start(_ first: UInt64) {
    var source: Int32 = -1
    attempt { () throws(SystemError) in
      source = try directory.openForReading(first: first, .plain)
      let modified = try directory.system.status(source).modified
      let target = try directory.recreate(first: first, .unfinished)
      guard let compressor = GzipCompressor() else {
        directory.system.closeFile(target)
        throw SystemError.noMemory
      }
      job = Job(first: first, source: source, target: target, modified: modified, compressor: compressor)
    }
    if job == nil && source >= 0 { directory.system.closeFile(source) }
  }

  private func advance() {
    guard var job else { return }
    let system = directory.system
    let isDone = attempt { () throws(SystemError) in
      var left = Self.slice
      var (buffer, compressed): ([UInt8], [UInt8]) = ([], [])
      while left > 0 {
        try system.read(job.source, at: job.offset, count: Self.chunk, into: &buffer)
        compressed.removeAll(keepingCapacity: true)
        let isLast = buffer.isEmpty
        guard job.compressor.compress(buffer.span, isLast: isLast, into: &compressed) else {
          throw SystemError.noMemory
        }
        try system.write(job.target, compressed)
        job.offset += UInt64(buffer.count)
        left -= buffer.count
        if isLast { return try finish(job) }
      }
      self.job = job
    }
    if !isDone {
      abandon()
      postpone(job.first)
    }
  }

  private func postpone(_ first: UInt64) {
    waiting.append(first)
    pausedUntil = directory.system.now() + Self.pause
  }

  private func finish(_ finished: Job) throws(SystemError) {
    // The archive keeps the time of its records, which retention goes by.
    try directory.system.setModified(finished.target, finished.modified)
    try directory.system.sync(finished.target)
    try directory.finishCompression(first: finished.first)
    abandon()
  }

  private func abandon() {
    guard let job else { return }
    directory.system.closeFile(job.source)
    directory.system.closeFile(job.target)
    self.job = nil
  }

  private func removeOld(before now: Int64, newest: UInt64) {
    guard let retention = options.retention else { return }
    attempt { () throws(SystemError) in
      for file in try directory.files() where file.first < newest && file.first != job?.first {
        let descriptor = try directory.openForReading(first: file.first, file.form)
        defer { directory.system.closeFile(descriptor) }
        guard try directory.system.status(descriptor).modified < now - retention else { continue }
        try directory.removeIfThere(first: file.first, file.form)
        waiting.removeAll { $0 == file.first }
      }
    }
  }

  /// Returns whether it went well.
  @discardableResult
  private func attempt(_ body: () throws(SystemError) -> Void) -> Bool {
    do throws(SystemError) {
      try body()
      return true
    } catch {
      host.log(
        .warning, "a closed file of the file sink could not be compressed or removed",
        [("errno", Int64(error.code))])
      return false
    }
  }
}
