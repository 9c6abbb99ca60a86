import Testing

@testable import S3Filter

/// The examples that AWS publishes, with the key that it made up for them.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
@Suite struct S3SigningTests {
  private static let access = AccessKey(
    id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
  private static let time = "20130524T000000Z"
  private static let empty = Digests.hexadecimal(Digests.sha256([]))

  private func signature(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)] = [], payload: String = ""
  ) -> String {
    let digest = Digests.hexadecimal(Digests.sha256(Array(payload.utf8)))
    let common = [
      (name: "Host", value: "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", digest),
      ("x-amz-date", Self.time),
    ]
    let request = SignatureV4.Request(
      method: method, path: path, query: query, headers: headers + common, payloadDigest: digest)
    return SignatureV4(region: "us-east-1").authorization(request, access: Self.access, time: Self.time)
  }

  @Test func gettingARangeOfAnObject() {
    #expect(
      signature("GET", "/test.txt", headers: [("Range", "bytes=0-9")])
        == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
  }

  @Test func puttingAnObject() {
    let path = "/" + SignatureV4.encoded("test$file.text", keepingSlashes: true)
    #expect(path == "/test%24file.text")
    let value = signature(
      "PUT", path,
      headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
      payload: "Welcome to Amazon S3.")
    #expect(value.hasSuffix("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    #expect(value.contains("SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"))
  }

  @Test func aBucketsConfiguration() {
    #expect(
      signature("GET", "/", query: [("lifecycle", "")]).hasSuffix(
        "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
  }

  /// The query is signed in the order of its names, whatever the order it is given in.
  @Test(arguments: [
    [(name: "max-keys", value: "2"), ("prefix", "J")], [(name: "prefix", value: "J"), ("max-keys", "2")],
  ])
  func listingObjects(query: [(name: String, value: String)]) {
    #expect(
      signature("GET", "/", query: query).hasSuffix(
        "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
  }

  /// From the page on deriving a signing key, and the test suite that goes with it.
  @Test func keysAndOtherServices() {
    let iam = SignatureV4(region: "us-east-1", service: "iam")
    #expect(
      Digests.hexadecimal(
        iam.signingKey(secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", date: "20150830"))
        == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")
    let access = AccessKey(id: "AKIDEXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    let vanilla = SignatureV4.Request(
      method: "GET", path: "/",
      headers: [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")],
      payloadDigest: Self.empty)
    let service = SignatureV4(region: "us-east-1", service: "service")
    let vanillaValue = service.authorization(vanilla, access: access, time: "20150830T123600Z")
    #expect(vanillaValue.hasSuffix("=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"))
    var ordered = vanilla
    ordered.query = [("Param2", "value2"), ("Param1", "value1")]
    let orderedValue = service.authorization(ordered, access: access, time: "20150830T123600Z")
    #expect(orderedValue.hasSuffix("=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"))
  }

  @Test func encodingAndOrder() {
    #expect(SignatureV4.encoded("a b/ü~") == "a%20b%2F%C3%BC~")
    #expect(SignatureV4.queryText([("b", ""), ("a-b", "1"), ("a", "2"), ("a", "10")]) == "a=10&a=2&a-b=1&b=")
    let request = SignatureV4.Request(
      method: "GET", path: "/", headers: [("X-B", "  two   words "), ("Host", "h")], payloadDigest: "d")
    #expect(SignatureV4.canonical(request) == "GET\n/\n\nhost:h\nx-b:two words\n\nhost;x-b\nd")
  }

  @Test func digestsAndTimes() {
    #expect(Digests.base64(Array("any carnal pleas".utf8)) == "YW55IGNhcm5hbCBwbGVhcw==")
    #expect(Digests.md5([]).map(Digests.hexadecimal) == "d41d8cd98f00b204e9800998ecf8427e")
    #expect(WireTime.compact(1_369_353_600) == "20130524T000000Z")
    #expect(WireTime.extended(951_782_399) == "2000-02-28T23:59:59Z")
    #expect(WireTime.readHTTPDate("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
    #expect(WireTime.readExtended("2013-05-24T00:00:00Z") == 1_369_353_600)
    for day: Int64 in stride(from: 0, to: 60_000, by: 37) {
      let time = day * 86_400 + day
      #expect(WireTime.readExtended(WireTime.extended(time)) == time)
    }
    for bad in [
      "", "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
    ] { #expect(WireTime.readHTTPDate(bad) == nil) }
  }

  @Test func keysThatCantStandInAHeaderAreRefused() {
    #expect(AccessKey(id: "a", secret: "b").isWellFormed)
    for key in [
      AccessKey(id: "a\r\nx: y", secret: "b"), AccessKey(id: "a", secret: ""),
      AccessKey(id: "a", secret: "b", token: "ü"),
    ] { #expect(!key.isWellFormed) }
  }
}
