internal import NIOCore
internal import NIOHTTP1

extension ExchangeHandler: ClientResponse {
  var isWritable: Bool { context?.channel.isWritable ?? false }
  var isConnectionKept: Bool { isKeepAlive }

  /// A stream ends with its request anyway, and the others of its connection are not to suffer.
  func doNotKeep() { if wire == .http1 { isKeepAlive = false } }

  func sendHead(_ head: HTTPResponseHead, isWhole: Bool) {
    guard let context, !hasWrittenHead else { return }
    hasWrittenHead = true
    var head = head
    switch state {
    case .authenticating, .reading: doNotKeep()
    default: break
    }
    if !isKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
    // Which codings would have been read (RFC 9110, 15.5.16).
    if head.status == .unsupportedMediaType {
      head.headers.replaceOrAdd(name: "accept-encoding", value: ContentCoding.accepted)
    }
    context.write(wrapOutboundOut(.head(head)), promise: nil)
  }

  func sendBody(_ bytes: ByteBuffer) {
    guard let context, bytes.readableBytes > 0 else { return }
    context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
  }

  func flush() { context?.flush() }

  func sendEnd() {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    switch state {
    case .authenticating:
      state = .discarding
      timer.set(in: Self.lingering) { [weak self] in self?.stopDiscarding() }
      setReading(true)
      resume()
    case .reading, .discarding:
      // Answered while the client was still sending.
      state = .discarding
      timer.set(in: Self.lingering) { [weak self] in self?.stopDiscarding() }
    case .answering:
      guard wire == .http1 else { return leaveStream() }
      guard isKeepAlive else { return close() }
      state = .idle
      timer.set(in: Self.keepAlive) { [weak self] in self?.close() }
      resume()
    case .idle, .local, .leaving, .closed: break
    }
  }

  func abort() { close() }

  /// The refused request has ended by itself.
  func finishDiscarding() {
    if wire == .http1 { close() } else { leaveStream() }
  }

  private func stopDiscarding() {
    if wire == .http2 { context?.triggerUserOutboundEvent(StreamGuard.StopSending(), promise: nil) }
    close()
  }

  /// Both sides have said all; the stream ends by itself once the client has taken the answer.
  private func leaveStream() {
    guard let context, context.channel.isActive else { return }
    state = .leaving
    timer.set(in: Self.keepAlive) { [weak self] in self?.close() }
  }

  /// Closes the connection, or resets the stream where it has not ended (RST_STREAM, CANCEL).
  func close() {
    state = .closed
    timer.cancel()
    guard let context, context.channel.isActive else { return }
    context.close(promise: nil)
  }
}
