internal import HTTPSClient
internal import JSONTree

/// The temporary keys of the machine's role, from its metadata service, version 2 (IMDSv2): a session token first, so
/// that a request that was smuggled in gets nothing.
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html
final class InstanceRole {
  private static let limit = 16 << 10
  private static let path = "/latest/meta-data/iam/security-credentials/"

  private let endpoint: String
  private let client: HTTPSConnection

  /// - Parameter endpoint: another address, as AWS's own programs take it from AWS_EC2_METADATA_SERVICE_ENDPOINT.
  init(endpoint: String?) throws(StoreFailure) {
    var address = endpoint ?? "http://169.254.169.254"
    while address.last == "/" { address.removeLast() }
    guard address.hasPrefix("http://"), address.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      let client = HTTPSConnection(
        HTTPSClient(maximumSize: Self.limit, patience: .whileItGoesOn(connect: 2000, silence: 2000)))
    else {
      throw StoreFailure(.noCredentials, "AWS_EC2_METADATA_SERVICE_ENDPOINT is no http:// address.")
    }
    self.endpoint = address
    self.client = client
  }

  func key() throws(StoreFailure) -> AccessKey {
    let token = try ask(
      .put, "/latest/api/token", headers: [("x-aws-ec2-metadata-token-ttl-seconds", "300")])
    guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !token.isEmpty else { throw Self.strange }
    let header = [(name: "x-aws-ec2-metadata-token", value: token)]
    let name = try ask(.get, Self.path, headers: header).split(whereSeparator: \.isNewline).first.map(
      String.init)
    guard let name, name.utf8.count <= 128 else {
      throw StoreFailure(.noCredentials, "This machine has no role: attach an instance profile.")
    }
    let text = try ask(.get, Self.path + SignatureV4.encoded(name), headers: header)
    guard let json = try? JSONReader.read(Array(text.utf8)), json["Code"]?.string ?? "Success" == "Success",
      let id = json["AccessKeyId"]?.string, let secret = json["SecretAccessKey"]?.string,
      let session = json["Token"]?.string,
      let expires = json["Expiration"]?.string.flatMap(WireTime.readExtended)
    else { throw Self.strange }
    return AccessKey(id: id, secret: secret, token: session, expires: expires)
  }

  private func ask(
    _ method: HTTPSClient.Request.Method, _ path: String, headers: [(name: String, value: String)]
  ) throws(StoreFailure) -> String {
    let response: HTTPSClient.Answer
    do throws(HTTPSClient.Failure) {
      response = try client.send(
        HTTPSClient.Request(method, endpoint + path, fields: headers, reach: .machine))
    } catch {
      throw StoreFailure(
        .noCredentials,
        "The machine's metadata service does not answer (\(error.rawValue)): is this an instance with a role?"
      )
    }
    guard response.status == 200 else {
      throw StoreFailure(
        .noCredentials,
        "The machine's metadata service answers with status \(response.status) instead of its role's key.")
    }
    return String(decoding: response.body, as: UTF8.self)
  }

  private static let strange = StoreFailure(
    .noCredentials, "The machine's metadata service answers with what is no key.")
}
