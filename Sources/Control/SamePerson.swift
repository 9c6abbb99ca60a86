internal import Foundation

/// The names that one person goes by: the subject of whatever established them, and their e-mail address. A person with
/// a key, an account at the identity provider and one in a chat has a subject at each of them.
struct PersonNames {
  private let names: Set<String>
  /// What stands behind a provider's prefix (`care:1001`), as a chat's `people` may have it without.
  private let bare: Set<String>

  init(subject: String, email: String) {
    names = Set([subject, email].map(Self.folded).filter { !$0.isEmpty })
    bare = Set(names.compactMap(Self.withoutPrefix))
  }

  /// Whether both may be one human being. Where that is in doubt they are: then one of them can't decide, and somebody
  /// else does. Behind the prefixes of two providers they are two.
  func overlap(_ other: PersonNames) -> Bool {
    !names.isDisjoint(with: other.names) || !bare.isDisjoint(with: other.names)
      || !names.isDisjoint(with: other.bare)
  }

  /// Nil where there is none. `os:` is the command line's own, and no provider's.
  private static func withoutPrefix(_ name: String) -> String? {
    guard let colon = name.firstIndex(of: ":"), colon != name.startIndex, name[..<colon] != "os" else {
      return nil
    }
    let rest = name[name.index(after: colon)...]
    return rest.isEmpty ? nil : String(rest)
  }

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
