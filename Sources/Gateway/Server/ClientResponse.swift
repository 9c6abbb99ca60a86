internal import NIOCore
internal import NIOHTTP1

/// How an exchange answers its client. Only ever used on the connection's event loop.
protocol ClientResponse: AnyObject {
  /// Whether more can be written without piling up.
  var isWritable: Bool { get }
  /// Whether the connection is kept for another request.
  var isConnectionKept: Bool { get }

  /// It is known who asks: the request's body may come.
  func proceed()

  /// The connection ends after this response: what else comes on it is not to be trusted.
  func doNotKeep()

  /// Sends the head; nothing leaves before ``flush()`` or ``sendEnd()``.
  func sendHead(_ head: HTTPResponseHead, isWhole: Bool)
  func sendBody(_ bytes: ByteBuffer)
  func flush()
  /// Ends the response and sends all of it.
  func sendEnd()
  /// Cuts the connection, so that the client sees that the response is not whole.
  func abort()
}
