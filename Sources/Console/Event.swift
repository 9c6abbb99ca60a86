internal import Control

/// Something that happened, as `GET /events` tells of it.
struct Event: Sendable {
  enum Readers: Sendable {
    /// Approvers, auditors, and whose request it is.
    case of(subject: String)
    /// Auditors and admins.
    case inspectors
  }

  /// As `approval.pending`.
  let name: String
  let readers: Readers
  /// A JSON object, in one line.
  let data: [UInt8]

  /// What the routes of the same things let them read.
  func isFor(_ person: Person) -> Bool {
    switch readers {
    case .of(let subject):
      person.has(.approver) || person.has(.auditor) || person.has(.developer) && person.subject == subject
    case .inspectors: person.has(.auditor) || person.has(.admin)
    }
  }

  /// As server-sent events are written (WHATWG HTML, 9.2.6).
  func text(id: String) -> [UInt8] { Self.text(name, id: id, data) }

  static func text(_ name: String, id: String?, _ data: [UInt8]) -> [UInt8] {
    Array("\(id.map { "id: \($0)\n" } ?? "")event: \(name)\ndata: ".utf8) + data + Array("\n\n".utf8)
  }

  static func end(_ reason: String) -> [UInt8] {
    text("end", id: nil, Array("{\"reason\":\"\(reason)\"}".utf8))
  }

  /// A comment, so that neither side takes a quiet stream for a broken one.
  static let beat = Array(": \n\n".utf8)
}

/// The newest events, under numbers that go on; so that whoever was away for a moment misses none.
struct EventHistory {
  private let maximum: Int
  /// Of this history alone: another gateway's ids, or those of before a restart, mean nothing here.
  private let epoch = Base32Text.random(8)
  private var first: UInt64 = 1
  private(set) var events: [Event] = []

  init(maximum: Int) { self.maximum = maximum }

  /// The id of the newest.
  var last: String { "\(epoch)-\(first + UInt64(events.count) - 1)" }

  mutating func append(_ event: Event) -> String {
    events.append(event)
    if events.count > maximum {
      // A batch at a time: each costs the whole list.
      let gone = maximum / 4
      events.removeFirst(gone)
      first += UInt64(gone)
    }
    return last
  }

  /// What came after an event, with ids; nil: that is not known any more, or never was.
  func after(_ id: String) -> [(id: String, event: Event)]? {
    let parts = id.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == epoch, let number = Fields.digits(String(parts[1])) else {
      return nil
    }
    let next = UInt64(number) + 1
    guard next >= first, next <= first + UInt64(events.count) else { return nil }
    return events[Int(next - first)...].enumerated().map {
      ("\(epoch)-\(next + UInt64($0.offset))", $0.element)
    }
  }
}

/// Letters for an id that only has to differ.
private enum Base32Text {
  static func random(_ letters: Int) -> String {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    return String((0..<letters).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
  }
}
