internal import FilterKit
internal import JSONTree

/// Where the sink's keys come from, as the configuration says it.
enum CredentialSource: Sendable, Equatable {
  /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary keys, `AWS_SESSION_TOKEN`.
  case environment
  /// A profile of the file in `AWS_SHARED_CREDENTIALS_FILE`, or of `~/.aws/credentials`.
  case profile(String)
  /// The role of the machine, from its metadata service (IMDSv2).
  case instanceRole
  /// An access key's id, and where its secret is.
  case key(id: String, secret: Secret)

  enum Secret: Sendable, Equatable {
    case environment(String)
    case file(String)
  }

  init(_ json: JSONValue) throws(FilterError) {
    let word = json["credentials"]?.string
    let id = json["access-key-id"]?.string
    let secret = json["secret-access-key"]?.string
    switch (word, id, secret) {
    case (nil, let id?, let secret?): self = .key(id: id, secret: try Self.secret(secret))
    case (nil, nil, nil), ("environment"?, nil, nil): self = .environment
    case ("instance-role"?, nil, nil): self = .instanceRole
    case (let word?, nil, nil):
      let name = String(word.dropFirst("profile:".count))
      guard word.hasPrefix("profile:"), !name.isEmpty else {
        throw .configuration("Say environment, profile:NAME or instance-role.", at: "/credentials")
      }
      self = .profile(name)
    case (nil, nil, _):
      throw .configuration("This secret lacks its `access-key-id`.", at: "/secret-access-key")
    case (nil, _, nil): throw .configuration("This id lacks its `secret-access-key`.", at: "/access-key-id")
    default: throw .configuration("Say `credentials`, or a key of your own, not both.", at: "/credentials")
    }
  }

  private static func secret(_ text: String) throws(FilterError) -> Secret {
    if text.hasPrefix("env:") { return .environment(String(text.dropFirst(4))) }
    if text.hasPrefix("file:") { return .file(String(text.dropFirst(5))) }
    throw .configuration(
      "Say where the secret is, env:NAME or file:PATH; never the secret itself.", at: "/secret-access-key")
  }
}
