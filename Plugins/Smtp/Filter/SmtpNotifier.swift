public import FilterKit
public import JSONTree
internal import Notifying

/// Tells people by e-mail. A mail proves nothing about who answers it, so nobody decides by one.
public final class SmtpNotifier: NotifyFilter {
  public static let name: StaticString = "smtp"
  public static let summary: StaticString = "tells people by e-mail, over TLS"
  public static let schema: StaticString = """
    {
      "type": "object",
      "required": ["server", "from", "to"],
      "properties": {
        "server": {
          "type": "string", "pattern": "^smtps?://[A-Za-z0-9.:-]{1,255}$",
          "description": "smtps://HOST:465 (TLS at once) or smtp://HOST:587 (STARTTLS, without which nothing is sent)"
        },
        "user": { "type": "string", "minLength": 1, "maxLength": 256 },
        "password": {
          "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
          "description": "where the user's password is"
        },
        "from": { "type": "string", "minLength": 3, "maxLength": 254 },
        "to": {
          "type": "array", "minItems": 1, "maxItems": 50,
          "items": { "type": "string", "minLength": 3, "maxLength": 254 }
        },
        "link": {
          "type": "string", "maxLength": 2048,
          "description": "where the request is to be read; {approval} stands for the approval's id"
        },
        "ca": { "type": "string", "description": "a PEM file to trust in place of the system's" }
      }
    }
    """

  private let server: String
  private let user: String?
  private let password: SecretReference?
  private let from: String
  private let to: [String]
  private let authorities: String?
  private let link: String?

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    server = configuration["server"]?.string ?? ""
    user = configuration["user"]?.string
    password = try SecretReference("password", in: configuration)
    from = configuration["from"]?.string ?? ""
    to = configuration["to"]?.strings ?? []
    authorities = configuration["ca"]?.string
    link = try Link.read(configuration)
    guard (user == nil) == (password == nil) else {
      throw .configuration("A user and a password go together.", at: user == nil ? "/password" : "/user")
    }
    guard MailMessage.isAddress(from) else {
      throw .configuration("This is no e-mail address.", at: "/from")
    }
    for (index, address) in to.enumerated() where !MailMessage.isAddress(address) {
      throw .configuration("This is no e-mail address.", at: "/to/\(index)")
    }
  }

  public func send(_ notification: Notification) throws(FilterError) -> Delivery {
    let notice = try Notice(notification, link: link)
    let message = MailMessage(notice, from: from, to: to, thread: notification.reference, now: Clock.now())
    try Mailer(
      server: server, user: user, password: try password?.read(), authorities: authorities
    ).send(message.bytes, from: from, to: to)
    return .delivered(reference: notice.event == .asked ? message.id : nil)
  }
}
