internal import FilterKit

/// Attributes of DICOM (PS3.6) in dumps and logs: `(0010,0010) PN [DOE^JANE]`, `(0010, 0030) Patient's Birth Date DA: '19390714'`.
enum DicomRules {
  static let all: [PatternRule] = [
    PatternRule(#"\((?:0008|0010|0018|0020|0032|0038|0040), ?[0-9a-f]{4}\)"#) { view, end in
      attribute(view, end)
    },
    PatternRule(#"(?:study|series|sop)_?instance_?uid["']? ?[=:] ?["']?[0-2]\."#) { view, end in
      var stop = end
      while stop - end < 64, Bytes.isDigit(view.byte(stop)) || view.byte(stop) == UInt8(ascii: ".") {
        stop += 1
      }
      while stop > end, view.byte(stop - 1) == UInt8(ascii: ".") { stop -= 1 }
      return stop - end < 12
        ? nil : Candidate(range: end - 2..<stop, kind: "ID", confidence: 8500, detector: "phi/dicom")
    },
  ]

  private static let kinds: [UInt32: Kind] = [
    0x0010_0010: "NAME", 0x0010_1001: "NAME", 0x0010_1005: "NAME", 0x0010_1060: "NAME", 0x0010_2297: "NAME",
    0x0008_0090: "NAME",
    0x0008_009C: "NAME", 0x0008_1048: "NAME", 0x0008_1050: "NAME", 0x0008_1060: "NAME", 0x0008_1070: "NAME",
    0x0032_1032: "NAME",
    0x0040_A123: "NAME", 0x0040_A075: "NAME", 0x0040_2008: "NAME", 0x0040_0006: "NAME", 0x0010_0020: "MRN",
    0x0010_1000: "MRN",
    0x0010_0030: "DATE", 0x0008_0012: "DATE", 0x0008_0020: "DATE", 0x0008_0021: "DATE", 0x0008_0022: "DATE",
    0x0008_0023: "DATE",
    0x0008_002A: "DATE", 0x0010_21D0: "DATE", 0x0038_0020: "DATE", 0x0040_0002: "DATE", 0x0040_0244: "DATE",
    0x0018_1012: "DATE",
    0x0010_1010: "AGE", 0x0010_1040: "ADDRESS", 0x0008_0081: "ADDRESS", 0x0008_0092: "ADDRESS",
    0x0010_2154: "PHONE",
    0x0008_0094: "PHONE", 0x0020_000D: "ID", 0x0020_000E: "ID", 0x0008_0018: "ID", 0x0008_0050: "ID",
    0x0020_0010: "ID", 0x0038_0010: "ID", 0x0040_1001: "ID",
    0x0040_2016: "ID",
    0x0040_2017: "ID", 0x0018_1000: "DEVICE", 0x0018_1002: "DEVICE", 0x0010_1050: "HEALTH_PLAN",
  ]

  private static func attribute(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var tag: UInt32 = 0
    let open = view.start(before: end, limit: 12) { $0 != UInt8(ascii: "(") }
    for index in open..<end - 1 {
      let byte = view.byte(index)
      guard Bytes.isJoining(byte) else { continue }
      tag = tag << 4 | UInt32(Bytes.isDigit(byte) ? byte & 15 : (byte & 15) + 9)
    }
    guard let kind = kinds[tag] else { return nil }
    // The value stands in brackets or quotes, within so many bytes that a name of the attribute fits before it.
    var start = end
    while start - end < 56, view.byte(start) != 0x0A, !isOpening(view, start) { start += 1 }
    guard isOpening(view, start) else { return nil }
    let sign = view.byte(start)
    let close = sign == UInt8(ascii: "[") ? UInt8(ascii: "]") : sign
    start += 1
    var stop = start
    while stop - start < 100, view.byte(stop) != close, view.byte(stop) != 0x0A { stop += 1 }
    guard view.byte(stop) == close else { return nil }
    while stop > start, view.byte(stop - 1) == 0x20 { stop -= 1 }
    let digits = (start..<stop).count { Bytes.isDigit(view.byte($0)) }
    let fits: Bool =
      switch kind {
      case "NAME": stop - start >= 2 && digits == 0
      case "ADDRESS": stop - start >= 5
      case "AGE": FieldValues.age(view.text, start..<stop) != nil
      case "DATE": digits == 8
      default: digits >= 2 && stop - start >= 3
      }
    guard fits else { return nil }
    return Candidate(range: start..<stop, kind: kind, confidence: 9000, detector: "phi/dicom")
  }

  /// Whether a value begins: behind a blank, so that the apostrophe of `Patient's Name` is none.
  private static func isOpening(_ view: borrowing TextView, _ index: Int) -> Bool {
    "[\"'".utf8.contains(view.byte(index)) && view.byte(index - 1) == 0x20
  }
}
