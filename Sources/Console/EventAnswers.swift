/// What happens, as it happens.
enum EventAnswers {
  static func follow(_ call: Call) throws -> Reply {
    let fields = try Fields(query: call.query, ["seconds"])
    let seconds = try fields.integer("seconds", 1...EventHub.longest, or: EventHub.longest)
    // Whatever a client remembers: an id that is not known here begins anew.
    let lastID = call.lastEventID.flatMap { $0.utf8.count <= 64 ? $0 : nil }
    return Reply(
      stream: try call.events.join(try call.person, lastID: lastID, seconds: seconds, now: call.now))
  }
}
