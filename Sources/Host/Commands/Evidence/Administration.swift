internal import Control
internal import Evidence
internal import Foundation
internal import Glibc

/// What an operator does at the command line to the evidence, put on record as an administration record: by the gateway
/// where one is serving, else by the command itself.
enum Administration {
  /// Puts it on record, and returns once it is durable in the log.
  /// - Throws: ``CommandFailure`` where that can't be done: then what was to be recorded must not happen.
  static func record(_ event: String, _ fields: [(name: String, value: String)], in data: String) throws {
    try requireLog(in: data)
    let store = try Store(try DataDirectory(data))
    let id = try store.note(event, fields)
    try settle(store, id, in: data)
  }

  /// - Throws: ``CommandFailure`` where there is no log: nothing is made by mistake.
  static func requireLog(in data: String) throws(CommandFailure) {
    guard FileManager.default.fileExists(atPath: Installation.evidence(in: data)) else {
      throw CommandFailure(message: "\(data) is no data directory: it has no folder 'log'", code: 2)
    }
  }

  /// Waits until the gateway has taken the event, or takes it if there is none.
  private static func settle(_ store: Store, _ id: Int64, in data: String) throws {
    for _ in 0..<100 {
      if try store.isRecorded(id) { return }
      if try withLog(data, { log in try EventFeed.run(store, log) }) { continue }
      usleep(100_000)
    }
    throw CommandFailure(
      message:
        "a gateway holds the evidence log and did not take the record within ten seconds; see its own log",
      code: 2)
  }

  /// Opens the log and lets `body` write to it; false where a gateway holds it.
  static func withLog(_ data: String, _ body: (EvidenceLog) throws -> Void) throws -> Bool {
    let log: EvidenceLog
    do throws(EvidenceError) {
      (log, _) = try EvidenceLog.open(directory: Installation.evidence(in: data))
    } catch {
      if error.code == .locked { return false }
      throw error
    }
    defer { log.close() }
    try body(log)
    return true
  }

  /// Who is at the command line.
  static var operatorName: String {
    let name = unsafe getpwuid(geteuid()).map { unsafe String(cString: $0.pointee.pw_name) }
    return "os:\(name ?? String(geteuid()))"
  }
}

/// Takes what happened at the command line from the store into the log.
enum EventFeed {
  /// Events are marked once they are durable in the log; after a crash in between one may be there twice, or in the
  /// logs of two gateways, by its number.
  /// - Parameter onEvent: is told of each, once it is there.
  static func run(
    _ store: Store, _ log: EvidenceLog, onEvent: (AdministrationEvent) -> Void = { _ in }
  ) throws {
    while true {
      let events = try store.takeEvents(limit: 100, now: secondsNow())
      guard !events.isEmpty else { return }
      try log.appendAndWait(
        events.map { event in
          RecordDraft(
            type: event.type.hasPrefix("approval.") ? .approvalDecided : .administration, data: event.data)
        })
      try store.markRecorded(events, now: secondsNow())
      events.forEach(onEvent)
    }
  }
}
