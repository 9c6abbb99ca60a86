/// Errors of our own in the shapes that clients' SDKs turn into the right exceptions.
public enum ErrorBody {
  /// OpenAI's: `{"error": {"message", "type", "param", "code"}}`.
  public static func openAI(message: String, type: String, code: String, param: String?) -> [UInt8] {
    var body: [UInt8] = []
    func append(_ name: String, _ value: String?) {
      body.append(contentsOf: "\"\(name)\":".utf8)
      guard let value else { return body.append(contentsOf: "null".utf8) }
      body.append(UInt8(ascii: "\""))
      let bytes = Array(value.utf8)
      StringEscapes.encode(bytes.span, into: &body)
      body.append(UInt8(ascii: "\""))
    }
    body.append(contentsOf: "{\"error\":{".utf8)
    append("message", message)
    body.append(UInt8(ascii: ","))
    append("type", type)
    body.append(UInt8(ascii: ","))
    append("param", param)
    body.append(UInt8(ascii: ","))
    append("code", code)
    body.append(contentsOf: "}}".utf8)
    return body
  }

  /// The same as an event of a stream that has begun.
  public static func openAIEvent(message: String, type: String, code: String) -> [UInt8] {
    Array("data: ".utf8) + openAI(message: message, type: type, code: code, param: nil) + [0x0A, 0x0A]
  }
}
