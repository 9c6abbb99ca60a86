internal import FilterKit

/// By how many days the dates of an exchange are moved: the same for all dates of a session, a patient or the
/// installation, so that the time between them stays.
struct DateShift {
  enum Scope: String { case session, patient, installation }

  let scope: Scope
  /// At most so many days earlier or later.
  let most: Int

  /// - Parameter key: what tells the session or the patient.
  func days(_ fingerprints: Fingerprints, _ key: [UInt8]) throws(FilterError) -> Int {
    let domain = Array("phi/date-shift/\(scope.rawValue)".utf8)
    let print = try fingerprints.of(key.span, in: domain.span)
    let days = Int(print.high % UInt64(2 * most)) - most
    return days >= 0 ? days + 1 : days
  }
}
