internal import Foundation

/// The names that one person goes by: the subject of whatever established them, and their e-mail address. A person with
/// a key, an account at the identity provider and one in a chat has a subject at each of them.
struct PersonNames {
  private let names: Set<String>

  init(subject: String, email: String) {
    names = Set([subject, email].map(Self.folded).filter { !$0.isEmpty })
  }

  /// Whether both may be one human being. Where that is in doubt they are: then one of them can't decide, and somebody
  /// else does.
  func overlap(_ other: PersonNames) -> Bool { !names.isDisjoint(with: other.names) }

  /// Without what makes two spellings of one name: case, widths of letters (NFKC), blanks at the ends, and of an
  /// address the part after a plus (RFC 5233) and a dot at the end of its domain.
  private static func folded(_ name: String) -> String {
    let text = name.precomposedStringWithCompatibilityMapping.lowercased()
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard let at = text.lastIndex(of: "@") else { return text }
    let domain = text[at...]
    let local = text[..<at]
    let mailbox = local.firstIndex(of: "+").map { $0 > local.startIndex ? local[..<$0] : local } ?? local
    return String(mailbox) + (domain.last == "." ? domain.dropLast() : domain)
  }
}
