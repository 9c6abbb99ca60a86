internal import FilterKit

/// What is done with a value.
enum MaskOperator: String, CaseIterable {
  case placeholder, redact, partial, hash, encrypt, generalise, surrogate, keep
  case formatPreserving = "format-preserving"
  case dateShift = "date-shift"

  /// As evidence names it.
  var name: StaticString {
    switch self {
    case .placeholder: "placeholder"
    case .redact: "redact"
    case .partial: "partial"
    case .hash: "hash"
    case .encrypt: "encrypt"
    case .formatPreserving: "format-preserving"
    case .dateShift: "date-shift"
    case .generalise: "generalise"
    case .surrogate: "surrogate"
    case .keep: "keep"
    }
  }

  /// Why a kind can't be treated so; nil where it can.
  func objection(to kind: Kind) -> String? {
    switch self {
    case .dateShift where kind != "DATE": "'date-shift' moves dates: it is for the kind DATE."
    case .generalise where !Generalisation.kinds.contains(kind):
      "'generalise' is for the kinds AGE, DATE and ZIP, of which a part may stay."
    case .surrogate where kind == "CREDENTIAL" || kind == "BIOMETRIC":
      "There is no surrogate for this kind. Use 'placeholder' or 'redact'."
    default: nil
    }
  }

  /// What stands in for a value in an answer of the model.
  ///
  /// A shifted date and an encrypted number can't be told from real ones: done again, they would become others, and a
  /// wrong date is worse than none. So answers get a placeholder, which is left alone when it comes back.
  func inAnswer(_ kind: Kind) -> MaskOperator {
    switch self {
    case .dateShift, .formatPreserving: .placeholder
    case .surrogate where !Surrogate.recognised.contains(kind): .placeholder
    default: self
    }
  }
}
