internal import FilterKit

/// The last four digits of a card, an account or a social security number, which point at somebody still.
enum LastDigits {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:ending|last[ _-]?(?:4|four))(?: (?:in|with|of|digits|ssn|social)){0,3}[ :=#"'(]{1,4}\d{4}"#
    ) {
      view, end in four(view, end)
    }.beforeDigits(),
    PatternRule(#"(?:ssn|card|acct|account)_?last_?(?:4|four)["']?[ :=]{1,3}["']?\d{4}"#) { view, end in
      four(view, end)
    }.beforeDigits(),
  ]

  private static func four(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let range = end - 4..<end
    guard !Bytes.isJoining(view.byte(end)), !Bytes.isJoining(view.byte(end - 5)) else { return nil }
    let isSocial = view.hasBefore(end, within: 60, ["ssn", "social", "itin"])
    guard
      isSocial
        || view.hasBefore(
          end, within: 60,
          [
            "card", "visa", "mastercard", "discover", "amex", "debit", "credit", "acct", "account", "last4",
            "paid", "checking",
          ])
    else { return nil }
    return Candidate(
      range: range, kind: isSocial ? "SSN" : "ACCOUNT", confidence: 8000, detector: "phi/last-digits")
  }
}
