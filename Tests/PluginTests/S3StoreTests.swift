import FilterKit
import HTTPSClient
import JSONTree
import Testing

@testable import S3Filter

@Suite struct S3StoreTests {
  // MARK: XML

  @Test func xmlOfAList() throws {
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>
        <Contents><Key>a&amp;b&#x41;&#66;</Key><Size>1</Size></Contents><Contents><Key>c</Key></Contents><Empty/>
      </ListBucketResult>
      """
    let root = try #require(XMLElement.read(Array(text.utf8)))
    #expect(root.name == "ListBucketResult" && root["IsTruncated"]?.text == "false")
    #expect(root.all("Contents").compactMap { $0["Key"]?.text } == ["a&bAB", "c"])
  }

  @Test(arguments: [
    "", "<a>", "<a></b>", "<a></a><b></b>", "<a/>x", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
    "<a>&x;</a>",
    "<a>&#0x;</a>", "<a><!-- x --></a>", "<a><![CDATA[x]]></a>", "<a b=c></a>", "<a b='<'></a>",
    "<a>&#xD800;</a>",
    "<html><body>Bad Gateway</html>", "<a><?x y?></a>", "<a>&#+65;</a>",
  ])
  func xmlThatIsRefused(text: String) {
    #expect(XMLElement.read(Array(text.utf8)) == nil)
  }

  @Test func xmlHasLimits() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)).utf8)
    }
    #expect(XMLElement.read(nested(8)) != nil && XMLElement.read(nested(9)) == nil)
    #expect(XMLElement.read(Array("<a>\(String(repeating: "<b/>", count: 50_000))</a>".utf8)) == nil)
    // Every cut of a good answer is no answer.
    let whole = Array("<Error><Code>SlowDown</Code><M a='b'>&lt;</M></Error>".utf8)
    for end in 0..<whole.count { #expect(XMLElement.read(Array(whole[..<end])) == nil) }
  }

  // MARK: Failures

  private func failure(_ status: Int, _ code: String, _ headers: [(name: String, value: String)] = [])
    -> StoreFailure
  {
    StoreFailure(
      HTTPSClient.Answer(
        status: status, fields: headers,
        body: Array("<Error><Code>\(code)</Code><Region>eu-central-1</Region></Error>".utf8)),
      asked: "putting")
  }

  @Test(arguments: [
    (503, "SlowDown", StoreFailure.Kind.unavailable), (500, "InternalError", .unavailable),
    (403, "SignatureDoesNotMatch", .denied), (403, "AccessDenied", .denied), (400, "ExpiredToken", .expired),
    (403, "RequestTimeTooSkewed", .wrongTime), (404, "NoSuchBucket", .noBucket), (404, "NoSuchKey", .missing),
    (412, "PreconditionFailed", .exists), (409, "ConditionalRequestConflict", .conflict),
    (501, "NotImplemented", .unsupported), (301, "PermanentRedirect", .wrongRegion),
    (400, "AuthorizationHeaderMalformed", .wrongRegion), (400, "InvalidRequest", .refused),
    (307, "", .wrongRegion), (429, "", .unavailable), (502, "", .unavailable),
  ])
  func answersAreUnderstood(status: Int, code: String, kind: StoreFailure.Kind) {
    #expect(failure(status, code).kind == kind)
  }

  @Test func whatTheStoreSaysIsShownOnlyWhereItIsAWord() {
    let bad = failure(403, "Access key is wJalrXUtnFEMI")
    #expect(bad.code.isEmpty && !bad.message.contains("wJalr"))
    #expect(failure(301, "PermanentRedirect").message.contains("region: eu-central-1"))
  }

  @Test func retryAfterIsBounded() {
    #expect(failure(503, "SlowDown", [("retry-after", "7")]).retryAfter == 7000)
    #expect(failure(503, "SlowDown", [("retry-after", "99999999999")]).retryAfter == 3_600_000)
    #expect(failure(503, "SlowDown", [("retry-after", "-5")]).retryAfter == 0)
    #expect(failure(503, "SlowDown", [("retry-after", "soon")]).retryAfter == nil)
  }

  // MARK: Names

  @Test func namesOfObjects() throws {
    let names = try ObjectNames(prefix: "p/q", log: "a/../b", compresses: true)
    #expect(names.batch(first: 1234) == "p/q/a=2F..=2Fb/records/00000000000000001234.jsonl.gz")
    #expect(names.first(of: names.batch(first: .max)) == .max)
    #expect(names.generation(of: names.writer(3)) == 3)
    for key in [
      "p/q/a/records/00000000000000001234.jsonl.gz", names.records, names.records + "1234.jsonl.gz",
      names.records + "00000000000000001234.jsonl.gz.bak", names.records + "99999999999999999999.jsonl",
      names.records + "0000000000000000123x.jsonl",
    ] { #expect(names.first(of: key) == nil) }
    #expect(try ObjectNames(prefix: "", log: "..", compresses: false).description == "=2E./log.json")
    #expect(throws: (any Error).self) { try ObjectNames(prefix: "", log: "", compresses: true) }
  }

  // MARK: Lines

  private func lines(_ texts: [String], first: UInt64 = 0) -> RecordLines {
    var lines = RecordLines(first: first)
    for text in texts {
      let bytes = Array(text.utf8)
      lines.append(bytes.span)
    }
    return lines
  }

  @Test(arguments: [true, false])
  func linesComeBack(compressed: Bool) throws {
    let made = lines(
      (5..<40).map { #"{"data":{"x":"\"sequence\":9"},"log":"l","sequence":\#($0),"v":1}"# }, first: 5)
    let body = try #require(made.body(compressed: compressed))
    let found = try RecordLines.read(body, isCompressed: compressed, first: 5).get()
    #expect(found.bytes == made.bytes && found.count == 35 && found.next == 40)
    // Every cut is noticed.
    for end in 0..<body.count {
      let cut = RecordLines.read(Array(body[..<end]), isCompressed: compressed, first: 5)
      #expect((try? cut.get()) == nil, "cut at \(end)")
    }
    // The same lines, put again, are the same bytes.
    #expect(made.body(compressed: compressed) == body)
  }

  /// An object with these lines, and the leaves of `put`.
  private func damage(_ found: String, put: [String]) -> RecordLines.Damage? {
    let whole = lines(put, first: 7).body(compressed: false) ?? []
    let trailer = whole.dropLast().split(separator: 0x0A).last ?? []
    let body = Array(found.utf8) + trailer + [0x0A]
    if case .failure(let damage) = RecordLines.read(body, isCompressed: false, first: 7) { return damage }
    return nil
  }

  @Test func whatWasDoneToAnObjectIsNamed() {
    let put = ["{\"a\":1,\"sequence\":7}", "{\"a\":2,\"sequence\":8}"]
    #expect(damage(put.joined(separator: "\n") + "\n", put: put) == nil)
    #expect(damage("{\"a\":1,\"sequence\":7}\n{\"a\":3,\"sequence\":8}\n", put: put) == .leaf(2))
    #expect(damage("{\"a\":2,\"sequence\":8}\n", put: put) == .number(1, says: 8))
    #expect(damage(put[0] + "\n", put: put) == .end)
    #expect(damage(put[0] + "\n[]\n", put: put) == .line(2))
    #expect(damage(put[0] + "\n{\"a\"\t:1}\n", put: put) == .line(2))
    #expect(damage(put[0] + "\n\n" + put[1] + "\n", put: put) == .line(2))
    let unpacked = RecordLines.read([1, 2, 3], isCompressed: true, first: 0)
    if case .failure(let damage) = unpacked {
      #expect(damage == .packing)
    } else {
      Issue.record("it was read")
    }
    let (salvaged, isWhole) = RecordLines.salvage(
      Array("{\"a\":1}\n{\"b".utf8), isCompressed: false, first: 3)
    #expect(isWhole && salvaged.count == 2 && salvaged.next == 5)
  }

  @Test func leavesAreThoseOfTheLog() {
    // RFC 6962, 2.1: the leaf of an empty record is SHA-256(0x00).
    var leaf: [UInt8] = []
    let empty: [UInt8] = []
    Digests.appendLeaf(of: empty.span, to: &leaf)
    #expect(Digests.hexadecimal(leaf) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
    for text in ["", "f", "fo", "foo", "foob"] {
      let bytes = Array(text.utf8)
      #expect(Digests.fromBase64(Array(Digests.base64(bytes).utf8)[...]) == bytes)
    }
    #expect(
      Digests.fromBase64(Array("Zg=".utf8)[...]) == nil && Digests.fromBase64(Array("Z?==".utf8)[...]) == nil)
  }

  @Test func aRemovedRecordIsKnownByItsLeaf() {
    func isKnown(_ text: String) -> Bool {
      let bytes = Array(text.utf8)
      return isWhatIsLeft(bytes.span, ofLeaf: [0xAB, 0x01])
    }
    #expect(isKnown(#"{"data":{"bytes":9,"leaf":"ab01"},"log":"l","sequence":3,"type":"removed","v":1}"#))
    #expect(!isKnown(#"{"data":{"bytes":9,"leaf":"ab02"},"log":"l","sequence":3,"type":"removed","v":1}"#))
    #expect(!isKnown(#"{"data":{"bytes":9,"leaf":"ab01"},"log":"l","sequence":3,"type":"request","v":1}"#))
    #expect(!isKnown("{"))
  }

  @Test func placesOfAReader() throws {
    let environment = ["AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "https://store"]
    let json = try Place.configuration("s3://evidence/a/b?credentials=profile%3Ax") { environment[$0] }
    #expect(json["bucket"]?.string == "evidence" && json["prefix"]?.string == "a/b")
    #expect(json["region"]?.string == "eu-west-1" && json["endpoint"]?.string == "https://store")
    #expect(json["credentials"]?.string == "profile:x")
    for bad in [
      "s3:/evidence", "s3://id:secret@evidence", "s3://evidence?secret=x", "s3://evidence?region=a&region=b",
      "s3://evidence/%zz", "s3://evidence?compress=false",
    ] { #expect(throws: FilterError.self) { try Place.configuration(bad) { _ in nil } } }
  }

  @Test func checkpointsAreNamedBySizeAndDigest() throws {
    let names = try ObjectNames(prefix: "", log: "l", compresses: true)
    let note = Array("sluice/l\n1300\nroot\n\n\u{2014} sig\n".utf8)
    #expect(checkpointSize(note) == 1300)
    let key = names.checkpoint(note, size: 1300)
    #expect(key.hasPrefix("l/checkpoints/00000000000000001300-") && names.size(of: key) == 1300)
    #expect(names.size(of: names.checkpoints + "1300.txt") == nil)
    for bad in ["", "a", "a\nb\nc", "a\n-1\nc", "a\n99999999999999999999\nc"] {
      #expect(checkpointSize(Array(bad.utf8)) == nil)
    }
    #expect(ObjectNames.log(folder: "a=2F..=2Fb") == "a/../b" && ObjectNames.log(folder: "=zz") == nil)
  }
}
