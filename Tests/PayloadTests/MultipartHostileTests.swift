import Testing

@testable import Payload

/// Bodies that two receivers could read in two ways, or that nothing good can come of.
struct MultipartHostileTests {
  private static let head = "Content-Disposition: form-data; name=\"a\"\r\n"

  @Test(arguments: [
    // Around the parts.
    ("", MultipartError.Code.missingEnd), ("x", .missingEnd), ("--c--\r\n", .missingEnd),
    ("\(head)\r\nx", .missingEnd), ("--b\r\n\(head)\r\nx", .missingEnd),
    ("--b\r\n\(head)\r\nx\r\n--", .missingEnd),
    ("--b\r\n\(head)\r\nx\r\n--b", .boundaryInContent), ("--b\r\n\(head)\r\nx\r\n--b-", .boundaryInContent),
    ("x\r\n--b--", .textBeforeParts), ("\n--b--", .textBeforeParts), ("\r\n\r\n--b--", .textBeforeParts),
    ("Jane Doe\r\n--b\r\n\(head)\r\nx\r\n--b--", .textBeforeParts), (" --b--", .textBeforeParts),
    ("--b--x", .textAfterParts), ("--b--\r\n\r\n", .textAfterParts), ("--b--\n", .textAfterParts),
    ("--b-- \r\n", .textAfterParts), ("--b--\r\nJane Doe", .textAfterParts),
    ("--b--\r\n--b\r\n\(head)\r\nx\r\n--b--", .textAfterParts), ("--b---\r\n", .textAfterParts),
    // Boundaries that some see and some don't.
    ("--b \r\n\(head)\r\nx\r\n--b--", .boundaryInContent), ("--b\n\(head)\r\nx\r\n--b--", .boundaryInContent),
    ("--bc\r\n\(head)\r\nx\r\n--b--", .boundaryInContent),
    ("--b\r\n\(head)\r\nx\n--b\r\n\(head)\r\ny\r\n--b--", .boundaryInContent),
    ("--b\r\n\(head)\r\nx\r--b--\r\n--b--", .boundaryInContent),
    ("--b\r\n\(head)\r\nx --b y\r\n--b--", .boundaryInContent),
    ("--b\r\n\(head)\r\nx\r\n--bc\r\n--b--", .boundaryInContent),
    ("--b\r\n\(head)\r\nx\r\n---b\r\n--b--", .boundaryInContent),
    ("--b\r\n--b--", .boundaryInContent), ("--b\r\n\r\n--b--", .malformedHeader),
    ("--b\r\n\r\n\r\n--b--", .invalidDisposition), ("--b\r\n\(head)\r\n--b--", .malformedHeader),
    ("--b\r\n\(head)--b--", .malformedHeader), ("--b\r\n\(head)X--b\r\n\r\n\r\n--b--", .boundaryInContent),
    // Lines.
    ("--b\r\nContent-Disposition: form-data; name=a\n\r\nx\r\n--b--", .malformedHeader),
    ("--b\r\nContent-Disposition: form-data; name=a\n\nx\r\n--b--", .malformedHeader),
    ("--b\r\nContent-Disposition: form-data; name=a\r\r\n\r\nx\r\n--b--", .malformedHeader),
    ("--b\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\nx\r\n--b--", .invalidDisposition),
    ("--b\r\n\(head) folded\r\n\r\nx\r\n--b--", .malformedHeader),
    ("--b\r\n\(head)\tfolded: x\r\n\r\nx\r\n--b--", .malformedHeader),
    ("--b\r\n\(head)Content-Type : text/plain\r\n\r\nx\r\n--b--", .malformedHeader),
    ("--b\r\n\(head)Content-Type\r\n\r\nx\r\n--b--", .malformedHeader),
    ("--b\r\n\(head): x\r\n\r\nx\r\n--b--", .malformedHeader),
    ("--b\r\nContent-Disposition: form-data; name=\"a\0\"\r\n\r\nx\r\n--b--", .malformedHeader),
    ("--b\r\n\(head)X-Note: Jane Doe\r\n\r\nx\r\n--b--", .unknownHeader),
    ("--b\r\n\(head)Content-Disposition: form-data; name=\"b\"\r\n\r\nx\r\n--b--", .duplicateHeader),
    ("--b\r\n\(head)Content-Type: text/plain\r\ncontent-type: image/png\r\n\r\nx\r\n--b--", .duplicateHeader),
    // Values.
    ("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--", .invalidDisposition),
    ("--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--", .invalidDisposition),
    ("--b\r\n\(head)Content-Transfer-Encoding: base64\r\n\r\neA==\r\n--b--", .unsupportedEncoding),
    ("--b\r\n\(head)Content-Transfer-Encoding: quoted-printable\r\n\r\n=4A\r\n--b--", .unsupportedEncoding),
    ("--b\r\n\(head)Content-Transfer-Encoding: 8bit, base64\r\n\r\nx\r\n--b--", .unsupportedEncoding),
    ("--b\r\n\(head)Content-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--", .nestedMultipart),
    ("--b\r\n\(head)Content-Type: Message/RFC822\r\n\r\nx\r\n--b--", .nestedMultipart),
    ("--b\r\n\(head)Content-Type: text\r\n\r\nx\r\n--b--", .invalidContentType),
    ("--b\r\n\(head)Content-Type:\r\n\r\nx\r\n--b--", .invalidContentType),
    ("--b\r\n\(head)Content-Type: text/plain, multipart/mixed\r\n\r\nx\r\n--b--", .malformedParameter),
    ("--b\r\n\(head)Content-Type: text/plain; name=\"Jane Doe\"\r\n\r\nx\r\n--b--", .unknownParameter),
    ("--b\r\n\(head)Content-Type: text/plain; charset=utf-7\r\n\r\n+AEo-\r\n--b--", .unsupportedCharset),
    (
      "--b\r\n\(head)Content-Type: text/plain; charset=utf-8; charset=utf-16\r\n\r\nx\r\n--b--",
      .duplicateParameter
    ),
    ("--b\r\nContent-Disposition: form-data; name=_charset_\r\n\r\nutf-16\r\n--b--", .unsupportedCharset),
    ("--b\r\n\(head)Content-Length: 2\r\n\r\nx\r\n--b--", .lengthMismatch),
    ("--b\r\n\(head)Content-Length: +1\r\n\r\nx\r\n--b--", .lengthMismatch),
    ("--b\r\n\(head)Content-Length: 99999999999999999999\r\n\r\nx\r\n--b--", .lengthMismatch),
  ])
  func bodies(_ body: String, _ code: MultipartError.Code) {
    #expect(refusal(bytes(body), boundary: "b") == code)
  }

  @Test(arguments: [
    ("filename=a", MultipartError.Code.invalidDisposition), ("name=a; name=b", .duplicateParameter),
    ("name=a; NAME=b", .duplicateParameter), ("name=a; filename=a; filename=b", .duplicateParameter),
    ("name=a; filename*=UTF-8''a; filename*=UTF-8''b", .duplicateParameter),
    ("name=a; size=3", .unknownParameter), ("name*=UTF-8''a", .unknownParameter),
    ("name=a; filename*0=a; filename*1=b", .unknownParameter),
    ("name=a; filename*=ISO-8859-1''%E9", .invalidText), ("name=a; filename*=\"UTF-8''a\"", .invalidText),
    ("name=a; filename*=UTF-8'a", .invalidText), ("name=a; filename*=a", .invalidText),
    ("name=a; filename*=UTF-8''%zz", .invalidText), ("name=a; filename*=UTF-8''%00", .invalidText),
    ("name=a; filename*=UTF-8''%C3", .invalidText), ("name=\"%FF\"", .invalidText),
    ("name=\"a%00\"", .invalidText),
    ("name=\"a", .malformedParameter), ("name=\"a\\\"", .malformedParameter),
    ("name=\"a\"b", .malformedParameter),
    ("name=a b", .malformedParameter), ("name=", .malformedParameter), ("name", .malformedParameter),
    ("name=a;; filename=b", .malformedParameter), ("name=é", .malformedParameter),
    ("name='a b'", .malformedParameter),
    ("name=\"a\\\"; filename=\"b\"", .malformedParameter), ("name=\"a\\\"; x=\\\"b\"", .malformedParameter),
  ])
  func dispositions(_ parameters: String, _ code: MultipartError.Code) {
    #expect(refusal(multipart((named(parameters), "x"))) == code)
  }

  @Test func invalidUTF8() {
    let body =
      bytes("--b\r\nContent-Disposition: form-data; name=\"") + [0xE9] + bytes("\"\r\n\r\nx\r\n--b--")
    #expect(refusal(body, boundary: "b") == .invalidText)
  }

  @Test func limits() {
    var limits = MultipartBody.Limits()
    limits.parts = 2
    let part = (headers: named("name=a"), content: "x")
    #expect(refusal(multipart(part, part), limits: limits) == nil)
    #expect(refusal(multipart(part, part, part), limits: limits) == .tooManyParts)
    limits.headerLine = named("name=a").utf8.count
    #expect(refusal(multipart(part), limits: limits) == nil)
    limits.headerLine -= 1
    #expect(refusal(multipart(part), limits: limits) == .headerTooLong)
    limits = MultipartBody.Limits()
    limits.headers = 1
    let typed = (headers: named("name=a") + "\r\nContent-Type: text/plain", content: "x")
    #expect(refusal(multipart(typed), limits: limits) == .tooManyHeaders)
    let endless = bytes("--b\r\nX: ") + [UInt8](repeating: 0x61, count: 100_000) + bytes("\r\n--b--")
    #expect(refusal(endless, boundary: "b") == .headerTooLong)
  }

  /// Any body that is cut anywhere is refused, but where only the last line end is missing.
  @Test func cuts() {
    let body = multipart(
      (named("name=a") + "\r\nContent-Type: text/plain", "Jane\r\nDoe"), (named("name=b"), ""))
    for length in 0..<body.count - 2 {
      #expect(refusal(Array(body[..<length])) != nil)
    }
    #expect(refusal(body.dropLast(2)) == nil)
    #expect(refusal(body.dropLast(1)) == .textAfterParts)
  }

  /// A body of hyphens, with a boundary of hyphens, takes as long as any other.
  @Test func linear() {
    let characters = String(repeating: "-", count: 69) + "x"
    let hyphens = String(repeating: "-", count: 70)
    var content = ""
    for _ in 0..<30_000 { content += hyphens + "\r\n" }
    let body = multipart((named("name=a"), content), boundary: characters)
    let time = ContinuousClock().measure { _ = refusal(body, boundary: characters) }
    #expect(time < .seconds(10))
    #expect(refusal(body, boundary: characters) == nil)
  }

  /// Noise made of what bodies are made of never traps, and what is read says where it stands.
  @Test func noise() throws {
    var random = SeededGenerator(seed: 7578)
    let pieces = [
      "--b", "\r\n", "\r", "\n", "-", "--", "Content-Disposition: form-data; name=\"a\"",
      "; filename*=UTF-8''%E9",
      "Content-Type: text/plain", "x", "\\", "\"", "%22", ";", "\r\n\r\n", "\r\n--b\r\n", "\r\n--b--",
      "Content-Length: 1",
    ]
    var read = 0
    for _ in 0..<20_000 {
      var body = Bool.random(using: &random) ? "--b\r\nContent-Disposition: form-data; name=\"a\"" : ""
      for _ in 0..<Int.random(in: 0..<12, using: &random) {
        body += pieces.randomElement(using: &random) ?? ""
      }
      if Bool.random(using: &random) { body += "\r\n--b--" }
      let source = bytes(body)
      guard let parsed = try? parsed(source, boundary: "b") else { continue }
      read += 1
      for part in parsed.parts {
        #expect(part.headers.upperBound + 2 == part.content.lowerBound)
        #expect(!text(Array(source[part.content])).contains("--b"))
      }
    }
    #expect(read > 100)
  }
}
