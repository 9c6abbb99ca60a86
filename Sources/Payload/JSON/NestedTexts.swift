/// Texts in strings: JSON in JSON, `data:` URLs and base64 of texts.
extension JSONWalker {
  /// How many JSON texts may stand in strings of one another; what is deeper is scanned as text.
  private static let maximumNesting = 4

  /// Walks a string that is a JSON object or array itself, such as the arguments of a tool: the strings in it are
  /// texts of their own, freed of their escapes, and take the place of the one that holds them.
  ///
  /// A string that is none stays a text.
  mutating func walkInside(
    _ body: Span<UInt8>, role: Role, name: WalkedBody.Name, _ path: Int, into result: inout WalkedBody
  ) throws(PayloadError) {
    let index = result.segments.count - 1
    guard nesting < Self.maximumNesting else { return }
    if try unwrap(body, role: role, name: name, path, into: &result) { return }
    guard result.withText(index, of: body, { PlainWords.mayBeJSON($0) }) else { return }
    let text = result.withText(index, of: body) { text in
      var copy: [UInt8] = []
      copy.append(copying: text)
      return copy
    }
    if result.segments[index].decoded == nil {
      result.segments[index].decoded = result.arena.count..<result.arena.count + text.count
      result.arena += text
    }
    let mark = (
      segments: result.segments.count, paths: result.paths.count, arena: result.arena.count,
      media: result.media, keys: keys.mark, values: values
    )
    let before = (frames: frames, base: base, outer: outer)
    (frames, base, outer) = ([], result.segments[index].decoded?.lowerBound, index)
    nesting += 1
    defer {
      (frames, base, outer) = before
      nesting -= 1
    }
    do throws(PayloadError) {
      var position = JSONLexer.endOfSpace(text.span, from: 0)
      try value(
        text.span, &position, RuleTable.empty, state: RuleTable.none, role: role, name: name, path: path,
        into: &result)
      while !frames.isEmpty { try next(text.span, &position, RuleTable.empty, into: &result) }
      guard JSONLexer.endOfSpace(text.span, from: position) == text.count else {
        throw PayloadError(
          .invalidJSON, "Something follows the end of the JSON text.", at: position, in: text.span)
      }
      result.segments[index].isOuter = true
    } catch {
      if error.code == .tooManyValues {
        throw PayloadError(.tooManyValues, error.message, at: 0, in: body)
      }
      result.segments.removeSubrange(mark.segments...)
      result.paths.removeSubrange(mark.paths...)
      result.arena.removeSubrange(mark.arena...)
      result.media = mark.media
      keys.forget(from: mark.keys)
      values = mark.values
    }
  }

  /// Looks into a string that is wrapped text: a `data:` URL, or base64 of a text. Whether it is one.
  ///
  /// An image, a sound or a file in either is noted as media.
  private mutating func unwrap(
    _ body: Span<UInt8>, role: Role, name: WalkedBody.Name, _ path: Int, into result: inout WalkedBody
  ) throws(PayloadError) -> Bool {
    let index = result.segments.count - 1
    var text: [UInt8] = []
    let found = result.withText(index, of: body) { Wrapped(of: $0, into: &text) }
    switch found {
    case .none: return false
    case .media:
      result.media += 1
      return false
    case .text(let wrapping):
      if result.segments[index].decoded == nil {
        let start = result.arena.count
        let raw = result.segments[index].raw
        result.arena.append(copying: body.extracting(raw))
        result.segments[index].decoded = start..<result.arena.count
      }
      let start = result.arena.count
      result.arena += text
      result.segments.append(
        WalkedBody.Segment(
          raw: 0..<text.count, outer: index, wrapping: wrapping, role: role, use: .text, isEscaped: false,
          isNumber: false, decoded: start..<result.arena.count, name: name, path: path))
      result.segments[index].isOuter = true
      nesting += 1
      defer { nesting -= 1 }
      try walkInside(body, role: role, name: name, path, into: &result)
      return true
    }
  }
}
