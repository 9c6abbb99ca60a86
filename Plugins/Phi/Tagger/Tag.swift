/// What the tagger says of a word. The raw values are lanes of a row of weights.
package enum Tag: UInt8, CaseIterable {
  case outside
  case beginPerson, inPerson
  case beginPlace, inPlace
  case beginOrganisation, inOrganisation
  /// A country, a state, a nationality: capitalised, and as large as nobody's secret.
  case area

  package enum Kind { case person, place, organisation }

  package var kind: Kind? {
    switch self {
    case .outside, .area: nil
    case .beginPerson, .inPerson: .person
    case .beginPlace, .inPlace: .place
    case .beginOrganisation, .inOrganisation: .organisation
    }
  }

  /// The tag of a word that goes on with what this one began; nil where nothing can go on.
  package var next: Tag? {
    switch self {
    case .outside, .area: nil
    case .beginPerson, .inPerson: .inPerson
    case .beginPlace, .inPlace: .inPlace
    case .beginOrganisation, .inOrganisation: .inOrganisation
    }
  }

  /// Whether it goes on with what the word before began.
  package var isInside: Bool { self == .inPerson || self == .inPlace || self == .inOrganisation }
}
