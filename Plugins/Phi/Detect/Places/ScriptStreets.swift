internal import FilterKit

/// Streets in Cyrillic, Greek, Arabic, Hebrew, Chinese and Japanese letters: the word for a street with a number behind it, or a house's
/// number with the word for one.
enum ScriptStreets {
  static let all: [PatternRule] = [
    // ул., вул., улица, просп., пер., Οδός, شارع, רחוב
    PatternRule(
      #"(?:\xd1\x83\xd0\xbb(?:\.|\xd0\xb8\xd1\x86\xd0\xb0|\xd0\xb8\xd1\x86\xd1\x8f)|\xd0\xbf\xd1\x80\xd0\xbe\xd1\x81\xd0\xbf\.|\xd0\xbf\xd0\xb5\xd1\x80\.|\xce\x9f\xce\xb4\xcf\x8c\xcf\x82|\xd8\xb4\xd8\xa7\xd8\xb1\xd8\xb9|\xd7\xa8\xd7\x97\xd7\x95\xd7\x91) "#,
      caseless: false
    ) { view, end in street(view, end) }.beforeDigits(),
    // 号, 號, 番地, 丁目
    PatternRule(
      #"\d(?:\xe5\x8f\xb7|\xe8\x99\x9f|\xe7\x95\xaa\xe5\x9c\xb0|\xe4\xb8\x81\xe7\x9b\xae)"#, caseless: false
    ) {
      view, end in house(view, end)
    }.beforeDigits(),
  ]

  private static let longest = 64

  private static func street(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let start = view.start(before: end - 1, limit: 20) { $0 >= 0x80 || $0 == UInt8(ascii: ".") }
    var stop = end
    var last: Int?
    while stop - start < longest, !"\n;|\"()".utf8.contains(view.byte(stop)) {
      if Bytes.isDigit(view.byte(stop)), !Bytes.isDigit(view.byte(stop + 1)) {
        last = stop + 1
        // The flat behind it: `, кв. 12`.
        guard view.byte(stop + 1) == UInt8(ascii: ","), view.byte(stop + 2) == 0x20,
          (stop + 3..<stop + 12).contains(where: { Bytes.isDigit(view.byte($0)) }),
          view.byte(stop + 3) >= 0x80
        else { break }
      }
      stop += 1
    }
    guard let last, AddressFields.isSettled(view, start, last) else { return nil }
    return Candidate(range: start..<last, kind: "ADDRESS", confidence: 8000, detector: "phi/street-script")
  }

  /// What stands in one run before a house's number: the town and the street with it.
  private static func house(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let start = view.start(before: end, limit: longest) {
      $0 >= 0x80 || Bytes.isDigit($0) || $0 == UInt8(ascii: "-")
    }
    // 路, 街, 巷, 町, 区, 市: without one of them it is the number of something else.
    let isStreet = (["路", "街", "巷", "道", "町", "区", "區", "市", "村", "县", "縣"] as [StaticString]).contains {
      view.contains($0, in: start..<end)
    }
    guard isStreet, view.byte(start) >= 0xC0 else { return nil }
    return Candidate(range: start..<end, kind: "ADDRESS", confidence: 8000, detector: "phi/street-script")
  }
}
