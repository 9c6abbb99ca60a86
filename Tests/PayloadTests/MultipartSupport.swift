@testable import Payload

/// A boundary that a test's bodies have.
func boundary(_ characters: String = "b0undary") throws(MultipartError) -> MultipartBoundary {
  try MultipartBoundary(contentType: bytes("multipart/form-data; boundary=\"\(characters)\"").span)
}

/// A body whose parts are these, headers and content.
func multipart(_ parts: (headers: String, content: String)..., boundary: String = "b0undary") -> [UInt8] {
  var body = ""
  for part in parts { body += "--\(boundary)\r\n\(part.headers)\r\n\r\n\(part.content)\r\n" }
  return bytes(body + "--\(boundary)--\r\n")
}

/// The Content-Disposition of a part.
func named(_ rest: String) -> String { "Content-Disposition: form-data; \(rest)" }

func parsed(
  _ body: [UInt8], boundary characters: String = "b0undary", limits: MultipartBody.Limits = .init()
) throws(MultipartError) -> MultipartBody {
  try MultipartBody(parsing: body.span, boundary: boundary(characters), limits: limits)
}

func refusal(
  _ body: [UInt8], boundary characters: String = "b0undary", limits: MultipartBody.Limits = .init()
) -> MultipartError.Code? {
  do {
    _ = try parsed(body, boundary: characters, limits: limits)
    return nil
  } catch { return error.code }
}

func copy(_ span: Span<UInt8>) -> [UInt8] {
  var copy: [UInt8] = []
  copy.append(copying: span)
  return copy
}

/// What a part is called: its name, `filename` and `filename*`.
func names(_ body: MultipartBody, _ part: Int) -> [String?] {
  [
    body.withName(part) { text(copy($0)) }, body.withFilename(part) { text(copy($0)) },
    body.withExtendedFilename(part) { text(copy($0)) },
  ]
}
