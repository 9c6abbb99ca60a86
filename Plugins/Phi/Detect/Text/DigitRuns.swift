internal import FilterKit

/// Rules for which a run of digits is all that a pattern could look for: Vectorscan would try them at each digit of a text, and here
/// they cost nothing, since ``DigitWindows`` knows where the runs begin.
enum DigitRuns {
  private static let longest = 20

  static func find(_ view: borrowing TextView, at start: Int, _ emit: (Candidate) -> Void) {
    var end = start + 1
    while end - start < longest, Bytes.isDigit(view.byte(end)) { end += 1 }
    let count = end - start
    let isWhole = !Bytes.isJoining(view.byte(end)) && view.byte(end) != UInt8(ascii: "_")
    if isWhole, count <= 8 { parted(view, start..<end, emit) }
    if count >= 4, let number = NationalForms.run(view, at: start) { emit(number) }
    guard count >= 3 else { return }
    if let number = UnlistedIdentifiers.value(view, at: start) {
      LabelledIdentifier.list(view, from: number, emit)
    }
    let before = view.byte(start - 1)
    guard before == 0x20 || before == UInt8(ascii: "-") else { return }
    if count >= 5, before == 0x20, let code = AddressLines.zip(view, at: start) { emit(code) }
    if count <= 6, isWhole { BareCodes.behind(view, end, emit) }
  }

  /// A run that signs part from digits before it: the last group of a telephone number, the last number of a date.
  private static func parted(
    _ view: borrowing TextView, _ run: Range<Int>, _ emit: (Candidate) -> Void
  ) {
    let (count, end) = (run.count, run.upperBound)
    var first = run.lowerBound
    while run.lowerBound - first < 4, parts(view.byte(first - 1)) { first -= 1 }
    let last = view.byte(first - 1)
    guard (1...3).contains(run.lowerBound - first) else { return }
    if count > 1, Bytes.isDigit(last) || last == UInt8(ascii: "(") || last == UInt8(ascii: ")"),
      let phone = NationalPhoneRules.number(view, end)
    {
      emit(phone)
    }
    let sign = view.byte(first)
    guard first + 1 == run.lowerBound, sign != 0x20, Bytes.isDigit(last) else { return }
    if count == 2 || count == 4, isThird(view, first), let date = DateRules.numeric(view, end) { emit(date) }
    if count == 4, (19...20).contains(view.number(run.prefix(2))),
      let month = PartialDateRules.month(view, end)
    {
      emit(month)
    }
    guard count < 3 else { return }
    if sign == UInt8(ascii: "/"), let day = PartialDateRules.slashed(view, end) { emit(day) }
    if sign == UInt8(ascii: "-"), let day = PartialDateRules.hyphenated(view, end) { emit(day) }
  }

  private static func parts(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  /// Whether a number of one or two digits ends at a sign, and another one at a sign like it before: `14/03/`, `3.2.`.
  private static func isThird(_ view: borrowing TextView, _ sign: Int) -> Bool {
    let second = view.start(before: sign, limit: 3, where: Bytes.isDigit)
    let before = view.byte(second - 1)
    let isDotted = view.byte(sign) == UInt8(ascii: ".")
    return sign - second < 3 && before != 0x20 && parts(before) && (before == UInt8(ascii: ".")) == isDotted
      && Bytes.isDigit(view.byte(second - 2))
  }
}
