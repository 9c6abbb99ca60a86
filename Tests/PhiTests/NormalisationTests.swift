import FilterKit
import Testing

@testable import PhiFilter

/// One value is one form, and two values are two.
@Suite struct NormalisationTests {
  private func form(_ value: String, _ kind: Kind) -> String {
    var normalisation = Normalisation()
    var output: [UInt8] = []
    let bytes = Array(value.utf8)
    normalisation.append(bytes.span, kind: kind, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  static let samePeople: [[String]] = [
    [
      "Jane Doe", "jane doe", "JANE DOE", "Doe, Jane", "DOE,JANE", "Mrs. Jane Doe", "Jane Doe's",
      "Jane Doe’s",
      "Jane  Doe", "Jane\nDoe", "Jane Q. Doe", "Doe, Jane Q.", "DOE^JANE^Q", "Jane Doe, MD", "Jane Doe, M.D.",
      "Jane Doe M.D.", "Jane Doe RN", "Doe, Jane, RN", "Dr. Jane Doe, PhD", "Jane Doe, DO",
      "Jane\u{200B} Doe", "Jane Doe'",
      "“Jane Doe”",
    ],
    [
      "John Smith Jr.", "Smith Jr., John", "Smith, John, Jr.", "JOHN SMITH JR", "SMITH^JOHN^^JR",
      "John Smith, Jr.",
    ],
    ["José Núñez", "JOSÉ NÚÑEZ", "Jose\u{301} Nu\u{301}n\u{303}ez", "Jose Nunez", "Núñez, José"],
    ["Nguyễn Thị Hoa", "NGUYỄN THỊ HOA", "Nguye\u{302}\u{303}n Thi\u{323} Hoa"],
    ["O'Brien", "O’Brien", "OBRIEN"], ["Anne-Marie Weiß", "ANNE MARIE WEISS"],
    ["J. Doe", "j doe", "Doe, J."],
    ["Иван Петров", "ИВАН ПЕТРОВ"], ["Ｊａｎｅ　Ｄｏｅ", "JANE DOE"],
  ]

  @Test(arguments: samePeople) func onePersonIsOne(spellings: [String]) {
    for spelling in spellings { #expect(form(spelling, "NAME") == form(spellings[0], "NAME"), "\(spelling)") }
  }

  @Test func twoPeopleAreTwo() {
    let people = [
      "Jane Doe", "John Doe", "Doe", "Jane", "Jane Roe", "James Allen", "Allen James", "John Smith",
      "John Smith Jr.",
      "John Smith Sr.", "John Smith III", "J. Doe", "R. Doe", "Do, Nguyen", "Nguyen", "Jane Doe-Smith", "李娜",
      "王芳",
    ]
    #expect(Set(people.map { form($0, "NAME") }).count == people.count)
  }

  static let sameDates: [[String]] = [
    [
      "1/5/2021", "01/05/2021", "1-5-21", "Jan 5, 2021", "January 5th, 2021", "5 January 2021", "2021-01-05",
      "2021/1/5", "20210105",
      "Tuesday, January 5, 2021", "the 5th of January 2021", "JAN 5 2021", "1.5.2021",
    ],
    ["25/12/1980", "12/25/80", "Dec 25 1980", "1980-12-25"],
    ["March 2020", "3/2020", "2020-03", "Mar. 2020"], ["July 4", "7/4", "4 July", "July 4th"],
    ["2021-01-05T10:00:00Z", "2021-01-05 T10:00:00Z"],
  ]

  @Test(arguments: sameDates) func oneDateIsOne(spellings: [String]) {
    for spelling in spellings { #expect(form(spelling, "DATE") == form(spellings[0], "DATE"), "\(spelling)") }
  }

  @Test func twoDatesAreTwo() {
    let dates = [
      "1/11/2021", "11/1/2021", "1/1/2021", "2021-01-01T10:00", "2021-01-01T11:00", "1/2021", "2021", "Jan 1",
      "99/99/9999", "May",
    ]
    #expect(Set(dates.map { form($0, "DATE") }).count == dates.count)
  }

  @Test(
    arguments: [
      ("SSN", "078-05-1120", "078051120"), ("SSN", "０７８–05 1120", "078051120"),
      ("PHONE", "+1 (617) 555-0123", "6175550123"),
      ("PHONE", "617.555.0123", "6175550123"), ("MRN", "a-123 456", "a123456"),
      ("EMAIL", "Ana@Example.ORG", "ana@example.org"),
      ("IP", "1.11.1.1", "1.11.1.1"), ("CREDENTIAL", "sk-AbC", "sk-AbC"),
      ("ADDRESS", "12 North Main Street, Apt. 4", "12 n main st apt 4"),
      ("ADDRESS", "12 N. Main St Apartment 4", "12 n main st apt 4"), ("ID", "--", "--"),
      ("AGE", "92-year-old", "92 year old"),
    ] as [(Kind, String, String)])
  func formsAreAsDescribed(kind: Kind, value: String, expected: String) {
    #expect(form(value, kind) == expected)
  }

  /// The same bytes give the same form on each use of the same buffers, and no byte string traps.
  @Test func hostileValuesAreHarmless() {
    var generator = SeededGenerator(seed: 11)
    let alphabet =
      Array("jane doe,^'’.-/0123456789 JrMD ".utf8) + [0xC3, 0xA9, 0xFF, 0x80, 0xE2, 0x80, 0x8B, 0xF0]
    var normalisation = Normalisation()
    let kinds: [Kind] = ["NAME", "DATE", "PHONE", "ADDRESS", "EMAIL", "ID", "CREDENTIAL", "AGE"]
    for _ in 0..<3_000 {
      let length = Int.random(in: 1...40, using: &generator)
      let value = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0x20 }
      for kind in kinds {
        var (first, second): ([UInt8], [UInt8]) = ([], [])
        normalisation.append(value.span, kind: kind, to: &first)
        normalisation.append(value.span, kind: kind, to: &second)
        #expect(first == second && !first.isEmpty)
      }
    }
  }
}
