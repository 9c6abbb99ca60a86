internal import JSONTree

/// The texts of a masked body, in order, with who speaks: what a person wants to read of it, whichever API it is of.
/// A body of no known shape is one text.
enum TranscriptText {
  struct Turn: Equatable {
    /// As the body names it: `user`, `assistant`, `system`, `tool`; empty where it doesn't.
    var speaker: String
    var text: String
  }

  static func turns(of transcript: String, isAnswer: Bool) -> [Turn] {
    guard let body = try? JSONReader.read(Array(transcript.utf8)) else {
      return transcript.isEmpty ? [] : [Turn(speaker: "", text: transcript)]
    }
    let turns = (isAnswer ? answer(body) : request(body)).filter { !$0.text.isEmpty }
    return turns.isEmpty ? [Turn(speaker: "", text: transcript)] : turns
  }

  private static func request(_ body: JSONValue) -> [Turn] {
    var turns: [Turn] = []
    for name in ["system", "instructions", "systemInstruction"] {
      if let value = body[name] { turns.append(Turn(speaker: "system", text: text(of: value))) }
    }
    // Chat completions and Anthropic; Responses; Gemini.
    for message in body["messages"]?.array ?? [] { turns.append(turn(message)) }
    if let input = body["input"] {
      if let items = input.array {
        turns += items.map { turn($0) }
      } else {
        turns.append(Turn(speaker: "user", text: text(of: input)))
      }
    }
    for content in body["contents"]?.array ?? [] { turns.append(turn(content)) }
    if let prompt = body["prompt"] { turns.append(Turn(speaker: "user", text: text(of: prompt))) }
    return turns
  }

  private static func answer(_ body: JSONValue) -> [Turn] {
    var turns: [Turn] = []
    for choice in body["choices"]?.array ?? [] {
      turns.append(turn(choice["message"] ?? choice, speaker: "assistant"))
    }
    for item in body["output"]?.array ?? [] { turns.append(turn(item, speaker: "assistant")) }
    for candidate in body["candidates"]?.array ?? [] {
      turns.append(turn(candidate["content"] ?? candidate, speaker: "assistant"))
    }
    if let content = body["content"] { turns.append(Turn(speaker: "assistant", text: text(of: content))) }
    return turns
  }

  private static func turn(_ message: JSONValue, speaker: String = "") -> Turn {
    let role = message["role"]?.string ?? (speaker.isEmpty ? message["type"]?.string ?? "" : speaker)
    var parts = [text(of: message)]
    for call in message["tool_calls"]?.array ?? [] {
      parts.append(
        "\(call["function"]?["name"]?.string ?? "tool")(\(call["function"]?["arguments"]?.string ?? ""))")
    }
    return Turn(speaker: role, text: parts.filter { !$0.isEmpty }.joined(separator: "\n"))
  }

  /// Text, or all texts in the members that hold some.
  private static func text(of value: JSONValue, depth: Int = 0) -> String {
    if let text = value.string { return text }
    guard depth < 8 else { return "" }
    if let items = value.array {
      return items.map { text(of: $0, depth: depth + 1) }.filter { !$0.isEmpty }.joined(separator: "\n")
    }
    let names = [
      "content", "text", "parts", "thinking", "arguments", "output", "input", "summary", "refusal",
    ]
    return names.compactMap { value[$0].map { text(of: $0, depth: depth + 1) } }.filter { !$0.isEmpty }
      .joined(separator: "\n")
  }
}
