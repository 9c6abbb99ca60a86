import Testing

@testable import PhiFilter

/// The numbers that states give to people. The numbers here were made up by the rules of python-stdnum, an implementation of somebody else.
@Suite struct NationalNumberTests {
  private static let checks: [String: @Sendable ([UInt8]) -> Bool] = [
    "nhs": { NationalChecks.nhs($0) }, "bsn": { NationalChecks.bsn($0) },
    "pesel": { NationalChecks.pesel($0) },
    "cpf": { NationalChecks.cpf($0) }, "aadhaar": { NationalChecks.verhoeff($0) },
    "dni": { NationalChecks.dni($0) },
    "codice fiscale": { NationalChecks.codiceFiscale($0) },
    "fødselsnummer": { NationalChecks.fodselsnummer($0) },
    "personnummer": { NationalChecks.personnummer($0) }, "hetu": { NationalChecks.hetu($0) },
    "ahv": { NationalChecks.ahv($0) }, "steuer-id": { NationalChecks.steuerID($0) },
    "nir": { NationalChecks.nir($0) },
    "sin": { NationalChecks.luhn($0) }, "south africa": { NationalChecks.southAfrica($0) },
    "turkey": { NationalChecks.turkey($0) }, "china": { NationalChecks.china($0) },
    "cnp": { NationalChecks.cnp($0) },
    "rodné číslo": { NationalChecks.rodneCislo($0) }, "egn": { NationalChecks.egn($0) },
    "ppsn": { NationalChecks.ppsn($0) },
    "belgium": { NationalChecks.belgium($0) }, "rut": { NationalChecks.rut($0) },
    "cuil": { NationalChecks.cuil($0) },
    "israel": { NationalChecks.israel($0) }, "curp": { NationalChecks.curp($0) },
    "oib": { NationalChecks.iso7064($0) },
    "rnokpp": { NationalChecks.rnokpp($0) }, "my number": { NationalChecks.myNumber($0) },
    "hkid": { NationalChecks.hkid($0) }, "nric": { NationalChecks.nric($0) },
    "kvnr": { NationalChecks.kvnr($0) },
    "medicare": { NationalChecks.medicareAU($0) }, "nhi": { NationalChecks.nhi($0) },
    "snils": { NationalChecks.snils($0) },
    "kuwait": { NationalChecks.kuwait($0) }, "emirates": { NationalChecks.emirates($0) },
    "cns": { NationalChecks.cns($0) },
    "jmbg": { NationalChecks.jmbg($0) }, "clabe": { NationalChecks.clabe($0) },
    "aba": { NationalChecks.aba($0) },
  ]

  /// One number of each country with its right check digit. Each with its last sign changed is wrong.
  @Test(arguments: [
    ("nhs", "2505919607"), ("bsn", "329587870"), ("pesel", "89061766713"), ("cpf", "74802460058"),
    ("aadhaar", "338794452513"), ("dni", "06574325M"), ("dni", "X7180443G"),
    ("codice fiscale", "RSSMRA85T08H501F"),
    ("fødselsnummer", "02025908425"), ("personnummer", "8602085949"), ("hetu", "220322-475L"),
    ("ahv", "7564959137734"),
    ("steuer-id", "61289072431"), ("nir", "185051137932374"), ("sin", "177664174"),
    ("south africa", "8503129006198"),
    ("turkey", "81400473748"), ("china", "110105198003055429"), ("cnp", "1850311235396"),
    ("rodné číslo", "8551289032"),
    ("egn", "8409148873"), ("ppsn", "6797047NA"), ("belgium", "85031221369"), ("rut", "144234367"),
    ("cuil", "20824934089"),
    ("israel", "983345786"), ("curp", "BOXW310820HNERXN09"), ("oib", "27052124831"), ("rnokpp", "4587234160"),
    ("hkid", "A1234563"), ("nric", "S1234567D"), ("kvnr", "A123456780"), ("medicare", "2123456701"),
    ("nhi", "ZZZ0016"),
    ("snils", "11223344595"), ("jmbg", "0101006500006"), ("clabe", "032180000118359719"),
    ("aba", "021000021"),
  ])
  func checkDigit(_ name: String, _ number: String) throws {
    let check = try #require(Self.checks[name])
    let digits = Array(number.utf8)
    #expect(check(digits), "\(number) is right")
    // Of the PPSN and the Medicare number, the last sign is none of the check's.
    var wrong = digits
    let place = ["ppsn", "medicare"].contains(name) ? digits.count - 2 : digits.count - 1
    let next: (UInt8) -> UInt8 = { $0 == UInt8(ascii: "9") ? 0x30 : $0 == UInt8(ascii: "Z") ? 0x41 : $0 + 1 }
    wrong[place] = next(wrong[place])
    #expect(!check(wrong), "\(String(decoding: wrong, as: UTF8.self)) is wrong")
  }

  /// Found by its form and check digit, without a label.
  @Test(arguments: [
    ("CPF grouped: 748.024.600-58 here", "748.024.600-58"), ("seen 14.423.436-7 twice", "14.423.436-7"),
    ("RSSMRA85T08H501F, Roma", "RSSMRA85T08H501F"), ("BOXW310820HNERXN09 came", "BOXW310820HNERXN09"),
    ("X7180443G came", "X7180443G"), ("06574325-M came", "06574325-M"), ("860208-5949 came", "860208-5949"),
    ("220322-475L came", "220322-475L"), ("756.4959.1377.34 came", "756.4959.1377.34"),
    ("1 85 05 11 379 323 74 came", "1 85 05 11 379 323 74"), ("855128/9032 came", "855128/9032"),
    ("85.03.12-213.69 came", "85.03.12-213.69"), ("3387 9445 2513 came", "3387 9445 2513"),
    ("110105198003055429 came", "110105198003055429"), ("784-1985-1234567-1 came", "784-1985-1234567-1"),
    ("A123456(3) came", "A123456(3)"), ("S1234567D came", "S1234567D"),
    ("QQ 12 34 56 C or AB 12 34 56 C", "AB 12 34 56 C"),
    ("35202-0339327-2 came", "35202-0339327-2"), ("880214-1211790 came", "880214-1211790"),
    ("850312-01-6601 came", "850312-01-6601"), ("4417-208-958-KR came", "4417-208-958-KR"),
    ("BOUJ 8551 0312 came", "BOUJ 8551 0312"), ("8003 6081 6677 2210 came", "8003 6081 6677 2210"),
    ("909-71-3167 came", "909-71-3167"), ("ABCPE1234F came", "ABCPE1234F"),
    ("112-233-445 95 came", "112-233-445 95"),
    ("20-82493408-9 came", "20-82493408-9"), ("patient 89061766713 came", "89061766713"),
    ("patient, born in Oslo, 02025908425", "02025908425"), ("8503129006198 came", "8503129006198"),
    ("What is your BSN?\nCustomer: 329587870", "329587870"),
  ])
  func byItsForm(_ text: String, _ value: String) throws {
    let all = try found(text)
    #expect(all.contains { $0.hasSuffix(":\(value)") }, "found \(all)")
  }

  /// With a wrong check digit, or no person beside it, a number is anybody's.
  @Test(arguments: [
    "seen 14.423.436-8 twice", "06574325-N came", "860208-5948 on 99",
    "3387 9445 2514 came",
    "855128/9033 came", "110105198003055428 came", "code 89061766713 ok", "value 12345678L",
    "2345 6789 0123 4567 8901", "time 1764000000123", "0x123456789", "QQ 12 34 56 C",
  ])
  func isNobodys(_ text: String) throws {
    let all = try found(text).filter { $0.hasPrefix("ID:") }
    #expect(all == [])
  }

  /// Behind its name, a number counts whatever its check digit and its groups.
  @Test(arguments: [
    "NHS No {}", "NHS number: {}", "CHI: {}", "NI number {}", "PPSN {}", "BSN {}", "PESEL {}", "CPF: {}",
    "CNS {}",
    "Aadhaar no. {}", "UIDAI: {}", "ABHA number {}", "PAN: {}", "DNI {}", "NIE: {}", "codice fiscale {}",
    "CPR-nr.: {}",
    "fødselsnummer {}", "personnummer: {}", "henkilötunnus {}", "AHV-Nr. {}", "Steuer-ID: {}", "KVNR {}",
    "n° de sécurité sociale {}", "NIR : {}", "SIN {}", "OHIP {}", "PHN: {}", "RAMQ {}", "IHI {}",
    "DVA file number {}",
    "NHI {}", "ID no {}", "RSA ID: {}", "CURP {}", "NSS: {}", "T.C. Kimlik No: {}", "RRN: {}", "주민등록번호: {}",
    "マイナンバー: {}", "個人番号：{}", "HKID {}", "NRIC: {}", "Teudat zehut {}", "ת.ז. {}", "Civil ID {}",
    "Emirates ID: {}",
    "РНОКПП {}", "CNP {}", "rodné číslo: {}", "EGN {}", "ЕГН: {}", "NIN {}", "PhilHealth No. {}", "EIN {}",
    "ITIN: {}",
    "SNILS {}", "СНИЛС: {}", "RUT {}", "CUIL: {}", "cédula {}", "CNIC: {}", "NIK {}", "身份证号：{}",
    "\"cpf\": \"{}\"",
    "aadhaar         | {} |", "BSN = '{}'", "(DNI {}, tel.)",
  ])
  func behindItsName(_ label: String) throws {
    for value in ["8503120417089", "3470 0714 4779", "12345678"] {
      let all = try found(label.replacing("{}", with: value))
      #expect(all.contains { $0.hasSuffix(":\(value)") }, "\(label) \(value): found \(all)")
    }
  }
}
