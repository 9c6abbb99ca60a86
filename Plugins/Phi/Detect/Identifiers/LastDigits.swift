internal import FilterKit

/// The last four digits of a card, an account or a social security number, which point at somebody still.
enum LastDigits {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:ending|ends?|last[ _-]?(?:4|four))(?: (?:in|with|of|digits|ssn|soc(?:ial)?)){0,3}[ :=#"'(]{1,4}[a-z]?\d{4}"#
    ) {
      view, end in four(view, end)
    }.beforeDigits(),
    // What is left of a number that was covered: `Visa …9726`, `xxx-xx-2290`.
    PatternRule(
      #"\b(?:visa|mc|mastercard|amex|discover|cc|card|acct|account)(?: (?:no\.?|number|for reimb))?[ :#]{0,3}(?:\*{1,4}|x{2,4}|\.{2,4}|\xE2\x80\xA6)[ -]?\d{4}"#
    ) { view, end in four(view, end) }.beforeDigits(),
    PatternRule(#"[x*]{3,4}[- ][x*]{2,4}[- ]\d{4}"#) { view, end in
      Bytes.isJoining(view.byte(end)) || view.byte(end) == UInt8(ascii: "-")
        ? nil
        : Candidate(range: end - 4..<end, kind: "SSN", confidence: 8000, detector: "phi/last-digits")
    }.beforeDigits(),
    PatternRule(#"\b(?:mrn|chart(?: no\.?| number| #)?) (?:ending|ends?)(?: in| with)? \d{3}"#) { view, end in
      var stop = end
      while stop - end < 3, Bytes.isDigit(view.byte(stop)) { stop += 1 }
      guard !Bytes.isJoining(view.byte(stop)) else { return nil }
      return Candidate(range: end - 3..<stop, kind: "MRN", confidence: 8000, detector: "phi/last-digits")
    }.beforeDigits(),
    PatternRule(#"(?:ssn|card|acct|account)_?last_?(?:4|four)["']?[ :=]{1,3}["']?\d{4}"#) { view, end in
      four(view, end)
    }.beforeDigits(),
  ]

  private static func four(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    // The VA writes the family name's first letter before: `P8813`.
    let isLettered = Bytes.isUpper(view.byte(end - 5)) && !Bytes.isJoining(view.byte(end - 6))
    let range = end - (isLettered ? 5 : 4)..<end
    guard !Bytes.isJoining(view.byte(end)), isLettered || !Bytes.isJoining(view.byte(end - 5)) else {
      return nil
    }
    let isSocial = isLettered || view.hasBefore(end, within: 60, ["ssn", "social", "soc", "itin"])
    guard
      isSocial
        || view.hasBefore(
          end, within: 60,
          [
            "card", "cc", "visa", "mastercard", "discover", "amex", "debit", "credit", "acct", "account",
            "last4",
            "paid", "checking",
          ])
    else { return nil }
    return Candidate(
      range: range, kind: isSocial ? "SSN" : "ACCOUNT", confidence: 8000, detector: "phi/last-digits")
  }
}
