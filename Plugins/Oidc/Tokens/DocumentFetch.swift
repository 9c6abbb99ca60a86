package import HTTPSClient
internal import Synchronization

/// Gets a small document of a provider's. [blocking]
package struct DocumentFetch: Sendable {
  /// Bytes of a document.
  package static let maximumSize = 256 << 10

  package enum Failure: Error, Sendable {
    /// No answer: no connection, no trust in its certificate, too slow, or too much.
    case unreachable
    /// An answer with another status than 200; a redirect is one.
    case status(Int)
  }

  package let client: HTTPSClient
  /// Set: a fetch under way ends.
  package let isStopped: StopFlag

  /// - Parameter authorities: a PEM file to trust in place of the system's; nil: the system's.
  package init(authorities: String?, isStopped: StopFlag) {
    self.isStopped = isStopped
    client = HTTPSClient(
      authorities: authorities, maximumSize: Self.maximumSize, isStopped: { isStopped.isSet })
  }

  package func get(_ url: String) throws(Failure) -> [UInt8] {
    let answer: HTTPSClient.Answer
    do throws(HTTPSClient.Failure) { answer = try client.send(HTTPSClient.Request(.get, url)) } catch {
      throw .unreachable
    }
    guard answer.status == 200 else { throw .status(answer.status) }
    return answer.body
  }
}

/// Set once, from any thread.
package final class StopFlag: Sendable {
  private let flag = Atomic(false)
  package init() {}
  package var isSet: Bool { flag.load(ordering: .acquiring) }
  package func set() { flag.store(true, ordering: .releasing) }
}
