/// One record as it was written.
public struct StoredRecord: Sendable {
  public let sequence: UInt64
  /// Nanoseconds since 1970 UTC.
  public let time: UInt64
  /// The time as RFC 3339 text, as the record has it.
  public let timeText: String
  /// A ``RecordType``'s raw value; later versions know more types.
  public let type: String
  public let session: String?
  public let exchange: String?
  /// The log's identifier, 32 hexadecimal digits.
  public let log: String
  /// The whole envelope: one canonical JSON object in UTF-8.
  public let json: [UInt8]
  private let dataRange: Range<Int>

  /// The record's own fields: one JSON object.
  public var data: [UInt8] { Array(json[dataRange]) }

  /// Nil unless `json` is an envelope.
  public init?(_ json: [UInt8]) {
    guard let fields = EnvelopeFields(json.span) else { return nil }
    func text(_ range: Range<Int>) -> String { String(decoding: json[range], as: UTF8.self) }
    sequence = fields.sequence
    time = fields.timeValue
    timeText = text(fields.time)
    type = text(fields.type)
    session = fields.session.map(text)
    exchange = fields.exchange.map(text)
    log = text(fields.log)
    dataRange = fields.data
    self.json = json
  }

  /// Where a member of the data lies in ``json``, or nil.
  func member(_ key: StaticString) -> Range<Int>? {
    JSONScanner.member(key, of: json.span, dataRange.lowerBound)
  }

  /// A whole number among the data's members.
  func integer(_ key: StaticString) -> Int? {
    member(key).flatMap { Int(String(decoding: json[$0], as: UTF8.self)) }
  }

  /// The text at a path of keys in the data, if there is a string without escapes.
  func string(_ path: StaticString...) -> String? {
    var range = dataRange
    for key in path {
      guard let inner = JSONScanner.member(key, of: json.span, range.lowerBound) else { return nil }
      range = inner
    }
    let text = json[range]
    guard text.count >= 2, text.first == UInt8(ascii: "\""), !text.contains(UInt8(ascii: "\\")) else {
      return nil
    }
    return String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
  }
}

extension StoredRecord {
  /// Where the data lies in ``json``.
  var dataPlace: Range<Int> { dataRange }

  /// The hash of the record that was removed, of one that stands for it.
  var removedLeaf: HashValue? {
    guard isRemoved, let text = string("leaf") else { return nil }
    return Hexadecimal.decode(Array(text.utf8)[...]).flatMap { HashValue($0) }
  }
}
