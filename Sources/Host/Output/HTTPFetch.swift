internal import Foundation
internal import FoundationNetworking

/// One GET, as commands need it.
enum HTTPFetch {
  /// As much as is read of an answer.
  private static let longest = 16 << 20

  /// The body of an answer with status 200, as text. [blocking]
  static func text(at address: String, within seconds: Double = 5) throws -> String {
    guard let url = URL(string: address) else {
      throw CommandFailure(message: "\(address) is no address", code: 2)
    }
    let outcome = Outcome()
    let request = URLRequest(
      url: url, cachePolicy: .reloadIgnoringLocalAndRemoteCacheData, timeoutInterval: seconds)
    URLSession.shared.dataTask(with: request) { data, response, error in
      outcome.set(data, (response as? HTTPURLResponse)?.statusCode ?? 0, error)
    }.resume()
    let (data, status, error) = outcome.wait()
    if let error {
      throw CommandFailure(
        message: "\(address) can't be asked: \(error.localizedDescription). Is a gateway running there?",
        code: 2)
    }
    guard status == 200, data.count <= longest else {
      throw CommandFailure(message: "\(address) answers \(status); is that a gateway of Sluice?", code: 2)
    }
    return String(decoding: data, as: UTF8.self)
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
