internal import Foundation
internal import FoundationNetworking
internal import JSONTree

/// Sends one chat completion to a gateway and reads the stream that comes back.
enum DemoClient {
  /// - Returns: the raw answer, and the text of its deltas.
  static func stream(prompt: String, base: String, key: String) throws -> (raw: String, text: String) {
    guard let url = URL(string: base + "/v1/chat/completions") else {
      throw CommandFailure(message: "\(base) is no address", code: 2)
    }
    var request = URLRequest(url: url, timeoutInterval: 30)
    request.httpMethod = "POST"
    request.setValue("Bearer \(key)", forHTTPHeaderField: "authorization")
    request.setValue("application/json", forHTTPHeaderField: "content-type")
    request.httpBody = Data(body(prompt: prompt))
    let outcome = Outcome()
    URLSession.shared.dataTask(with: request) { data, response, error in
      outcome.set(data, (response as? HTTPURLResponse)?.statusCode ?? 0, error)
    }.resume()
    let (data, status, error) = outcome.wait()
    guard error == nil, status == 200 else {
      throw CommandFailure(
        message:
          "the sample was answered with \(status) (\(error.map { "\($0)" } ?? "no error")): \(String(decoding: data, as: UTF8.self).prefix(400))",
        code: 1)
    }
    let raw = String(decoding: data, as: UTF8.self)
    let text = raw.split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("data: {"), let event = try? JSONReader.read(Array(line.dropFirst(6).utf8)) else {
        return nil
      }
      return event["choices"]?.array?.first?["delta"]?["content"]?.string
    }.joined()
    return (raw, text)
  }

  static func body(prompt: String) -> [UInt8] {
    JSONValue.fields([
      "messages": .array([.fields(["content": .string(prompt), "role": .string("user")])]),
      "model": .string("stand-in"), "stream": .bool(true),
    ]).canonical
  }

  /// Hands an answer from the session's thread to the one that waits.
  private final class Outcome: @unchecked Sendable {  // written once before the semaphore, read once after it
    private let done = DispatchSemaphore(value: 0)
    private var value: (Data, Int, (any Error)?) = (Data(), 0, nil)

    func set(_ data: Data?, _ status: Int, _ error: (any Error)?) {
      value = (data ?? Data(), status, error)
      done.signal()
    }

    func wait() -> (Data, Int, (any Error)?) {
      done.wait()
      return value
    }
  }
}
