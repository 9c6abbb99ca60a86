import FilterHarness
import FilterKit
import Glibc
import JSONTree
import Testing

@testable import S3Filter

@Suite struct S3OptionsTests {
  private func options(_ json: String) throws -> S3Options {
    try S3Options(JSONReader.read(Array(json.utf8)))
  }

  @Test func defaultsAreAmazon() throws {
    let options = try options(#"{"bucket":"evidence"}"#)
    #expect(
      options.endpoint.host == "evidence.s3.us-east-1.amazonaws.com" && options.endpoint.scheme == "https")
    #expect(options.endpoint.path(key: "a/b c") == "/a/b%20c" && options.endpoint.path(key: nil) == "/")
    #expect(options.level == .replicated && options.credentials == .environment && options.compresses)
    let china = try self.options(#"{"bucket":"my.evidence","region":"cn-north-1"}"#)
    #expect(china.endpoint.host == "s3.cn-north-1.amazonaws.com.cn")
    #expect(china.endpoint.path(key: "k") == "/my.evidence/k")
  }

  @Test func stores() throws {
    let own = try options(#"{"bucket":"evidence","endpoint":"https://Store.example:443/"}"#)
    #expect(own.endpoint.host == "store.example" && own.endpoint.path(key: nil) == "/evidence")
    #expect(own.level == .stable)
    let other = try options(
      #"{"bucket":"evidence","endpoint":"http://[::1]:9000","addressing":"virtual-host","durability":"replicated"}"#
    )
    #expect(other.endpoint.host == "evidence.[::1]:9000" && other.level == .replicated)
    #expect(try options(#"{"bucket":"evidence","storage-class":"ONEZONE_IA"}"#).level == .stable)
  }

  @Test(arguments: [
    (#"{"bucket":"Evidence"}"#, "/bucket"), (#"{"bucket":"10.0.0.1"}"#, "/bucket"),
    (#"{"bucket":"a..b"}"#, "/bucket"),
    (#"{"bucket":"-ab"}"#, "/bucket"), (#"{"bucket":"evidence","prefix":"a//b"}"#, "/prefix"),
    (#"{"bucket":"evidence","prefix":"a/../b"}"#, "/prefix"),
    (#"{"bucket":"evidence","prefix":"a b"}"#, "/prefix"),
    (#"{"bucket":"evidence","endpoint":"http://store.example"}"#, "/endpoint"),
    (#"{"bucket":"evidence","endpoint":"http://127.0.0.1.example"}"#, "/endpoint"),
    (#"{"bucket":"evidence","endpoint":"ftp://store"}"#, "/endpoint"),
    (#"{"bucket":"evidence","endpoint":"https://store/path"}"#, "/endpoint"),
    (#"{"bucket":"evidence","endpoint":"https://user@store"}"#, "/endpoint"),
    (#"{"bucket":"evidence","endpoint":"https://store:0"}"#, "/endpoint"),
    (#"{"bucket":"my.evidence","endpoint":"https://store","addressing":"virtual-host"}"#, "/addressing"),
    (#"{"bucket":"evidence","batch":{"size":"1KiB"}}"#, "/batch/size"),
    (#"{"bucket":"evidence","batch":{"age":"2m"}}"#, "/batch/age"),
    (#"{"bucket":"evidence","timeout":"6m"}"#, "/timeout"),
    (#"{"bucket":"evidence","access-key-id":"a"}"#, "/access-key-id"),
    (#"{"bucket":"evidence","secret-access-key":"env:A"}"#, "/secret-access-key"),
    (#"{"bucket":"evidence","access-key-id":"a","secret-access-key":"wJalr"}"#, "/secret-access-key"),
    (
      #"{"bucket":"evidence","credentials":"environment","access-key-id":"a","secret-access-key":"env:A"}"#,
      "/credentials"
    ),
    (#"{"bucket":"evidence","encryption":{"type":"AES256","key":"k"}}"#, "/encryption/key"),
    (#"{"bucket":"evidence","object-lock":{}}"#, "/object-lock"),
    (#"{"bucket":"evidence","object-lock":{"mode":"compliance"}}"#, "/object-lock"),
    (#"{"bucket":"evidence","storage-class":"ONEZONE_IA","durability":"replicated"}"#, "/durability"),
  ])
  func mistakesAreNamedByTheirPlace(configuration: String, pointer: String) {
    let failure = #expect(throws: FilterFailure.self) {
      try Instance<SinkStage>(
        Plugin(id: "org.sluice.s3", version: "0.1.0").sink(S3Sink.self), configuration,
        host: TestHost(services: []))
    }
    #expect(failure?.pointer == pointer)
    #expect(failure?.message.contains("wJalr") == false)
  }

  @Test func headersOfAPut() throws {
    let options = try options(
      #"{"bucket":"evidence","encryption":{"type":"aws:kms","key":"arn:aws:kms:us-east-1:1:key/k"},"storage-class":"STANDARD_IA","object-lock":{"mode":"compliance","days":2192,"legal-hold":true}}"#
    )
    let headers = try options.storage.headers(for: [], now: 1_369_353_600)
    #expect(
      headers.map { "\($0.name): \($0.value)" } == [
        "x-amz-sdk-checksum-algorithm: SHA256",
        "x-amz-checksum-sha256: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "x-amz-server-side-encryption: aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id: arn:aws:kms:us-east-1:1:key/k",
        "x-amz-storage-class: STANDARD_IA", "x-amz-object-lock-mode: COMPLIANCE",
        "x-amz-object-lock-retain-until-date: 2019-05-25T00:00:00Z", "x-amz-object-lock-legal-hold: ON",
      ])
    let md5 = try self.options(#"{"bucket":"evidence","checksum":"md5","encryption":{"type":"AES256"}}"#)
    #expect(try md5.storage.headers(for: [], now: 0).map(\.value) == ["1B2M2Y8AsgTpgAmY7PhCfg==", "AES256"])
  }

  // MARK: Keys

  private func store(_ source: CredentialSource, _ variables: [String: String]) -> CredentialStore {
    CredentialStore(source) { variables[$0] }
  }

  @Test func keysOfTheEnvironment() throws {
    let all = ["AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"]
    let key = try store(.environment, all).key(now: 0)
    #expect(key.id == "id" && key.secret == "secret" && key.token == "token")
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
      var some = all
      some[name] = nil
      let failure = #expect(throws: StoreFailure.self) { try store(.environment, some).key(now: 0) }
      #expect(failure?.kind == .noCredentials && failure?.message.contains(name) == true)
    }
  }

  @Test func keysOfAProfile() throws {
    let text = """
      # comment
      [default]
      aws_access_key_id = one
      aws_secret_access_key = first
      [ backup]
      aws_access_key_id = wrong
      [backup]
      region=eu
      aws_access_key_id=two
        aws_secret_access_key   =   a=b
      aws_session_token = t
      """
    let key = try #require(CredentialStore.profile("backup", in: text))
    #expect(key.id == "two" && key.secret == "a=b" && key.token == "t")
    #expect(CredentialStore.profile("other", in: text) == nil)
  }

  @Test func aFileThatOthersMayWriteToIsRefused() throws {
    var template = Array("/tmp/sluice-s3-XXXXXX".utf8CString)
    let file = unsafe mkstemp(&template)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      unsafe unlink(path)
      close(file)
    }
    #expect(unsafe write(file, " secret \n", 9) == 9)
    let source = CredentialSource.key(id: "id", secret: .file(path))
    #expect(try store(source, [:]).key(now: 0).secret == "secret")
    fchmod(file, 0o662)
    #expect(throws: StoreFailure.self) { try store(source, [:]).key(now: 0) }
  }
}
