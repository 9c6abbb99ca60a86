internal import FilterKit

/// Rules for which a run of digits is all that a pattern could look for: Vectorscan would try them at each digit of a text, and here
/// they cost nothing, since ``DigitWindows`` knows where the runs begin.
enum DigitRuns {
  private static let longest = 20

  static func find(_ view: borrowing TextView, at start: Int, _ emit: (Candidate) -> Void) {
    var end = start + 1
    while end - start < longest, Bytes.isDigit(view.byte(end)) { end += 1 }
    let count = end - start
    if count >= 4, let number = NationalForms.run(view, at: start) { emit(number) }
    let before = view.byte(start - 1)
    guard count >= 3, before == 0x20 || before == UInt8(ascii: "-") else { return }
    if count >= 5, before == 0x20, let code = AddressLines.zip(view, at: start) { emit(code) }
    if count <= 6, !Bytes.isJoining(view.byte(end)), view.byte(end) != UInt8(ascii: "_") {
      BareCodes.behind(view, end, emit)
    }
  }
}
