internal import FilterABI

/// A copy of what an authenticate filter answered, at once or later.
struct AuthenticationAnswer: Sendable {
  let verdict: UInt32
  let principal: Principal?
  let reason: String
  let challenge: String

  init(_ raw: sluice_authentication) {
    verdict = unsafe raw.verdict
    principal = unsafe Sized.read(raw.principal).flatMap { unsafe Principal($0) }
    reason = unsafe raw.reason.text(upTo: 64).printable
    challenge = unsafe Self.fieldValue(raw.challenge)
  }

  /// What may stand in a header field: visible ASCII and spaces. A challenge with anything else is none, so that a
  /// plugin can't write header fields of its own.
  private static func fieldValue(_ bytes: sluice_bytes) -> String {
    guard let text = unsafe bytes.exactText(upTo: 512), text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
    else {
      return ""
    }
    return text
  }
}
