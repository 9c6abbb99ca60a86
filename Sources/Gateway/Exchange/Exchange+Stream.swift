internal import FilterChain
internal import NIOCore
internal import NIOHTTP1
internal import Payload
internal import PipelineModel
internal import Synchronization

extension Exchange {
  /// A part of a long stream is put on record when so much masked text has come together: memory does not grow
  /// with a stream's length.
  private static let transcriptPart = 64 << 10
  /// The same for the bytes as they came, where originals are sealed.
  private static let originalPart = 1 << 20

  func beginStream(_ rules: StreamRules, _ runtime: PipelineRuntime) {
    guard let context else { return }
    do {
      stream = StreamPass(
        rules: rules, stream: try runtime.chain.openStream(context),
        keepsTranscript: runtime.pipeline.evidence.transcript == .masked,
        passesMedia: runtime.pipeline.media == .pass, restorer: inspection?.restorer ?? Restorer())
    } catch { fail(Inspection.failure(of: error)) }
  }

  func receiveStream(_ bytes: ByteBuffer) {
    guard stream != nil else { return }
    do {
      try stream?.receive(bytes.readableBytesUInt8Span, into: &pendingOutput)
    } catch { return failStream(error) }
    // What says that the stream is complete waits for the record of it.
    if stream?.recutter.isDone == true { return }
    sendPending()
    if let stream,
      stream.filter.transcriptBytes >= Self.transcriptPart || original.count >= Self.originalPart
    {
      takeParts()
      recordPart()
    }
  }

  private func failStream(_ error: StreamError<StageFailure>) {
    switch error {
    case .payload(let error): fail(Inspection.refusal(of: error, .response))
    case .filter(let error): fail(Inspection.failure(of: error))
    }
  }

  private func sendPending() {
    guard !pendingOutput.isEmpty, let client else { return }
    sendStreamHead()
    client.sendBody(ByteBuffer(bytes: pendingOutput))
    pendingOutput.removeAll(keepingCapacity: true)
    client.flush()
    if !client.isWritable { lease?.setReading(false) }
  }

  /// The head leaves with the first event, in one write.
  private func sendStreamHead() {
    guard !hasSentHead, let client, let responseHead else { return }
    hasSentHead = true
    var head = HeadPolicy.clientHead(
      for: responseHead, bodyLength: nil, isKeepAlive: client.isConnectionKept,
      withheld: withheldFromClient)
    head.headers.add(name: "x-sluice-exchange", value: id)
    client.sendHead(head, isWhole: false)
  }

  /// Takes what was released since the last record into the next one.
  func takeParts() {
    guard stream != nil else { return }
    response.channels = stream?.filter.takeTranscript() ?? []
    response.findings = stream?.filter.stream.takeFindings() ?? []
    loop.services.metrics.findingsMasked.add(response.findings.count, ordering: .relaxed)
  }

  /// The upstream's stream has ended: what was held back is released once the record is durable.
  func finishStream() {
    guard stream != nil else { return }
    do {
      try stream?.finish(into: &pendingOutput)
    } catch { return failStream(error) }
    takeParts()
    response.inputTokens = stream?.recutter.inputTokens
    response.outputTokens = stream?.recutter.outputTokens
    recordResponse { exchange in
      guard exchange.phase == .answering, let client = exchange.client else { return }
      exchange.sendStreamHead()
      client.sendBody(ByteBuffer(bytes: exchange.pendingOutput))
      exchange.pendingOutput = []
      exchange.end()
      client.sendEnd()
    }
  }

  /// A stream that has begun ends with an event that says why. What was held back is dropped.
  func endStream(with error: GatewayError) {
    guard let client else { return }
    let event = errorShape.event(
      status: error.status, code: error.code, message: "\(error.message) [exchange \(id)]")
    client.sendBody(ByteBuffer(bytes: event))
    end()
    client.sendEnd()
  }
}
