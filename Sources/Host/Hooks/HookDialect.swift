internal import JSONTree

/// What a hook answers its tool.
struct HookAnswer {
  /// On standard output.
  let output: JSONValue
  /// On standard error; nil: nothing.
  var complaint: String?
  var code: Int32 = 0
}

/// How one tool asks its hooks, and understands their answers.
protocol HookDialect {
  /// All texts that the event would send out; files are read for that. [blocking]
  /// - Throws: where the event, or the shape of one of its members, isn't known: it could hold anything.
  static func texts(of event: HookEvent) throws(HookRefusal) -> [HookText]
  static func allow(_ event: HookEvent) -> HookAnswer
  static func block(_ event: HookEvent, _ verdict: HookVerdict, reason: String) -> HookAnswer
  /// The event, or the pipeline, can't be used.
  /// - Parameter event: nil: not even the event is known.
  static func refuse(_ event: HookEvent?, reason: String) -> HookAnswer
}

/// One run of a hook: an event in, an answer out, and whatever goes wrong blocks.
enum HookRun {
  static func answer(_ dialect: (some HookDialect).Type, pipeline: String?) -> HookAnswer {
    var event: HookEvent?
    do throws(HookRefusal) {
      let read = try HookEvent(try HookEvent.read())
      event = read
      let texts = try dialect.texts(of: read)
      let verdict = try HookScan(pipeline: pipeline).look(at: texts, attributes: facts(of: read))
      guard let reason = verdict.reason else { return dialect.allow(read) }
      return dialect.block(read, verdict, reason: "Sluice stopped this. \(reason) \(advice)")
    } catch {
      return dialect.refuse(event, reason: "Sluice stopped this, as it can't be checked: \(error.message).")
    }
  }

  private static let advice =
    "Put placeholders or made-up values in its place, and try again. The values are not repeated here."

  private static func facts(of event: HookEvent) -> [(name: String, value: String)] {
    [("model", event["model"]?.string), ("tool", event["tool_name"]?.string)].compactMap { name, value in
      value.map { (name, $0) }
    }
  }
}

/// The texts of members that a dialect doesn't know: a tool's next version may send more.
enum UnknownMembers {
  static func texts(of event: HookEvent, besides known: Set<String>) -> [HookText] {
    event.members.filter { !known.contains($0.name) }.flatMap { name, value in
      HookText.all(
        .metadata, "a part of the event that this version of sluice doesn't know", in: value, member: name)
    }
  }
}
