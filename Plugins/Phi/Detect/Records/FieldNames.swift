internal import FilterKit

/// Members of records whose whole value is an identifier, by their names: FHIR's, and those that code uses.
enum FieldNames {
  /// A longer text is no field's value.
  static let longest = 128

  private static let names: [(Kind, String)] = [
    (
      "NAME",
      """
      given family firstname lastname middlename fullname patientname surname forename maidenname mothername \
      displayname guardian nextofkin fname lname givenname familyname patientfirstname patientlastname \
      membername subscribername contactname emergencycontact emergencycontactname guarantorname mothersmaidenname
      """
    ),
    (
      "DATE",
      """
      birthdate dob dateofbirth deceaseddatetime dateofdeath admissiondate dischargedate admitdate birthtime \
      servicedate visitdate appointmentdate patientdob deathdate
      """
    ),
    ("SSN", "ssn socialsecuritynumber socialsecurity socialsecurityno patientssn ssnnumber"),
    ("MRN", "mrn medicalrecordnumber patientid patientnumber chartnumber medicalrecordno empi patientmrn"),
    (
      "PHONE",
      """
      phone phonenumber telephone mobile mobilephone homephone cell cellphone workphone phoneno tel \
      contactphone daytimephone
      """
    ),
    ("FAX", "fax faxnumber"),
    (
      "ADDRESS",
      """
      address addressline streetaddress street address1 address2 line homeaddress streetaddressline addressline1 \
      mailingaddress patientaddress line1 line2 addr addr1 addr2 street1 street2 address3 logradouro endereco direccion domicilio calle \
      indirizzo adresse strasse anschrift adres straat gatuadress adresselinje osoite ulica homeaddr residentialaddress \
      deliveryaddress shippingaddress billingaddress streetname thoroughfare huisnr huisnummer hausnummer hausnr housenumber
      """
    ),
    (
      "CITY",
      """
      city town county district bairro municipio cidade ciudad localidad localita comune citta ville commune ort stadt wohnort plaats \
      woonplaats stad postort poststed kommune miasto miejscowosc suburb locality township village borough island parish pob placeofbirth birthplace cityname \
      hometown townofbirth cityofbirth villageofbirth barrio colonia lugarnacimiento geburtsort lieudenaissance luogonascita
      """
    ),
    (
      "ZIP",
      """
      zip zipcode postalcode postcode postal plz postleitzahl cep codigopostal codepostal cap pincode postnummer postnr kodpocztowy psc \
      eircode postinumero zip5 zip4 zipplus4
      """
    ),
    (
      "HEALTH_PLAN",
      """
      memberid subscriberid policynumber insuranceid medicareid medicaidid mbi groupnumber policyid hicn \
      beneficiaryid
      """
    ),
    (
      "ACCOUNT",
      "accountnumber bankaccount iban cardnumber creditcard accountno acctno acctnumber routingnumber har"
    ),
    ("LICENSE", "licensenumber driverslicense npi deanumber dea driverlicense licenseno providernpi"),
    ("VEHICLE", "vin licenseplate platenumber"), ("DEVICE", "serialnumber deviceid udi deviceserial imei"),
    ("BIOMETRIC", "fingerprint fingerprintid biometricid faceid voiceprint"),
    ("ID", "encounterid visitnumber csn passportnumber nationalid accessionnumber"),
  ]

  /// Names of columns that say something beside others that do.
  private static let columnNames: [(Kind, String)] = [
    ("NAME", "name patient pt physician provider doctor contact spouse mother father employee"),
    ("DATE", "birth born"),
    ("ZIP", "cp zp"),
  ]

  private static let kinds = table(names + timeAndPhone + IdentifierFields.names)
  private static let columnKinds = table(
    names + timeAndPhone + columnNames + IdentifierFields.names + IdentifierFields.columns)

  private static func table(_ names: [(Kind, String)]) -> [UInt64: Kind] {
    var kinds: [UInt64: Kind] = [:]
    for (kind, list) in names {
      for name in list.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }) {
        var hash = NameHash()
        for byte in name { hash.add(byte) }
        kinds[hash.value] = kind
        // Salesforce's own fields: `dob__c`.
        hash.add(UInt8(ascii: "c"))
        if kinds[hash.value] == nil { kinds[hash.value] = kind }
      }
    }
    return kinds
  }

  /// The hash of a name without regard to case and to what is no letter or digit (FNV-1a).
  struct NameHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var count = 0
    /// The last eight signs, the last one lowest.
    private(set) var tail: UInt64 = 0

    @inline(__always)
    mutating func add(_ byte: UInt8) {
      guard Bytes.isJoining(byte) else { return }
      let sign = UInt64(Bytes.isDigit(byte) ? byte : byte | 0x20)
      value = (value ^ sign) &* 0x100_0000_01B3
      tail = tail << 8 | sign
      count += 1
    }
  }

  /// The kind of a field by its name.
  static func kind(of name: Span<UInt8>) -> Kind? {
    guard name.count >= 2, name.count <= 40 else { return nil }
    var hash = NameHash()
    for index in name.indices { hash.add(name[index]) }
    return kinds[hash.value]
  }

  /// The kind of a field by the hash of its name.
  static func kind(of hash: NameHash) -> Kind? { kinds[hash.value] }

  /// The kind of a column by the hash of its name.
  static func kind(ofColumn hash: NameHash) -> Kind? { hash.count < 2 ? nil : columnKinds[hash.value] }

  /// Whether the kinds of a table's columns show that its first line names them: two that are known, or an identifier's beside others.
  static func isHeader(_ kinds: [Kind?]) -> Bool {
    let known = kinds.compactMap { $0 == KeyColumns.kind ? nil : $0 }
    return known.count >= 2 || kinds.count >= 3 && known.count == 1 && alone.contains(known[0])
  }

  private static let alone: Set<Kind> = ["MRN", "SSN", "HEALTH_PLAN", "LICENSE", "ID", account]

  /// What a column or a member is called that holds names of accounts; the values are identifiers.
  static let account: Kind = "ACCOUNT_NAME"

  /// The kind that a value is reported as.
  static func reported(_ kind: Kind) -> Kind { kind == account || kind == KeyColumns.kind ? "ID" : kind }

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
  static func value(_ kind: Kind, in text: Span<UInt8>) -> Range<Int>? { value(kind, in: text, text.indices) }

  /// The part of a range that is the value of a field.
  static func value(_ kind: Kind, in text: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, Bytes.isSpace(text[start]) { start += 1 }
    while end > start, Bytes.isSpace(text[end - 1]) { end -= 1 }
    var letters = 0
    var digits = 0
    for index in start..<end {
      if Bytes.isLetter(text[index]) { letters += 1 } else if Bytes.isDigit(text[index]) { digits += 1 }
    }
    switch kind {
    case "DATE": return FieldValues.date(text, start..<end)
    case "AGE": return FieldValues.age(text, start..<end)
    case "PHONE", "FAX": return FieldValues.phone(text, start..<end)
    default: break
    }
    let fits: Bool =
      switch kind {
      case "NAME", "CITY": letters >= 2 && digits == 0
      case "ADDRESS": letters >= 2 && letters + digits >= 4 && digits > 0
      case account: AccountForm.isPlausible(text, start..<end)
      case KeyColumns.kind: KeyColumns.isKey(text, start..<end)
      default: digits >= 4
      }
    return fits ? start..<end : nil
  }
}
