internal import FilterKit

/// Members of records whose whole value is an identifier, by their names: FHIR's, and those that code uses.
enum FieldNames {
  /// A longer text is no field's value.
  static let longest = 128

  private static let kinds: [String: Kind] = {
    var kinds: [String: Kind] = [:]
    let names: [(Kind, String)] = [
      (
        "NAME",
        "given family firstname lastname middlename fullname patientname surname forename maidenname mothername displayname guardian nextofkin"
      ),
      ("DATE", "birthdate dob dateofbirth deceaseddatetime dateofdeath admissiondate dischargedate"),
      ("SSN", "ssn socialsecuritynumber socialsecurity"),
      ("MRN", "mrn medicalrecordnumber patientid patientnumber chartnumber"),
      ("PHONE", "phone phonenumber telephone mobile mobilephone homephone cell cellphone workphone"),
      ("FAX", "fax faxnumber"),
      ("ADDRESS", "address addressline streetaddress street address1 address2 line"),
      ("CITY", "city town county district"),
      ("ZIP", "zip zipcode postalcode postcode"),
      ("HEALTH_PLAN", "memberid subscriberid policynumber insuranceid medicareid medicaidid mbi"),
      ("ACCOUNT", "accountnumber bankaccount iban cardnumber creditcard"),
      ("LICENSE", "licensenumber driverslicense npi deanumber"),
    ]
    for (kind, list) in names { for name in list.split(separator: " ") { kinds[String(name)] = kind } }
    return kinds
  }()

  /// The kind of a field by its name, without regard to case, `_` and `-`.
  static func kind(of name: Span<UInt8>) -> Kind? {
    guard name.count >= 3, name.count <= 32 else { return nil }
    var plain = ""
    for index in name.indices {
      let byte = name[index]
      if Bytes.isLetter(byte), byte < 0x80 {
        plain.unicodeScalars.append(Unicode.Scalar(byte | 0x20))
      } else if Bytes.isDigit(byte) {
        plain.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return kinds[plain]
  }

  /// FHIR's identifiers of a person say in a sibling what they are; whatever that is, the value is one.
  static func kind(ofPointer segment: borrowing SegmentView) -> Kind? {
    let isIdentifier = segment.withPointer { pointer in
      let end: StaticString = "/value"
      let place: StaticString = "/identifier/"
      guard pointer.count > 18, Self.isEqual(pointer.extracting((pointer.count - 6)...), end) else {
        return false
      }
      var start = pointer.count - 7
      while start > 0, Bytes.isDigit(pointer[start]) { start -= 1 }
      guard start >= 11 else { return false }
      return Self.isEqual(pointer.extracting((start - 11)...start), place)
    }
    return isIdentifier ? "MRN" : nil
  }

  private static func isEqual(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
    guard bytes.count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { text in
      for index in bytes.indices where unsafe text[index] != bytes[index] { return false }
      return true
    }
  }

  /// The part of a field's text that is its value, where it looks like one.
  static func value(_ kind: Kind, in text: Span<UInt8>) -> Range<Int>? {
    var start = 0
    var end = text.count
    while start < end, Bytes.isSpace(text[start]) { start += 1 }
    while end > start, Bytes.isSpace(text[end - 1]) { end -= 1 }
    var letters = 0
    var digits = 0
    for index in start..<end {
      if Bytes.isLetter(text[index]) { letters += 1 } else if Bytes.isDigit(text[index]) { digits += 1 }
    }
    let fits: Bool =
      switch kind {
      case "NAME", "CITY": letters >= 2 && digits == 0
      case "ADDRESS": letters + digits >= 4 && digits > 0
      default: digits >= 4
      }
    return fits ? start..<end : nil
  }
}
