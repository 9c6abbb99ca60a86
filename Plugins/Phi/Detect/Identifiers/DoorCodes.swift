internal import FilterKit

/// Short codes that open doors, boxes, conferences and accounts: `gate code #4471`, `keySafe=4471`, `lockbox 2580`, `cath lab door 2580#`,
/// `cvv 331`, `vpn token 638 205`.
enum DoorCodes {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:pin|(?:key ?safe|(?:key|lock) ?box)(?: code| pin)?|(?:door|gate|alarm|entry|access|keypad|garage|cupboard|locker|buzzer|building|hotel|lobby|ward|med ?room|supply|pairing)[a-z ,']{0,24} (?:code|pin)|pairing)(?: is| no\.?|:|#|=)? {0,2}[#*]?\d{3,8}[#*]?"#
    ) { view, end in code(view, end) }.beforeDigits(),
    // A sign of the keypad behind the digits says it by itself: `door 2580#`, `code at the lodge is 4471#`.
    PatternRule(#"\b(?:door|code|gate|keypad|lock)(?: [a-z]{1,12}){0,5}(?: is|:)? [#*]?\d{3,6}[#*]"#) {
      view, end in code(view, end)
    }
    .beforeDigits(),
    // With letters among its digits: `cupboard code C1948Y`.
    PatternRule(
      #"\b(?:door|gate|alarm|entry|access|cupboard|locker|lock ?box|key ?safe|garage) code(?: is|:)? [a-z]\d{3,6}[a-z]?\b"#
    ) { view, end in
      let start = view.start(before: end, limit: 8, where: Bytes.isJoining)
      return found(start..<end)
    }.beforeDigits(),
    PatternRule(#"\b(?:cvv2?|cvc2?|cv2)(?: code)?(?: is|:|=)? {0,2}\d{3,4}\b"#) { view, end in code(view, end)
    }.beforeDigits(),
    PatternRule(
      #"\b(?:(?:vpn|rsa|mfa|2fa|otp|authenticator|sms) (?:token|code|pin)|otp|one[- ]time (?:code|password|pin)|verification code|security code|passcode)(?: is|:|=)? {0,2}\d{3}[ -]?\d{3}\b"#
    ) { view, end in
      let start = view.start(before: end, limit: 7) { Bytes.isDigit($0) || " -".utf8.contains($0) }
      guard let first = (start..<end).first(where: { Bytes.isDigit(view.byte($0)) }) else { return nil }
      return view.isAlone(first..<end) ? found(first..<end) : nil
    }.beforeDigits(),
    // Behind a link: `https://… (code 552913)`.
    PatternRule(#"\((?:code|pin|passcode|access code|password)[: ] ?\d{4,9}\)"#) { view, end in
      code(view, end - 1)
    }.beforeDigits(),
  ]

  private static func found(_ range: Range<Int>) -> Candidate {
    Candidate(range: range, kind: "CREDENTIAL", confidence: 7500, detector: "phi/code")
  }

  /// The digits that end a match, with the signs of a keypad around them.
  private static func code(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var stop = end
    while stop - end < 9, Bytes.isDigit(view.byte(stop)) { stop += 1 }
    if stop > end || Bytes.isDigit(view.byte(stop - 1)), "#*".utf8.contains(view.byte(stop)) { stop += 1 }
    let start = view.start(before: stop, limit: 11) { Bytes.isDigit($0) || "#*".utf8.contains($0) }
    guard view.isAlone(start..<stop), (3...10).contains(stop - start), !isExample(view, start..<stop) else {
      return nil
    }
    return found(start..<stop)
  }

  /// `1234` and `0000` stand for a code.
  private static func isExample(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    range.allSatisfy { view.byte($0) == 0x30 } || range.count == 4 && view.has("1234", at: range.lowerBound)
  }
}
