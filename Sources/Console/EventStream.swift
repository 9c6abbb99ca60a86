internal import Control
internal import Synchronization

/// One who listens. What is not taken in time ends it: the client comes again and says what it has seen.
final class EventStream: Sendable {
  /// Pieces that wait for a slow client.
  private static let maximumWaiting = 512

  let chunks: AsyncStream<[UInt8]>
  let subject: String
  let keyID: String
  /// Seconds since 1970 UTC.
  let until: Int64
  private let number: Int
  private let continuation: AsyncStream<[UInt8]>.Continuation
  private let onEnd: @Sendable (Int) -> Void
  /// What it has seen last; nil once it was told where it stands.
  private let beginning: Mutex<(isOpen: Bool, lastID: String?)>
  private let known: Mutex<Person>

  init(
    number: Int, person: Person, lastID: String?, until: Int64, onEnd: @escaping @Sendable (Int) -> Void
  ) {
    (self.number, self.until, self.onEnd) = (number, until, onEnd)
    (subject, keyID) = (person.subject, person.keyID)
    beginning = Mutex((true, lastID))
    known = Mutex(person)
    (chunks, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.maximumWaiting))
  }

  var person: Person {
    get { known.withLock { $0 } }
    set { known.withLock { $0 = newValue } }
  }

  /// Called by the hub alone, in the order of events: first what was missed, or all that is so, then what is new.
  func tell(_ news: [(id: String, event: Event)], _ watch: EventWatch) {
    let person = person
    let begun = beginning.withLock { beginning -> (isNew: Bool, lastID: String?) in
      defer { beginning = (false, nil) }
      return (beginning.isOpen, beginning.lastID)
    }
    var text: [UInt8] = []
    if begun.isNew {
      text += Array("retry: 2000\n\n".utf8)
      if let lastID = begun.lastID, let missed = watch.history.after(lastID) {
        for (id, event) in missed where event.isFor(person) { text += event.text(id: id) }
      } else {
        // What the client knew is not to be trusted any more.
        text += Event.text("reset", id: watch.history.last, Array("{}".utf8))
        for event in watch.present where event.isFor(person) { text += event.text(id: watch.history.last) }
      }
    } else {
      for (id, event) in news where event.isFor(person) { text += event.text(id: id) }
    }
    if !text.isEmpty { send(text) }
  }

  func send(_ text: [UInt8]) {
    if case .dropped = continuation.yield(text) { finish() }
  }

  func end(_ reason: String) {
    _ = continuation.yield(Event.end(reason))
    finish()
  }

  /// The client is gone, or has heard enough. Any thread.
  func finish() {
    continuation.finish()
    onEnd(number)
  }
}
