/// Why a multipart body can't be read or rebuilt, and where. Never what it says.
public struct MultipartError: Error, Sendable, Equatable {
  /// A stable word for programs.
  public enum Code: String, Sendable, CaseIterable {
    /// The Content-Type is not multipart/form-data.
    case notFormData = "not_form_data"
    /// The Content-Type has no boundary, or several, or one that RFC 2046 doesn't allow.
    case invalidBoundary = "invalid_boundary"
    case textBeforeParts = "text_before_parts"
    case textAfterParts = "text_after_parts"
    /// The boundary that ends the last part is missing: the body may be cut.
    case missingEnd = "missing_end"
    /// The boundary stands where it parts nothing, or with something behind it on its line.
    case boundaryInContent = "boundary_in_content"
    case tooManyParts = "too_many_parts"
    case tooManyHeaders = "too_many_headers"
    case headerTooLong = "header_too_long"
    /// A header is no `name: value` on one line that ends with CR and LF.
    case malformedHeader = "malformed_header"
    case malformedParameter = "malformed_parameter"
    case duplicateHeader = "duplicate_header"
    case duplicateParameter = "duplicate_parameter"
    case unknownHeader = "unknown_header"
    case unknownParameter = "unknown_parameter"
    /// A part has no Content-Disposition of `form-data` with a name.
    case invalidDisposition = "invalid_disposition"
    case invalidContentType = "invalid_content_type"
    case unsupportedEncoding = "unsupported_encoding"
    case unsupportedCharset = "unsupported_charset"
    case nestedMultipart = "nested_multipart"
    /// A name or file name is no UTF-8, or has a NUL.
    case invalidText = "invalid_text"
    /// A part's Content-Length is not its length.
    case lengthMismatch = "length_mismatch"
    /// An edit is outside its part's content, or two overlap.
    case invalidEdit = "invalid_edit"
    /// What a body is given would have the boundary in it.
    case boundaryInReplacement = "boundary_in_replacement"
  }

  public let code: Code
  /// What is wrong and what to do about it; a fixed text.
  public let message: String
  /// In bytes of what was read, from 0: the Content-Type's value or the body.
  public let offset: Int

  init(_ code: Code, _ message: String, at offset: Int) {
    self.code = code
    self.message = message
    self.offset = offset
  }
}
