internal import FilterKit

/// What the fields of HL7 v2 messages hold, by segment and position (HL7 2.8, chapters 3, 4, 6).
enum RecordFields {
  /// A field's type, as far as it says what its components are.
  enum Form {
    /// Each component's whole: identifiers (CX), dates (DTM), numbers.
    case value(Kind)
    /// Names (XPN): family, given, others, suffix, prefix.
    case name
    /// Addresses (XAD): street, other, city, state, ZIP.
    case address
    /// Numbers of telephones (XTN).
    case phone
    /// Somebody with a number and a name (XCN).
    case person
  }

  static func form(_ segment: UInt32, _ field: Int) -> Form? { table[UInt64(segment) << 16 | UInt64(field)] }

  static func isKnown(_ segment: UInt32) -> Bool { segments.contains(segment) }

  static func segment(_ name: StaticString) -> UInt32 {
    name.withUTF8Buffer { letters in unsafe letters.reduce(0) { $0 << 8 | UInt32($1) } }
  }

  private static let fields: [(StaticString, [Int], Form)] = [
    ("MSH", [7], .value("DATE")), ("EVN", [2, 3, 6], .value("DATE")), ("EVN", [5], .person),
    ("PID", [2, 3, 4, 21], .value("MRN")), ("PID", [5, 6, 9], .name), ("PID", [7, 29, 33], .value("DATE")),
    ("PID", [11], .address), ("PID", [12, 23], .value("CITY")), ("PID", [13, 14, 40], .phone),
    ("PID", [18], .value("ACCOUNT")), ("PID", [19], .value("SSN")), ("PID", [20], .value("LICENSE")),
    ("PD1", [4], .person), ("NK1", [2, 30], .name), ("NK1", [4, 32], .address), ("NK1", [5, 6, 31], .phone),
    ("NK1", [8, 9, 16], .value("DATE")), ("NK1", [12, 33], .value("ID")), ("NK1", [37], .value("SSN")),
    ("GT1", [2], .value("ACCOUNT")), ("GT1", [3, 4, 16, 42], .name), ("GT1", [5, 17], .address),
    ("GT1", [6, 7, 18], .phone), ("GT1", [8, 13, 14], .value("DATE")), ("GT1", [12], .value("SSN")),
    ("GT1", [19, 29], .value("ID")), ("IN1", [8, 36, 49], .value("HEALTH_PLAN")), ("IN1", [6, 16], .name),
    ("IN1", [12, 13, 18, 24], .value("DATE")), ("IN1", [19, 44], .address), ("IN1", [7], .phone),
    ("IN2", [2], .value("SSN")), ("IN2", [6, 8, 61], .value("HEALTH_PLAN")), ("IN2", [40], .name),
    ("PV1", [7, 8, 9, 17, 52], .person), ("PV1", [19, 50], .value("ID")), ("PV1", [44, 45], .value("DATE")),
    ("PV2", [8, 9, 33], .value("DATE")), ("MRG", [1, 2, 4, 5, 6], .value("MRN")),
    ("MRG", [3], .value("ACCOUNT")),
    ("MRG", [7], .name), ("ORC", [2, 3, 4], .value("ID")), ("ORC", [9, 15], .value("DATE")),
    ("ORC", [10, 11, 12, 19], .person), ("ORC", [14, 23], .phone), ("OBR", [2, 3], .value("ID")),
    ("OBR", [6, 7, 8, 14, 22], .value("DATE")), ("OBR", [10, 16], .person),
    ("OBX", [14, 19], .value("DATE")),
    ("OBX", [16], .person), ("OBX", [18], .value("DEVICE")), ("DG1", [5, 19], .value("DATE")),
    ("DG1", [16], .person),
    ("PR1", [5], .value("DATE")), ("PR1", [8, 11, 12], .person), ("ACC", [1], .value("DATE")),
    ("SCH", [1, 2], .value("ID")), ("TXA", [4, 6, 7, 8], .value("DATE")), ("TXA", [5, 9, 10], .person),
    ("TXA", [12, 13, 14, 15], .value("ID")), ("AIP", [3], .person), ("FT1", [2], .value("ID")),
    ("FT1", [4, 5], .value("DATE")), ("FT1", [20, 21], .person), ("ROL", [4], .person),
    ("SPM", [2, 3], .value("ID")),
    ("AL1", [6], .value("DATE")), ("RXA", [3, 4], .value("DATE")), ("RXA", [10], .person),
  ]

  private static let table: [UInt64: Form] = {
    var table: [UInt64: Form] = [:]
    for (name, numbers, form) in fields {
      for number in numbers { table[UInt64(segment(name)) << 16 | UInt64(number)] = form }
    }
    return table
  }()

  private static let segments = Set(fields.map { segment($0.0) })
}
