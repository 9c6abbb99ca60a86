/// What parts a multipart body's parts (RFC 2046, 5.1.1), as the body's Content-Type states it.
public struct MultipartBoundary: Sendable, Equatable {
  /// The longest Content-Type that is read, in bytes.
  public static let maximumContentType = 1024

  /// The boundary's characters, without the two hyphens that stand before it in the body.
  public let characters: [UInt8]
  /// Finds `--boundary`.
  let search: BoundarySearch

  /// Reads the boundary from a Content-Type field's value: `multipart/form-data; boundary=…` (RFC 7578, 4.1).
  ///
  /// Strict, because a receiver that reads another boundary reads other parts: one boundary, of 1 to 70 of the
  /// characters of RFC 2046, 5.1.1, of which the last is no space; quoted and without backslashes, or a token.
  /// Other parameters (`charset`) must be tokens, quoted or not, so that nothing in them looks like one.
  public init(contentType field: Span<UInt8>) throws(MultipartError) {
    let formData: StaticString = "multipart/form-data"
    guard field.count <= Self.maximumContentType else {
      throw MultipartError(
        .notFormData, "The Content-Type is longer than \(Self.maximumContentType) bytes.", at: 0)
    }
    let range = FieldSyntax.trimmed(field, 0..<field.count)
    let typeEnd = range.first { field[$0] == 0x20 || field[$0] == 0x09 || field[$0] == UInt8(ascii: ";") }
    let type = range.lowerBound..<(typeEnd ?? range.upperBound)
    guard field.extracting(type).isEqual(ignoringCaseTo: formData) else {
      throw MultipartError(.notFormData, "The Content-Type is not multipart/form-data.", at: range.lowerBound)
    }
    var reader = ParameterReader(from: type.upperBound, to: range.upperBound)
    var boundary: Range<Int>?
    while let parameter = try reader.next(field) {
      let name = field.extracting(parameter.name)
      if name.isEqual(ignoringCaseTo: "boundary") {
        guard boundary == nil else { throw Self.invalid("The Content-Type has two boundaries.", parameter) }
        guard Self.isBoundary(field, parameter) else {
          throw Self.invalid(
            "The boundary is not 1 to 70 letters, digits and '()+_,-./:=? characters that no space ends; those "
              + "of them that no token may have need quotes.", parameter)
        }
        boundary = parameter.value
      } else if name.hasExtendedBoundary {
        // RFC 2231: who reads it sees another boundary than who doesn't.
        throw Self.invalid("The boundary is written in RFC 2231's form, which not all read.", parameter)
      } else if parameter.value.contains(where: { !FieldSyntax.isTokenByte(field[$0]) }) {
        throw MultipartError(
          .malformedParameter, "A parameter of the Content-Type is no token.", at: parameter.pair.lowerBound)
      }
    }
    guard let boundary else {
      throw MultipartError(.invalidBoundary, "The Content-Type has no boundary.", at: range.upperBound)
    }
    var characters: [UInt8] = []
    characters.append(copying: field.extracting(boundary))
    self.characters = characters
    search = BoundarySearch([UInt8(ascii: "-"), UInt8(ascii: "-")] + characters)
  }

  private static func invalid(_ message: String, _ parameter: ParameterReader.Parameter) -> MultipartError {
    MultipartError(.invalidBoundary, message, at: parameter.pair.lowerBound)
  }

  private static func isBoundary(_ field: Span<UInt8>, _ parameter: ParameterReader.Parameter) -> Bool {
    let value = parameter.value
    guard 1...70 ~= value.count, field[value.upperBound - 1] != 0x20 else { return false }
    return value.allSatisfy { isBoundaryCharacter(field[$0]) }
  }

  /// `bchars` (RFC 2046, 5.1.1).
  private static func isBoundaryCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
      UInt8(ascii: "+"), UInt8(ascii: "_"), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: " "):
      true
    default: false
    }
  }
}

extension Span where Element == UInt8 {
  /// Whether a parameter's name is `boundary*0` or its like (RFC 2231, 3 and 4).
  fileprivate var hasExtendedBoundary: Bool {
    count > 8 && self[8] == UInt8(ascii: "*") && extracting(0..<8).isEqual(ignoringCaseTo: "boundary")
  }
}
