/// How a body is coded on the wire (RFC 9110, 8.4).
///
/// The gateway looks into every body, so it takes the codings that it can undo and refuses the rest.
enum ContentCoding: Sendable, Equatable {
  case identity
  /// RFC 1952.
  case gzip
  /// RFC 1950; as many senders get it wrong, RFC 1951 without the wrapper is read, too.
  case deflate

  /// What is said to both sides that the gateway takes (RFC 9110, 12.5.3).
  static let accepted = "gzip, deflate"

  /// The coding of a `Content-Encoding` field; nil for one that is unknown and for several, one over the other.
  init?(header: String) {
    switch header.lowercased() {
    case "identity": self = .identity
    case "gzip", "x-gzip": self = .gzip
    case "deflate": self = .deflate
    default: return nil
    }
  }

  /// The coding that a message's fields state, `identity` where there is no field.
  ///
  /// Two fields are as one with a list (RFC 9110, 5.3), so they are refused, whatever they say.
  init?(fields: [String]) {
    guard let field = fields.first else {
      self = .identity
      return
    }
    guard fields.count == 1 else { return nil }
    self.init(header: field)
  }
}

/// Why a coded body can't be read.
enum ContentCodingError: Error, Equatable {
  /// It is not what its field says, or its check sum is wrong.
  case malformed
  /// It ended in the middle.
  case truncated
  /// Something follows its end.
  case trailing
  /// It grows past so many bytes.
  case tooLarge(limit: Int)
  /// It grows by more than any text does.
  case bomb
  /// zlib got no memory.
  case memory
}

extension ContentCodingError {
  /// What a client is told about its request.
  var ofRequest: GatewayError {
    switch self {
    case .malformed:
      .client("malformed_encoding", 400, "The body is not what its Content-Encoding says.")
    case .truncated:
      .client("truncated_encoding", 400, "The compressed body ends too early. Send the request again.")
    case .trailing:
      .client(
        "malformed_encoding", 400, "Something follows the end of the compressed body.")
    case .tooLarge(let limit):
      .client("request_too_large", 413, "The uncompressed body is larger than \(limit) bytes.")
    case .bomb:
      .client(
        "compression_ratio", 413,
        "The body grows by more than \(Inflater.maximumRatio) times when it is uncompressed. Send it uncompressed."
      )
    case .memory: .internal("no_memory", "There is no memory to uncompress the body. Send the request again.")
    }
  }

  /// What a client is told about the upstream's answer.
  var ofResponse: GatewayError {
    switch self {
    case .malformed, .trailing:
      .upstream("upstream_encoding", 502, "The upstream's compressed answer can't be read.")
    case .truncated:
      .upstream("upstream_died", 502, "The upstream's compressed answer ends too early.")
    case .tooLarge:
      .upstream("response_too_large", 502, "The upstream's uncompressed answer is too large.")
    case .bomb:
      .upstream(
        "upstream_compression_ratio", 502,
        "The upstream's answer grows by more than \(Inflater.maximumRatio) times when it is uncompressed.")
    case .memory:
      .internal("no_memory", "There is no memory to uncompress the answer. Send the request again.")
    }
  }
}
