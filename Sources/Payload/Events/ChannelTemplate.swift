/// The shape in which what is left of a channel's text leaves once the channel ends: an event of the same kind as
/// the one that began the channel, with no text but this one and nothing that a client would count twice.
struct ChannelTemplate {
  /// The event's `event:` line with its end, or nothing.
  private(set) var eventLine: [UInt8] = []
  private var prefix: [UInt8] = []
  private var suffix: [UInt8] = []

  /// What of an event that has been walked a template is made from.
  struct Source {
    let walked: WalkedBody
    let splicer: Splicer
    let rules: RuleTable
    let segment: Int
  }

  /// Keeps, of a walked event: on the way to the text, the members that say which it is and, as null, the one
  /// that says whether it has ended; at the top, what is neither scanned nor compound, such as an id, and what
  /// was scanned and left as it was, such as a model's name.
  /// - Parameter eventLine: the event's `event:` line, where it has one.
  init(_ source: Source, of json: Span<UInt8>, eventLine: [UInt8]) {
    self.eventLine = eventLine
    var steps: [WalkedBody.Path] = []
    var place = source.walked.segments[source.segment].path
    while place >= 0 {
      steps.append(source.walked.paths[place])
      place = source.walked.paths[place].parent
    }
    var position = 0
    var state = RuleTable.root
    for (depth, step) in steps.reversed().enumerated() {
      JSONSkipper.space(json, &position)
      position += 1
      if step.element >= 0 {
        prefix.append(UInt8(ascii: "["))
        suffix.insert(UInt8(ascii: "]"), at: 0)
        for _ in 0..<step.element { JSONSkipper.element(json, &position) }
        JSONSkipper.space(json, &position)
        state = source.rules.element(below: state)
      } else {
        prefix.append(UInt8(ascii: "{"))
        let end = members(source, step, isTop: depth == 0, state: &state, of: json, &position)
        suffix.insert(contentsOf: end, at: 0)
      }
    }
    prefix.append(UInt8(ascii: "\""))
    suffix.insert(UInt8(ascii: "\""), at: 0)
  }

  /// Goes through an object's members: those that are kept and come before the one on the way go to the prefix,
  /// with its name; those after it are returned, with the object's end. Leaves `position` at its value.
  private mutating func members(
    _ source: Source, _ step: WalkedBody.Path, isTop: Bool, state: inout Int, of json: Span<UInt8>,
    _ position: inout Int
  ) -> [UInt8] {
    var rest: [UInt8] = []
    var onTheWay = (position: 0, state: RuleTable.none)
    var isBehind = false
    while true {
      JSONSkipper.space(json, &position)
      guard position < json.count, json[position] == UInt8(ascii: "\"") else { break }
      let nameStart = position
      JSONSkipper.value(json, &position)
      let name = nameStart..<position
      JSONSkipper.space(json, &position)
      position += 1
      JSONSkipper.space(json, &position)
      let start = position
      var text: [UInt8] = []
      StringEscapes.decode(json.extracting(name.lowerBound + 1..<name.upperBound - 1), into: &text)
      let (below, isKnown) = source.rules.member(text.span, below: state)
      JSONSkipper.value(json, &position)
      if source.walked.withBytes(of: step.name, json, { $0.isEqual(to: text) }) {
        Self.append(json.extracting(name), ":", to: &prefix)
        isBehind = true
        onTheWay = (start, below)
      } else if isKnown || PlainWords.isIdentifier(text.span),
        let kept = Self.kept(source, start..<position, below, isTop: isTop, of: json)
      {
        if isBehind { rest.append(UInt8(ascii: ",")) }
        let isNull = kept.isEmpty
        var member: [UInt8] = []
        Self.append(json.extracting(name), isNull ? ":null" : ":", to: &member)
        member.append(copying: json.extracting(kept))
        if isBehind { rest += member } else { prefix += member + [UInt8(ascii: ",")] }
      }
      JSONSkipper.space(json, &position)
      guard position < json.count, json[position] == UInt8(ascii: ",") else { break }
      position += 1
    }
    (position, state) = onTheWay
    rest.append(UInt8(ascii: "}"))
    return rest
  }

  /// The bytes of a member's value that are kept; none, to say null; nil, to leave the member out.
  private static func kept(
    _ source: Source, _ value: Range<Int>, _ state: Int, isTop: Bool, of json: Span<UInt8>
  ) -> Range<Int>? {
    let first = json[value.lowerBound]
    switch source.rules.treatment(state) {
    case .finish?: return 0..<0
    case .label?:
      let word = value.lowerBound + 1..<max(value.upperBound - 1, value.lowerBound + 1)
      return first == UInt8(ascii: "\"") && PlainWords.isToken(json.extracting(word)) ? value : nil
    case .index?, .variant?:
      return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "\"")
        ? nil : value
    default:
      guard isTop, first != UInt8(ascii: "{"), first != UInt8(ascii: "[") else { return nil }
      let inner = first == UInt8(ascii: "\"") ? value.lowerBound + 1 : value.lowerBound
      let segment = source.walked.segments.firstIndex {
        $0.raw.lowerBound == inner && $0.role != .key && $0.outer < 0
      }
      guard let segment else { return value }
      let isText = source.walked.segments[segment].use.isChannel || source.walked.segments[segment].isOuter
      return isText || source.splicer.hasEdit(segment: segment) ? nil : value
    }
  }

  private static func append(_ name: Span<UInt8>, _ rest: StaticString, to bytes: inout [UInt8]) {
    bytes.append(copying: name)
    rest.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
  }

  /// How many bytes surround a text.
  var size: Int { prefix.count + suffix.count }

  /// The event's data with `text` in it.
  func json(_ text: Span<UInt8>) -> [UInt8] {
    var json = prefix
    StringEscapes.encode(text, into: &json)
    return json + suffix
  }
}
