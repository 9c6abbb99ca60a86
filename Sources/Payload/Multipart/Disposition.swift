/// A part's Content-Disposition: `form-data; name="…"; filename="…"; filename*=UTF-8''…` (RFC 7578, 4.2).
struct Disposition {
  let name: MultipartBody.Value
  let filename: MultipartBody.Value?
  let extendedFilename: MultipartBody.Value?

  /// Reads the field value at `range`; each parameter may stand there once, and no other may.
  init(_ body: Span<UInt8>, _ range: Range<Int>, arena: inout [UInt8]) throws(MultipartError) {
    let typeEnd = FieldSyntax.endOfToken(body, from: range.lowerBound, end: range.upperBound)
    guard body.extracting(range.lowerBound..<typeEnd).isEqual(ignoringCaseTo: "form-data") else {
      throw MultipartError(
        .invalidDisposition, "A part's Content-Disposition is not form-data.", at: range.lowerBound)
    }
    var reader = ParameterReader(from: typeEnd, to: range.upperBound)
    var name: MultipartBody.Value?
    var filename: MultipartBody.Value?
    var extendedFilename: MultipartBody.Value?
    while let parameter = try reader.next(body) {
      let word = body.extracting(parameter.name)
      let isFirst: Bool
      if word.isEqual(ignoringCaseTo: "name") {
        isFirst = name == nil
        name = try Self.value(body, parameter, arena: &arena)
      } else if word.isEqual(ignoringCaseTo: "filename") {
        isFirst = filename == nil
        filename = try Self.value(body, parameter, arena: &arena)
      } else if word.isEqual(ignoringCaseTo: "filename*") {
        isFirst = extendedFilename == nil
        extendedFilename = try Self.extended(body, parameter, arena: &arena)
      } else {
        throw MultipartError(
          .unknownParameter,
          "A part's Content-Disposition has a parameter other than name, filename and filename*.",
          at: parameter.pair.lowerBound)
      }
      guard isFirst else {
        throw MultipartError(
          .duplicateParameter, "A part's Content-Disposition has a parameter twice.",
          at: parameter.pair.lowerBound)
      }
    }
    guard let name else {
      throw MultipartError(
        .invalidDisposition, "A part's Content-Disposition has no name.", at: range.lowerBound)
    }
    self.name = name
    self.filename = filename
    self.extendedFilename = extendedFilename
  }

  private static func value(
    _ body: Span<UInt8>, _ parameter: ParameterReader.Parameter, arena: inout [UInt8]
  ) throws(MultipartError) -> MultipartBody.Value {
    let start = arena.count
    guard QuotedText.decode(body, parameter.value, isQuoted: parameter.isQuoted, into: &arena) else {
      throw MultipartError(
        .invalidText, "A part's name or file name is no UTF-8, or has a NUL.", at: parameter.value.lowerBound)
    }
    return .init(whole: parameter.whole, pair: parameter.pair, text: start..<arena.count)
  }

  private static func extended(
    _ body: Span<UInt8>, _ parameter: ParameterReader.Parameter, arena: inout [UInt8]
  ) throws(MultipartError) -> MultipartBody.Value {
    let start = arena.count
    guard !parameter.isQuoted, QuotedText.decodeExtended(body, parameter.value, into: &arena) else {
      throw MultipartError(
        .invalidText, "A part's filename* is not UTF-8''percent-encoded (RFC 8187).",
        at: parameter.value.lowerBound)
    }
    return .init(whole: parameter.whole, pair: parameter.pair, text: start..<arena.count)
  }
}

/// What a part's Content-Type (RFC 7578, 4.4) may be.
enum PartContentType {
  /// Throws where the field value at `range` is no media type, is one that holds parts or a message of its own, or
  /// has parameters that are not known: their values are text that nobody looks at.
  static func check(_ body: Span<UInt8>, _ range: Range<Int>) throws(MultipartError) {
    let slash = FieldSyntax.endOfToken(body, from: range.lowerBound, end: range.upperBound)
    let end = FieldSyntax.endOfToken(body, from: min(slash + 1, range.upperBound), end: range.upperBound)
    guard slash > range.lowerBound, slash + 1 < end, body[slash] == UInt8(ascii: "/"),
      end - range.lowerBound <= 128
    else {
      throw MultipartError(
        .invalidContentType, "A part's Content-Type is no type/subtype of at most 128 bytes.",
        at: range.lowerBound)
    }
    let type = body.extracting(range.lowerBound..<slash)
    guard !type.isEqual(ignoringCaseTo: "multipart"), !type.isEqual(ignoringCaseTo: "message") else {
      throw MultipartError(
        .nestedMultipart, "A part holds parts or a message of its own. Send each as a part of the form.",
        at: range.lowerBound)
    }
    var reader = ParameterReader(from: end, to: range.upperBound)
    var seen: [StaticString] = []
    while let parameter = try reader.next(body) {
      let word = body.extracting(parameter.name)
      guard let name = known.first(where: { word.isEqual(ignoringCaseTo: $0) }) else {
        throw MultipartError(
          .unknownParameter, "A part's Content-Type has a parameter that is not known.",
          at: parameter.pair.lowerBound)
      }
      guard !seen.contains(where: { word.isEqual(ignoringCaseTo: $0) }) else {
        throw MultipartError(
          .duplicateParameter, "A part's Content-Type has a parameter twice.", at: parameter.pair.lowerBound)
      }
      seen.append(name)
      let value = body.extracting(parameter.value)
      guard value.count <= 64 else {
        throw MultipartError(
          .invalidContentType, "A parameter of a part's Content-Type is longer than 64 bytes.",
          at: parameter.value.lowerBound)
      }
      if word.isEqual(ignoringCaseTo: "charset"), !isUTF8(value), !value.isEqual(ignoringCaseTo: "binary") {
        throw unsupportedCharset(at: parameter.value.lowerBound)
      }
    }
  }

  private static let known: [StaticString] = [
    "charset", "codecs", "delsp", "fhirversion", "format", "header", "version",
  ]

  /// Whether a character set is UTF-8 or a part of it. `binary`, which some tools state, says that it is no text.
  static func isUTF8(_ charset: Span<UInt8>) -> Bool {
    charset.isEqual(ignoringCaseTo: "utf-8") || charset.isEqual(ignoringCaseTo: "utf8")
      || charset.isEqual(ignoringCaseTo: "us-ascii")
  }

  static func unsupportedCharset(at position: Int) -> MultipartError {
    MultipartError(.unsupportedCharset, "A part's character set is not UTF-8.", at: position)
  }
}
