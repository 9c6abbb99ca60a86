internal import COpenSSL
internal import FilterKit
internal import JSONTree

/// Who a certificate says that its holder is, and which groups that means.
struct NameRules: Sendable {
  enum Subject: String, Sendable {
    case commonName = "common-name"
    case email
    case uri
  }

  /// A group for those whose unit (OU) or URI is this; a URI may end in `*`.
  struct Mapping: Sendable {
    let unit: String?
    let uri: String?
    let group: String
  }

  let subject: Subject
  let mappings: [Mapping]
  let requiredGroups: [String]

  enum Refusal: String, Error {
    /// There is no such name, or several.
    case noName = "no-name"
    case badName = "bad-name"
    case noAccess = "no-access"
  }

  func principal(of certificate: Certificate) throws(Refusal) -> Principal {
    guard let commonNames = certificate.subject(NID_commonName),
      let units = certificate.subject(NID_organizationalUnitName),
      let emails = certificate.alternativeNames(GEN_EMAIL.signed),
      let uris = certificate.alternativeNames(GEN_URI.signed)
    else { throw .badName }
    let names =
      switch subject {
      case .commonName: commonNames
      case .email: emails
      case .uri: uris
      }
    guard let name = names.first, names.count == 1 else { throw .noName }
    var groups: [String] = []
    for mapping in mappings where Self.fits(mapping, units, uris) && !groups.contains(mapping.group) {
      groups.append(mapping.group)
    }
    if !requiredGroups.isEmpty, !groups.contains(where: requiredGroups.contains) { throw .noAccess }
    return Principal(
      subject: name, email: emails.count == 1 ? emails[0] : "", groups: groups, established: "mtls",
      credential: certificate.serial, expires: certificate.end ?? 0)
  }

  private static func fits(_ mapping: Mapping, _ units: [String], _ uris: [String]) -> Bool {
    if let unit = mapping.unit { return units.contains { $0.utf8.elementsEqual(unit.utf8) } }
    guard let wanted = mapping.uri else { return false }
    return uris.contains { uri in
      wanted.hasSuffix("*")
        ? uri.utf8.starts(with: wanted.utf8.dropLast()) : uri.utf8.elementsEqual(wanted.utf8)
    }
  }
}

extension UInt32 { var signed: Int32 { Int32(bitPattern: self) } }
extension Int32 { var signed: Int32 { self } }
