import FilterHarness
import Testing

@testable import PhiFilter

/// Each kind by its standard: check digits, positions, and what words beside a value change.
@Suite struct DetectKindTests {
  @Test(arguments: [
    ("Medicare MBI 1EG4TE5MK73", "HEALTH_PLAN:1EG4TE5MK73"), ("NPI: 1234567893", "LICENSE:1234567893"),
    ("the provider 1234567893 said", "LICENSE:1234567893"), ("prescriber BB1388568", "LICENSE:BB1388568"),
    ("amex 378282246310005", "ACCOUNT:378282246310005"),
    ("Mastercard 2223003122003222", "ACCOUNT:2223003122003222"),
    ("license plate: 7ABC123", "VEHICLE:7ABC123"),
    (
      "UDI (01)00844588003288(17)141120(10)7654321D(21)10987654d321",
      "DEVICE:(01)00844588003288(17)141120(10)7654321D(21)10987654d321"
    ),
    (
      "implant +H123PARTNO1234567890120/$$420020216LOT123456789012345/SXYZ456789012345678/16D20130202C x",
      "DEVICE:+H123PARTNO1234567890120/$$420020216LOT123456789012345/SXYZ456789012345678/16D20130202C"
    ),
    (
      "graft =/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032 x",
      "DEVICE:=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032"
    ),
    ("port 001a.2b3c.4d5e up", "DEVICE:001a.2b3c.4d5e"),
    ("fingerprint template FP-99812", "BIOMETRIC:FP-99812"),
    ("iris scan id 77-81234", "BIOMETRIC:77-81234"), ("medical license MD-448291", "LICENSE:MD-448291"),
    ("certificate no. 8812345", "LICENSE:8812345"), ("checking account 000123456789", "ACCOUNT:000123456789"),
    ("claim number 2024-118827", "ID:2024-118827"),
    ("fe80::1ff:fe23:4567:890a is", "IP:fe80::1ff:fe23:4567:890a"),
    ("a ninety-two-year-old man", "AGE:ninety-two-year-old"),
    ("she is one hundred and two years old", "AGE:one hundred and two years old"),
    // Made of parts, so that no scanner of repositories takes them for keys that somebody lost.
    ("key sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc", "CREDENTIAL:sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"),
    (
      "npm_" + "abcdefghijklmnopqrstuvwxyz0123456789 x",
      "CREDENTIAL:npm_" + "abcdefghijklmnopqrstuvwxyz0123456789"
    ),
    ("hf_" + "abcdefghijklmnopqrstuvwxyzABCDEFGH", "CREDENTIAL:hf_" + "abcdefghijklmnopqrstuvwxyzABCDEFGH"),
    (
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "CREDENTIAL:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    ),
    ("Authorization: Bearer abcdefghij0123456789.xyz", "CREDENTIAL:abcdefghij0123456789.xyz"),
    ("Server=db;User Id=app;Password=c0rrect-h0rse;", "CREDENTIAL:c0rrect-h0rse"),
    (
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
      "CREDENTIAL:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    ),
  ])
  func finds(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  @Test(arguments: [
    "order 4111111111111111", "bearer of good news for everybody", "a plate of food",
    "license: MIT",
    "model number", "1SG4-TE5-MK73", "1HGCM82633A004353", "hundred years of it",
    "the token validateAllThings",
  ])
  func leavesAlone(_ text: String) throws { #expect(try found(text) == []) }

  /// A check digit alone never says much; words beside it do.
  @Test(arguments: [
    ("4111111111111111", "visa 4111111111111111"), ("1HGCM82633A004352", "VIN 1HGCM82633A004352"),
    ("BB1388568", "DEA BB1388568"), ("1EG4-TE5-MK73", "Medicare 1EG4-TE5-MK73"),
  ])
  func wordsRaiseConfidence(_ alone: String, _ beside: String) throws {
    let detector = unsafe try standardDetector.get()
    func confidence(_ text: String) throws -> UInt32 {
      try detector.detect([Array(text.utf8)]).findings.map(\.confidence).max() ?? 0
    }
    #expect(try confidence(alone) <= 8500)
    #expect(try confidence(beside) > confidence(alone))
  }
}

/// What is asked of check digits, by the standards' own examples.
@Suite struct ValidatorTests {
  private func digits(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func examplesOfTheStandards() {
    #expect(Validators.npi(digits("1234567893")) && !Validators.npi(digits("1234567890")))
    #expect(Validators.dea(digits("BB1388568")) && !Validators.dea(digits("BB1388567")))
    #expect(Validators.vin(digits("1M8GDM9AXKP042788")) && !Validators.vin(digits("1M8GDM9A1KP042788")))
    #expect(
      Validators.iban(digits("GB82WEST12345698765432")) && !Validators.iban(digits("GB83WEST12345698765432")))
    #expect(Validators.gtin(digits("00844588003288")) && !Validators.gtin(digits("00844588003289")))
    #expect(Validators.card(digits("378282246310005")) && !Validators.card(digits("3782822463100051")))
    #expect(Validators.card(digits("4222222222222")) && !Validators.card(digits("9111111111111111")))
  }

  /// Every change of one digit is noticed.
  @Test(arguments: ["378282246310005", "4111111111111111", "6011000990139424"])
  func oneWrongDigitIsNoticed(_ card: String) {
    for place in 0..<card.utf8.count {
      for digit in UInt8(0x30)...0x39 where Array(card.utf8)[place] != digit {
        var other = Array(card.utf8)
        other[place] = digit
        #expect(!Validators.luhn(other))
      }
    }
  }
}
