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
    "", "<a>", "<a></b>", "<a></a><b></b>", "<a/>x", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a>&x;</a>",
    "<a>&#0x;</a>", "<a><!-- x --></a>", "<a><![CDATA[x]]></a>", "<a b=c></a>", "<a b='<'></a>", "<a>&#xD800;</a>",
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

  private func failure(_ status: Int, _ code: String, _ headers: [(name: String, value: String)] = []) -> StoreFailure {
    StoreFailure(
      HTTPResponse(
        status: status, headers: headers,
        body: Array("<Error><Code>\(code)</Code><Region>eu-central-1</Region></Error>".utf8)), asked: "putting")
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
    let made = lines((5..<40).map { #"{"data":{"x":"\"sequence\":9"},"log":"l","sequence":\#($0),"v":1}"# }, first: 5)
    let body = try #require(made.body(compressed: compressed))
    let found = try RecordLines.read(body, isCompressed: compressed, first: 5).get()
    #expect(found.bytes == made.bytes && found.count == 35 && found.next == 40)
    // Every cut is noticed.
    for end in 0..<body.count {
      let cut = RecordLines.read(Array(body[..<end]), isCompressed: compressed, first: 5)
      let isLineEnd = !compressed && end > 0 && body[end - 1] == 0x0A
      #expect((try? cut.get()) == nil || isLineEnd, "cut at \(end)")
    }
    // The same lines, put again, are the same bytes.
    #expect(made.body(compressed: compressed) == body)
  }

  @Test func linesThatAreNoRecords() {
    func damage(_ text: String) -> RecordLines.Damage? {
      if case .failure(let damage) = RecordLines.read(Array(text.utf8), isCompressed: false, first: 7) {
        return damage
      }
      return nil
    }
    #expect(damage("{\"sequence\":7}\n{\"sequence\":9}\n") == .number(2, says: 9))
    #expect(damage("{\"sequence\":7}\n\n") == .line(2))
    #expect(damage("{\"sequence\":7}\n[]\n") == .line(2))
    #expect(damage("{\"sequence\":7}\n{\"a\"\t:1}\n") == .line(2))
    #expect(damage("{\"sequence\":7}\n{") == .line(2))
    #expect(damage("") == .empty)
    #expect(RecordLines.read([1, 2, 3], isCompressed: true, first: 0).isFailure(.unpacked))
  }
}

extension Result<RecordLines, RecordLines.Damage> {
  fileprivate func isFailure(_ expected: RecordLines.Damage) -> Bool {
    if case .failure(let damage) = self { damage == expected } else { false }
  }
}
