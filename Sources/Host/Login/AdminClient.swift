internal import Foundation
internal import HTTPSClient
internal import JSONTree

/// A gateway's admin API, for people who have a key and no access to its data directory. [blocking]
struct AdminClient {
  private let gateway: GatewayClient
  private let key: String

  /// - Parameters:
  ///   - address: the admin API's, as https://gateway.example.org:9443.
  ///   - authorities: a PEM file to trust in place of the system's; nil: as at the last log-in.
  init(_ address: String, authorities: String?) throws {
    let login = try LoginFile.read()
    let given = ProcessInfo.processInfo.environment["SLUICE_KEY"].flatMap { $0.isEmpty ? nil : $0 }
    let known = login.flatMap { $0.authorities.isEmpty ? nil : $0.authorities }
    gateway = try GatewayClient(
      address, authorities: authorities.map { URL(fileURLWithPath: $0).path } ?? known)
    if let given {
      key = given
      return
    }
    guard let login, login.expires > secondsNow() else {
      throw CommandFailure(
        message: "there is no key: log in with `sluice login GATEWAY`, or set SLUICE_KEY", code: 1)
    }
    // A key goes to the host that has given it, and to no other that a chat message or a script may name.
    guard Self.host(gateway.base) == Self.host(login.gateway) else {
      throw CommandFailure(
        message:
          "the key of `sluice login` is for \(login.gateway); for another host log in there, or set SLUICE_KEY",
        code: 1)
    }
    key = login.key
  }

  func get(_ path: String) throws -> JSONValue { try checked(gateway.get("/api/v1" + path, key: key)) }

  func post(_ path: String, _ body: JSONValue) throws -> JSONValue {
    try checked(gateway.post("/api/v1" + path, body, key: key))
  }

  /// Follows the gateway's events until the connection ends.
  /// - Parameter take: gets each event.
  func follow(after lastID: String?, _ take: @escaping (EventText.Event) -> Void) throws {
    var (text, problem) = (EventText(), [UInt8]())
    let status = try gateway.follow("/api/v1/events", key: key, lastID: lastID) { status, bytes in
      guard status == 200 else {
        problem += bytes
        return problem.count < 64 << 10
      }
      for event in text.take(bytes) { take(event) }
      return !text.isTooLong
    }
    guard status != 200 else { return }
    throw Self.failure(status, (try? JSONReader.read(problem)) ?? .null)
  }

  private func checked(_ answer: GatewayClient.Answer) throws -> JSONValue {
    guard (200..<300).contains(answer.status) else { throw Self.failure(answer.status, answer.body) }
    return answer.body
  }

  private static func failure(_ status: Int, _ body: JSONValue) -> CommandFailure {
    let text = body["detail"]?.string ?? "the admin API answers \(status); is this its address (--admin)?"
    return CommandFailure(message: Terminal.plain(text), code: status >= 500 || status == 429 ? 2 : 1)
  }

  private static func host(_ url: String) -> String? { URL(string: url)?.host?.lowercased() }
}

/// Server-sent events, as they come in pieces (WHATWG HTML, 9.2.6).
struct EventText {
  struct Event {
    let name: String
    let id: String?
    let data: [UInt8]
  }

  /// Bytes of one event.
  private static let most = 1 << 20

  private var rest: [UInt8] = []
  private(set) var isTooLong = false

  mutating func take(_ bytes: [UInt8]) -> [Event] {
    rest += bytes
    var events: [Event] = []
    while let end = rest.firstRange(of: Array("\n\n".utf8)) {
      if let event = Self.event(rest[..<end.lowerBound]) { events.append(event) }
      rest.removeSubrange(..<end.upperBound)
    }
    isTooLong = rest.count > Self.most
    return events
  }

  private static func event(_ text: ArraySlice<UInt8>) -> Event? {
    var (name, id, data): (String?, String?, [UInt8]) = (nil, nil, [])
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else { continue }
      let value = parts[1].first == UInt8(ascii: " ") ? parts[1].dropFirst() : parts[1]
      switch String(decoding: parts[0], as: UTF8.self) {
      case "event": name = String(decoding: value, as: UTF8.self)
      case "id": id = String(decoding: value, as: UTF8.self)
      case "data": data += value
      default: break
      }
    }
    return name.map { Event(name: $0, id: id, data: data) }
  }
}
