/// A `data:` URL (RFC 2397): `data:[<type>/<subtype>][;<attribute>=<value>…][;base64],<data>`, all of a text.
///
/// It says where in the text its parts stand, and keeps nothing of the text itself: the functions that take a
/// `text` are to be given the same again.
public struct DataURL: Sendable, Equatable {
  /// The longest head, from `data:` to the comma, in bytes.
  public static let maximumHead = 1024

  /// Why a text that is a data URL can't be read, and where. Never what it says.
  public struct Failure: Error, Sendable, Equatable {
    /// A stable word for programs.
    public enum Code: String, Sendable {
      /// It says that it is base64, but otherwise than RFC 2397 does: readers differ on what it holds. Or its head
      /// is longer than ``DataURL/maximumHead``.
      case malformedHead = "data_url_head"
      /// Its data is no base64 (``Base64/Failure``).
      case invalidBase64 = "data_url_base64"
    }

    public let code: Code
    /// In bytes of the text, from 0. In data that has percent escapes: that of the data's beginning.
    public let offset: Int
  }

  /// `type/subtype`; empty where there is none, which stands for `text/plain` (RFC 2397, 2).
  public let mediaType: Range<Int>
  /// The value of `charset`, without quotes; nil where there is none. Filters read UTF-8: who masks data of
  /// another character set is to refuse it (``isUTF8``).
  public let charset: Range<Int>?
  /// Whether ``charset`` is missing, `utf-8` or `us-ascii`.
  public let isUTF8: Bool
  public let isBase64: Bool
  /// What stands behind the comma, up to the text's end.
  public let data: Range<Int>
  /// What the type says that the data is; `text` where there is no type.
  public let mediaClass: MediaClass

  /// Reads a text, all of it; nil where it is no data URL, and so just a text. White space before it, which
  /// browsers drop (URL Standard, 4.4), may stand there. Behind it, reads at most ``maximumHead`` bytes.
  public init?(parsing text: Span<UInt8>) throws(Failure) {
    var head = Head()
    guard let comma = try head.read(text) else { return nil }
    guard head.isWellFormed else {
      // A sentence may begin so, too. But where `base64` stands in it, some reader may take it for a data URL.
      guard head.mentionsBase64 else { return nil }
      throw Failure(code: .malformedHead, offset: comma)
    }
    mediaType = head.mediaType
    charset = head.charset
    isUTF8 = head.isUTF8
    isBase64 = head.isBase64
    data = comma + 1..<text.count
    mediaClass = mediaType.isEmpty ? .text : MediaClass(mediaType: text.extracting(mediaType))
  }

  /// Appends the bytes that the data stands for. Where it throws, `output` is as it was.
  ///
  /// As browsers have it (Fetch Standard, 6): escapes are decoded first, and base64 may have line ends in it and lack
  /// its padding. Other white space is refused, which browsers skip: words behind the data are no data. Base64 may be of either alphabet, but not of both, and bits that nothing uses must be
  /// zero.
  public func decode(_ text: Span<UInt8>, into output: inout [UInt8]) throws(Failure) {
    guard isBase64 else { return PercentEncoding.decode(text, data, into: &output) }
    let encoded = text.extracting(data)
    let form = Form(encoded)
    do throws(Base64.Failure) {
      guard form.hasEscapes else {
        return try Base64.decode(
          encoded, alphabet: form.alphabet, padding: .optional, whiteSpace: .lineEndsSkipped, into: &output)
      }
      var plain: [UInt8] = []
      PercentEncoding.decode(text, data, into: &plain)
      try Base64.decode(
        plain.span, alphabet: form.alphabet, padding: .optional, whiteSpace: .lineEndsSkipped, into: &output)
    } catch {
      throw Failure(code: .invalidBase64, offset: data.lowerBound + (form.hasEscapes ? 0 : error.offset))
    }
  }

  /// Appends the URL with other data in place of its own, in the same form: the head stays byte for byte; base64
  /// stays base64 of the same alphabet, padded where its own is or could not be told apart, on one line and
  /// without escapes; else each byte that is not unreserved (RFC 3986, 2.3) becomes an escape.
  public func encode(_ replacement: Span<UInt8>, like text: Span<UInt8>, into output: inout [UInt8]) {
    output.append(copying: text.extracting(0..<data.lowerBound))
    guard isBase64 else { return PercentEncoding.encode(replacement, into: &output) }
    let form = Form(text.extracting(data))
    Base64.encode(replacement, alphabet: form.alphabet, padded: form.isPadded, into: &output)
  }

  /// How a text's base64 is written.
  private struct Form {
    var alphabet = Base64.Alphabet.standard
    var isPadded = true
    var hasEscapes = false

    init(_ encoded: Span<UInt8>) {
      var characters = 0
      var hasPadding = false
      for index in encoded.indices {
        switch encoded[index] {
        case UInt8(ascii: "-"), UInt8(ascii: "_"): alphabet = .url
        case UInt8(ascii: "%"): hasEscapes = true
        case UInt8(ascii: "="): hasPadding = true
        case 0...0x20: continue
        default: break
        }
        characters += 1
      }
      isPadded = hasPadding || hasEscapes || characters % 4 == 0
    }
  }
}
