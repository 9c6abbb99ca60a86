import Testing

/// Identifiers behind the words that hospitals, insurers, registers and programs have for them.
@Suite struct IdentifierLabelTests {
  /// Labels with `{}` where the value stands, and the values; all of them together are tried.
  private static let forms: [(labels: [String], values: [String])] = [
    (
      [
        "URN {}  NGUYEN", "UHID: {}", "Hosp No {}", "hospital number {}", "Unit No. {}", "CRN: {}",
        "PATID={}", "Patient no. {}",
        "pt id {}", "OP No: {}", "IP No. {}", "folder number {}", "HN {}", "record #{}", "(chart {})",
        "pat_no = '{}'",
        "\"patientNumber\": \"{}\"", "patient's MRN is {}", "Historia clínica: {}", "Fallnummer {}", "病历号：{}",
        "患者番号: {}",
        "MRN | {} |", "MRN\t{}",
      ], ["1187402", "SRM0094117", "77-01938", "RX1-559302", "2024/0081234"]
    ),
    (
      [
        "ACCESSION: {}", "Accn {}", "path slides {}", "Specimen {}", "claim {},", "WC claim {}",
        "ref {}, pending",
        "auth #{}", "Authorization number: {}", "emp # {}", "Employee ID {}", "encounter {}", "visit no {}",
        "CSN {}",
        "contact_id = '{}'", "user_ref=\"{}\"", "case no. {}", "Passport No: {}", "inmate {}",
        "referral number {}",
      ], ["CT26-0088417", "S26-114080", "E-5581907733", "WC-26-110387", "00883170"]
    ),
    (
      [
        "member {})", "member_id has value '{}'", "memberNo: '{}'", "Subscriber ID {}", "policy {}",
        "póliza {}",
        "\"carteirinha\": \"{}\"", "Blue Shield member {} and", "to Humana, ID {},", "medical aid number {}",
        "scheme no: {}",
        "Versichertennummer {}", "OHIP {}", "health card {}", "Medicaid {}", "pol {} is",
      ], ["XEA904417726", "W2217 40983-01", "S-0088-417720", "H60449187"]
    ),
    (
      ["carteirinha: {}", "member no. {}"],
      ["0 064 004417728 01-3", "3725 16686 1", "W271 884 093", "4417-208-958"]
    ),
    (
      [
        "GMC {}", "GMC No: {}", "NMC PIN {}", "AHPRA {}", "Prov {}", "provider number {}", "HPCSA: {}",
        "MCI reg. {}", "PTAN {}",
        "LCSW {}", "Lic. {}", "RN lic # {}", "CRM-SP {}", "LANR {}", "RPPS {}", "Reg. No. {}", "bar no. {}",
      ], ["7218846", "447210KT", "LCS 28817", "MED0001234567"]
    ),
    (
      [
        "FL tag {} towed", "CO plate {}, VIN", "rego {}", "car reg {}", "registration plate {}",
        "Kennzeichen: {}", "targa {}",
        "matching plates {}", "immatriculation {}", "placa {}", "kenteken {}", "TX license plate {} seen",
      ], ["QRT K18", "BXR-C41", "7ABC123", "LR33 TEE", "M-AB 1234"]
    ),
    (
      [
        "Sensor {},", "Kiosk {} only", "udi_full: {}", "S/N {}", "pump {}", "serialNo: \"{}\"",
        "Seriennummer {}",
        "asset tag {}",
      ], ["SCHK33-0091827", "KSK-3391-0047", "RNB604418H"]
    ),
    (
      [
        "voiceprint ref={} snr=22.4", "fingerprint template id: {}",
        "template saved fmt=ISO19794-2 size=498 id={} quality=81",
        "iris code {}", "face template key={}",
      ], ["FPT-7f31c0aa92e4", "VP00184417A"]
    ),
    (["udi_full: {}"], ["01000093643156141727083110LOT4471B21SN7718204"]),
    (
      ["acct {}", "account {}.", "guarantor account {}", "Kontonummer: {}", "CLABE {}"],
      ["7700129931", "51 884 2073"]
    ),
  ]

  @Test(arguments: forms.indices)
  func isFoundWhole(_ index: Int) throws {
    for label in Self.forms[index].labels {
      for value in Self.forms[index].values {
        let text = label.replacing("{}", with: value)
        let all = try found(text)
        #expect(all.contains { $0.hasSuffix(":\(value)") || $0.contains(value) }, "in \(text): found \(all)")
      }
    }
  }

  /// Segments of X12, paths, references and members of FHIR.
  @Test(arguments: [
    ("NM1*IL*1*VAN HOUTEN*ELSBETH*M***MI*7TT6RE4HM91~", "HEALTH_PLAN:7TT6RE4HM91"),
    ("NM1*85*2*BRAMBLE CARE PC*****XX*2663774430~", "LICENSE:2663774430"),
    ("NM1*QC*1*DOE*JANE****34*536228719~", "SSN:536228719"), ("REF*SY*536228719~", "SSN:536228719"),
    ("REF*0F*W22174098301~", "HEALTH_PLAN:W22174098301"), ("REF*EA*00482917~", "MRN:00482917"),
    ("CLM*VH-20417*118***11:B:1*Y~", "ACCOUNT:VH-20417"), ("CLP*7722337*1*211366.97~", "ACCOUNT:7722337"),
    ("\"GET /portal/patients/40217/results?tab=labs HTTP/1.1\"", "ID:40217"),
    ("{\"reference\": \"Patient/9920418\"}", "ID:9920418"),
    ("GET /fhir/Encounter?patient=9920418&x=1", "ID:9920418"),
    ("{\n  \"resourceType\": \"Patient\",\n  \"id\": \"pt-77120\",", "ID:pt-77120"),
    ("{\"resourceType\":\"Encounter\",\"id\":\"enc-5520917\"}", "ID:enc-5520917"),
    ("{\"system\": \"urn:oid:2.16.840.1.113883\", \"value\": \"H0093312\"}", "MRN:H0093312"),
    ("{\"value\": \"H0093312\", \"system\": \"http://x.org/mrn\"}", "MRN:H0093312"),
  ])
  func inRecords(_ text: String, _ expected: String) throws {
    let all = try found(text)
    #expect(all.contains(expected), "found \(all)")
  }

  /// Secrets by the name before them, and addresses that are secrets.
  @Test(arguments: [
    ("TWILIO_TOKEN = \"08e99ed1c8771de9f1232df460ece6b6\"", "08e99ed1c8771de9f1232df460ece6b6"),
    ("webhook_secret: 'a7Qf3kZ91mXc84Tb20Lw'", "a7Qf3kZ91mXc84Tb20Lw"),
    (
      "slack-webhook: https://hooks.slack.com/" + "services/T0AZ4109T/B4A9XRF31/cMwJYOEwlm7ULke0ATxm",
      "https://hooks.slack.com/" + "services/T0AZ4109T/B4A9XRF31/cMwJYOEwlm7ULke0ATxm"
    ),
    ("mongodb+srv://ehr:qV7mZr2w@c0.example.net/db", "mongodb+srv://ehr:qV7mZr2w@c0.example.net/db"),
    ("the password is \"open sesame please\"", "open sesame please"),
    ("passphrase is maple-otter-lantern ok", "maple-otter-lantern"),
  ])
  func secrets(_ text: String, _ value: String) throws {
    let all = try found(text)
    #expect(all.contains("CREDENTIAL:\(value)"), "found \(all)")
  }

  /// What is numbered and is nobody's.
  @Test(arguments: [
    "ticket INT-530", "see PLAT-2291", "build 24b4dbf", "fw=4.2.0.118", "firmware 9.2.0.1",
    "bridge v5.1.0.227",
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient", "GitHub <noreply@github.com>",
    "Person(id: 123456)", "record.id = 123456", "case SHA3_256: break", "#define NID_X25519 948",
    "urn:oid:2.16.840.1",
    "id: 'f2e6604d-017b-0ca3-751e-578dafa173c8'", "a member of 2024", "the patient has 12 of 14",
    "record 58 of 1000",
    "chart review 2024", "policy of 2019", "claim 12 of the patent", "unit 14 dispatched", "file 1 of 20",
    "line 212",
    "memberNotes: 12345678901 lines", "plates of food 12", "tag v1.2.3", "git tag 2024",
    "device: samsung SM-A546E",
    "model DDMB1D4", "order 66", "version id 4", "token = nextToken()", "let token: ASN1.ASN1OctetString",
    "member services", "auth header", "ref 4d5196385d00396543eac1b134675ba02079097e",
  ])
  func isNobodys(_ text: String) throws { #expect(try found(text) == []) }
}
