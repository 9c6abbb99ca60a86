internal import JSONTree

/// What the stand-in model says to a request: the same to the same prompt.
struct StandInReply {
  let isStreamed: Bool
  private let text: String
  private let model: String
  private let promptTokens: Int

  init(to request: [UInt8], quotesPrompt: Bool) {
    let body = quotesPrompt || request.contains(sequence: "\"stream\"") ? try? JSONReader.read(request) : nil
    isStreamed = body?["stream"]?.bool ?? false
    model = body?["model"]?.string ?? "stand-in"
    promptTokens = request.count / 4
    let prompt = quotesPrompt ? body?["messages"]?.array?.last.flatMap(Self.content) ?? "" : ""
    text =
      quotesPrompt
      ? "You wrote: \(prompt.prefix(4000))\nI would call the patient's brother, Mr. Michael Torres, at (617) 555-0182 before the visit on March 3, 2026."
      : "The patient is stable. Continue the present treatment and review the laboratory results at the next visit."
  }

  private static func content(_ message: JSONValue) -> String? {
    message["content"]?.string
      ?? message["content"]?.array?.compactMap { $0["text"]?.string }.joined(separator: "\n")
  }

  /// The whole answer.
  var whole: [UInt8] {
    Array(
      """
      {"id":"chatcmpl-standin","object":"chat.completion","created":1764000000,"model":\(Self.quoted(model)),\
      "choices":[{"index":0,"message":{"role":"assistant","content":\(Self.quoted(text))},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":\(promptTokens),"completion_tokens":\(text.utf8.count / 4),"total_tokens":\(promptTokens + text.utf8.count / 4)}}
      """.utf8)
  }

  /// The answer as events: a word or two at a time, as models speak.
  var events: [[UInt8]] {
    let head =
      "data: {\"id\":\"chatcmpl-standin\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,\"model\":\(Self.quoted(model)),\"choices\":[{\"index\":0,\"delta\":"
    var events = [
      Array("\(head){\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n".utf8)
    ]
    for piece in pieces {
      events.append(Array("\(head){\"content\":\(Self.quoted(piece))},\"finish_reason\":null}]}\n\n".utf8))
    }
    events.append(Array("\(head){},\"finish_reason\":\"stop\"}]}\n\n".utf8))
    events.append(Array("data: [DONE]\n\n".utf8))
    return events
  }

  private var pieces: [String] {
    var pieces: [String] = []
    var piece = ""
    for character in text {
      piece.append(character)
      if piece.count >= 4, character == " " || piece.count >= 7 {
        pieces.append(piece)
        piece = ""
      }
    }
    if !piece.isEmpty { pieces.append(piece) }
    return pieces
  }

  private static func quoted(_ text: String) -> String {
    String(decoding: JSONValue.string(text).canonical, as: UTF8.self)
  }

  static let models = Array(
    #"{"object":"list","data":[{"id":"stand-in","object":"model","created":1764000000,"owned_by":"sluice"}]}"#
      .utf8)
}

extension [UInt8] {
  /// Whether the text is found anywhere.
  func contains(sequence text: String) -> Bool {
    let wanted = Array(text.utf8)
    guard count >= wanted.count else { return false }
    return (0...count - wanted.count).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}
