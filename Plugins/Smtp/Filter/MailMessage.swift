internal import Glibc
internal import Notifying

/// A notice as a mail (RFC 5322), plain text in UTF-8 (RFC 2045, 6.8: base64).
struct MailMessage {
  /// Without angle brackets.
  let id: String
  let bytes: [UInt8]

  /// Letters of a line of base64.
  private static let lineLength = 76

  /// - Parameter thread: the id of the mail that this one belongs to; empty: none.
  init(_ notice: Notice, from: String, to: [String], thread: String, now: Int64) {
    let domain = from.split(separator: "@").last.map(String.init) ?? "sluice.invalid"
    id = "\(notice.id)@\(domain)"
    var lines = [
      "Date: \(Self.date(now))", "From: Sluice <\(from)>",
      "To: " + to.map { "<\($0)>" }.joined(separator: ",\r\n "), "Message-ID: <\(id)>",
      "Subject: \(Self.word("Sluice: " + notice.headline))", "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
      // RFC 3834: no out-of-office answers to a machine.
      "Auto-Submitted: auto-generated",
    ]
    if !thread.isEmpty, Self.isAddress(thread) {
      lines += ["In-Reply-To: <\(thread)>", "References: <\(thread)>"]
    }
    let encoded = Array(Codes.base64(Array((notice.text.replacing("\n", with: "\r\n") + "\r\n").utf8)).utf8)
    var body: [UInt8] = []
    for start in stride(from: 0, to: encoded.count, by: Self.lineLength) {
      body += encoded[start..<min(start + Self.lineLength, encoded.count)] + [0x0D, 0x0A]
    }
    bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }

  /// Whether it may stand between angle brackets: no blank, no quote, nothing that ends a line.
  static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
      && text.utf8.allSatisfy { byte in
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
          && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\\")
      }
  }

  /// Encoded words (RFC 2047), so short that the field's name fits into the first line of 78, too.
  private static func word(_ text: String) -> String {
    var words: [[UInt8]] = [[]]
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if words[words.count - 1].count + bytes.count > 39 { words.append([]) }
      words[words.count - 1] += bytes
    }
    return words.map { "=?utf-8?B?\(Codes.base64($0))?=" }.joined(separator: "\r\n ")
  }

  private static func date(_ seconds: Int64) -> String {
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    var parts = unsafe tm()
    var time = time_t(seconds)
    unsafe gmtime_r(&time, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let day = unsafe "\(days[Int(parts.tm_wday)]), \(parts.tm_mday) \(months[Int(parts.tm_mon)])"
    let clock = unsafe "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    return unsafe "\(day) \(parts.tm_year + 1900) \(clock) +0000"
  }
}
