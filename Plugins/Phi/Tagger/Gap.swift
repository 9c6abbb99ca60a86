/// What stands between two words, as far as the tagger tells it apart.
enum Gap: UInt8 {
  /// Nothing that belongs together: the text's end, an empty line, many signs.
  case far
  case space, newline, comma, stop, colon, dash, quote, bracket, slash, bar, digits, possessive, sentence,
    other

  /// Whether the words on both sides may be parts of one name.
  var isClose: Bool {
    switch self {
    case .space, .newline, .comma, .stop, .bar, .dash: true
    default: false
    }
  }

  /// More bytes than these are far.
  private static let longest = 12

  /// What stands between a word and the one before it, mostly a space; nil where it is ``far`` or there is none of them.
  @inline(__always)
  static func before(_ words: [Word], _ index: Int, _ view: borrowing TextView, ahead: Bool) -> Gap? {
    guard index > 0, index < words.count else { return nil }
    let (start, end) = (words[index - 1].range.upperBound, words[index].range.lowerBound)
    if end &- start == 1, view.text[start] == 0x20 { return .space }
    if end &- start == 2, view.text[start &+ 1] == 0x20 {
      switch view.text[start] {
      case UInt8(ascii: ","): return .comma
      case UInt8(ascii: "."): return .stop
      case UInt8(ascii: ":"): return .colon
      default: break
      }
    }
    let gap = Gap(view, start, end, ahead: ahead)
    return gap == .far ? nil : gap
  }

  /// Classes the bytes between two words. `ahead`: what comes is not known further than the next run, so that
  /// a run of its own in between is far.
  init(_ view: borrowing TextView, _ start: Int, _ end: Int, ahead: Bool) {
    let count = end - start
    guard count > 0, count <= Self.longest else {
      self = .far
      return
    }
    var found = Gap.space
    var lines = 0
    var spaces = 0
    var wasSpace = false
    for index in start..<end {
      let byte = view.text[index]
      let isSpace = Bytes.isSpace(byte)
      if isSpace, !wasSpace { spaces += 1 }
      wasSpace = isSpace
      switch byte {
      case 0x20, 0x09, 0x0D: break
      case 0x0A: lines += 1
      case UInt8(ascii: ","): if found == .space { found = .comma }
      case UInt8(ascii: "."): if found == .space { found = .stop }
      case UInt8(ascii: ":"), UInt8(ascii: "="): found = .colon
      case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "#"), UInt8(ascii: "~"):
        if found == .space { found = .dash }
      case UInt8(ascii: "\""), UInt8(ascii: "`"): if found != .colon { found = .quote }
      case UInt8(ascii: "'"): if found == .space { found = index == start ? .possessive : .quote }
      case 0x28...0x29, UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
        UInt8(ascii: "<"),
        UInt8(ascii: ">"):
        found = .bracket
      case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "@"): found = .slash
      case UInt8(ascii: "|"), UInt8(ascii: "^"): found = .bar
      case UInt8(ascii: ";"), UInt8(ascii: "!"), UInt8(ascii: "?"): found = .sentence
      case 0x30...0x39: found = .digits
      default: if found == .space { found = .other }
      }
    }
    if lines > 1 || ahead && spaces > 1 {
      self = .far
    } else if lines == 1, found == .space || found == .comma || found == .dash {
      self = found == .space ? .newline : .sentence
    } else {
      self = found
    }
  }
}
