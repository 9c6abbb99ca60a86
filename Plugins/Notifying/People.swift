package import FilterKit
package import JSONTree

/// Which principal somebody is who answers from elsewhere. Whoever is not in it can't decide from there.
///
/// Part of the policy, and so versioned with it: `people: [{ id: U0456, subject: ana@clinic.example,
/// groups: [privacy-officers] }]`.
package struct People: Sendable {
  package struct Person: Sendable, Equatable {
    package let subject: String
    package let groups: [String]
  }

  private let byID: [String: Person]

  package init(_ configuration: JSONValue) throws(FilterError) {
    var byID: [String: Person] = [:]
    for (index, entry) in (configuration["people"]?.array ?? []).enumerated() {
      guard let id = entry["id"]?.string, let subject = entry["subject"]?.string,
        let groups = entry["groups"]?.strings
      else {
        throw .configuration("A person has an id, a subject and groups.", at: "/people/\(index)")
      }
      guard byID.updateValue(Person(subject: subject, groups: groups), forKey: id) == nil else {
        throw .configuration("This id stands here twice.", at: "/people/\(index)/id")
      }
    }
    self.byID = byID
  }

  package var isEmpty: Bool { byID.isEmpty }

  package subscript(id: String) -> Person? { byID[id] }
}
