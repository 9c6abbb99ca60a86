// Measures the evidence log. See Benchmarks/evidence.sh.
import Glibc

@main
struct Measure {
  static func main() throws {
    let words = CommandLine.arguments.dropFirst()
    switch words.first {
    case "disk": try disk(words[words.startIndex + 1])
    case "append": try append(words[words.startIndex + 1], writers: Int(words[words.startIndex + 2]) ?? 1)
    case "fill": try fill(words[words.startIndex + 1], Int(words[words.startIndex + 2]) ?? 1)
    case "verify": try verify(words[words.startIndex + 1])
    default: print("disk DIR | append DIR WRITERS | fill DIR RECORDS | verify DIR")
    }
  }

  /// A record of about the size that an exchange's have, 640 bytes.
  private static func draft(_ number: Int) -> RecordDraft {
    let data = CanonicalWriter.object { writer in
      writer.integer("number", number)
      writer.string("transcript", String(repeating: "a masked note of a patient, ", count: 14))
    }
    return RecordDraft(type: .request, session: Array("ses_1".utf8), exchange: Array("ex_1".utf8), data: data)
  }

  private static let recordBytes = 640

  /// How often the disk makes a write stable: into blocks that were written before, as the log's are.
  private static func disk(_ path: String) throws {
    let fileSystem = PosixFileSystem()
    _ = try fileSystem.makeDirectory(path)
    let folder = try fileSystem.openDirectory(path, followingLinks: false)
    for count in [1, 32, 256] {
      try fileSystem.remove("probe", in: folder)
      let file = try fileSystem.open("probe", in: folder, .create)
      try fileSystem.write(file, at: 0, [UInt8](repeating: 0, count: 64 << 20))
      try fileSystem.synchronizeData(file)
      let bytes = [UInt8](repeating: 1, count: count * (recordBytes + 40))
      let end = Timestamp.monotonic() + 3_000_000_000
      let begin = Timestamp.monotonic()
      var done = 0
      while Timestamp.monotonic() < end {
        try fileSystem.write(file, at: done * bytes.count % (63 << 20), bytes)
        try fileSystem.synchronizeData(file)
        done += 1
      }
      let seconds = Double(Timestamp.monotonic() - begin) / 1e9
      print("disk \(count) \(Int(Double(done) / seconds)) \(Int(Double(done * count) / seconds))")
    }
    try fileSystem.remove("probe", in: folder)
  }

  /// So many threads, each of which appends a record and waits until it's stable.
  private static func append(_ path: String, writers: Int) throws {
    let (log, _) = try EvidenceLog.open(directory: path)
    // The spare segment's preparation is not what is measured.
    usleep(3_000_000)
    let isOver = Monitor(false)
    let counts = Monitor([Int](repeating: 0, count: writers))
    let before = log.status.synchronizations
    let begin = Timestamp.monotonic()
    let threads = try (0..<writers).map { writer in
      try WorkerThread(name: "writer") {
        var done = 0
        while !isOver.withLock({ $0 }) {
          _ = try? log.appendAndWait([draft(done)])
          done += 1
        }
        counts.update { $0[writer] = done }
      }
    }
    usleep(4_000_000)
    isOver.update { $0 = true }
    for thread in threads { thread.join() }
    let seconds = Double(Timestamp.monotonic() - begin) / 1e9
    let total = counts.withLock { $0.reduce(0, +) }
    let syncs = log.status.synchronizations - before
    log.close()
    let (records, rate) = (Int(Double(total) / seconds), Int(Double(syncs) / seconds))
    print("append \(writers) \(records) \(rate) \(total / max(1, Int(syncs)))")
  }

  /// A log of so many records, as fast as it goes.
  private static func fill(_ path: String, _ count: Int) throws {
    let (log, _) = try EvidenceLog.open(directory: path)
    let begin = Timestamp.monotonic()
    var number = 0
    while number < count {
      let drafts = (0..<min(1000, count - number)).map { draft(number + $0) }
      try log.appendAndWait(drafts, durability: .written)
      number += drafts.count
    }
    log.close()
    print("fill \(count) \(Int(Double(count) / (Double(Timestamp.monotonic() - begin) / 1e9)))")
  }

  private static func processorSeconds(_ usage: rusage) -> Double {
    let (user, system) = (usage.ru_utime, usage.ru_stime)
    return Double(user.tv_sec + system.tv_sec) + Double(user.tv_usec + system.tv_usec) / 1e6
  }

  private static func verify(_ path: String) throws {
    let begin = Timestamp.monotonic()
    let report = Verifier().verify(directory: path)
    let seconds = Double(Timestamp.monotonic() - begin) / 1e9
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF
    print(
      "verify \(report.verdict.rawValue) \(report.size) \(Int(Double(report.bytes) / 1e6)) \(Int(seconds * 1000)) \(Int(Double(report.bytes) / 1e6 / seconds)) \(Int(Double(report.bytes) / 1e6 / Self.processorSeconds(usage))) \(usage.ru_maxrss / 1024)"
    )
  }
}
