internal import ArgumentParser
internal import Evidence
internal import Foundation
internal import Glibc

extension EvidenceCommand {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write records for something else: JSON lines, CSV, an auditor's page, or OCSF.",
      discussion: """
        json   each record as it is, one a line
        csv    one line a record; a cell that a spreadsheet would take for a formula begins with an apostrophe
        html   one page that stands alone, with no script and nothing from outside; masked spans are marked
        ocsf   OCSF 1.3, one event a line: API Activity and Entity Management

        Without a condition everything is written; with one, the records of the sessions that it holds for.

          sluice evidence export ./data --format html --person ana@example.org --since 30d --output ana.html
          sluice evidence export ./data --format csv > evidence.csv
        """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case json, csv, html, ocsf }

    @Argument(help: "A data directory, or the folder of a log.", completion: .directory) var directory: String
    @Option(help: "json, csv, html or ocsf.") var format = Format.json
    @Option(help: "One session alone, as ses_….") var session: String?
    @OptionGroup var search: SessionSearch
    @Option(help: "The public key that the page's verification is to use, as checkpoint.pub has it.") var key:
      String?
    @Option(
      name: .shortAndLong, help: "The file to make, mode 0600; without it, standard output.",
      completion: .file())
    var output: String?

    func run() throws {
      try running {
        let folder = LogFolder.find(directory)
        let reader = try EvidenceReader(directory: folder)
        let wanted = try wantedSessions(reader)
        var exporter = makeExporter(folder)
        let file = try OutputFile(output)
        try file.write(exporter.begin())
        var count = 0
        var failure: CommandFailure?
        try reader.forEach { record in
          if let wanted, record.session.map({ !wanted.contains($0) }) ?? true { return true }
          count += 1
          do throws(CommandFailure) {
            guard format != .html || count <= HTMLExporter.recordLimit else {
              throw CommandFailure(
                message:
                  "a page holds \(HTMLExporter.recordLimit) records at most; narrow it with --session, --person, --since",
                code: 1)
            }
            try file.write(exporter.add(record))
            return true
          } catch {
            failure = error
            return false
          }
        }
        if let failure { throw failure }
        try file.write(exporter.end())
        try file.close()
      }
    }

    /// The sessions that the conditions hold for; nil where there is no condition.
    private func wantedSessions(_ reader: EvidenceReader) throws -> Set<String>? {
      let filter = try search.filter
      guard session != nil || !filter.isEmpty else { return nil }
      let all = try reader.sessions().filter { filter.holds($0) && (session == nil || $0.id == session) }
      guard !all.isEmpty else { throw CommandFailure(message: "no session is like that", code: 1) }
      return Set(all.map(\.id))
    }

    private func makeExporter(_ folder: String) -> any Exporter {
      switch format {
      case .json: return LinesExporter()
      case .csv: return CSVExporter()
      case .ocsf: return OCSFExporter()
      case .html:
        let report = Verifier(publicKey: key).verify(directory: folder)
        return HTMLExporter(
          title: session.map { "Session \($0)" } ?? search.person.map { "Evidence of \($0)" } ?? "Evidence",
          verification: report.description, isWhole: report.verdict == .whole)
      }
    }
  }
}

/// Standard output, or a file that must not be there yet.
final class OutputFile {
  private let handle: Int32
  private let path: String
  private let isFile: Bool

  init(_ path: String?) throws(CommandFailure) {
    self.path = path ?? "standard output"
    isFile = path != nil
    guard let path else {
      handle = 1
      return
    }
    handle = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard handle >= 0 else {
      let reason = errno == EEXIST ? "it is there already" : unsafe String(cString: strerror(errno))
      throw CommandFailure(message: "\(path) can't be made: \(reason)", code: 2)
    }
  }

  func write(_ text: String) throws(CommandFailure) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(handle, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw CommandFailure(
          message: "\(path) can't be written: \(unsafe String(cString: strerror(errno)))", code: 2)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// What was written is on the disk.
  func close() throws(CommandFailure) {
    guard isFile else { return }
    let isDone = fsync(handle) == 0
    guard Glibc.close(handle) == 0, isDone else {
      throw CommandFailure(message: "\(path) can't be written; the disk may be full", code: 2)
    }
  }
}
