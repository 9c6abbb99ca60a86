internal import NIOCore
internal import NIOHTTP2

/// What the gateway says and bears on HTTP/2 connections (RFC 9113), on both sides.
///
/// The names in parentheses are swift-nio-http2's. A peer that goes past a limit loses the connection, with GOAWAY.
enum HTTP2Limits {
  /// Streams that one client may have open at once (SETTINGS_MAX_CONCURRENT_STREAMS).
  static let concurrentStreams = 100
  /// A head's fields, uncompressed, each with 32 bytes more (SETTINGS_MAX_HEADER_LIST_SIZE; the HPACK decoder
  /// stops there, so that a small block can't become a large head).
  static let headerListBytes = 32 << 10
  /// What a peer may send on one stream before somebody takes it: how far a stream runs ahead of a slow reader.
  static let streamWindow = 128 << 10
  /// What a peer may send on all streams of a connection together. It is given back at once, so that a stream that
  /// nobody reads doesn't stop the others.
  static let connectionWindow = 1 << 20

  static var connection: NIOHTTP2Handler.ConnectionConfiguration {
    var configuration = NIOHTTP2Handler.ConnectionConfiguration()
    configuration.initialSettings = [
      HTTP2Setting(parameter: .maxConcurrentStreams, value: concurrentStreams),
      HTTP2Setting(parameter: .maxHeaderListSize, value: headerListBytes),
      HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
    ]
    configuration.targetWindowSize = connectionWindow
    // CONTINUATION flood (CERT VU#421644): so many frames may follow one HEADERS frame; 32 KiB need two.
    configuration.maximumSequentialContinuationFrames = 4
    // Empty DATA frames in a row (CVE-2019-9518).
    configuration.maximumSequentialEmptyDataFrames = 1
    // Answers to PING and SETTINGS that wait for a peer that doesn't read (CVE-2019-9512, -9515).
    configuration.maximumBufferedControlFrames = 1_000
    // PING, SETTINGS and PRIORITY in 30 s.
    configuration.controlFrameRateLimit.maximumCount = 200
    configuration.controlFrameRateLimit.windowLength = .seconds(30)
    // Frames may be under way to as many streams as could be open.
    configuration.maximumRecentlyResetStreams = concurrentStreams
    // Mistakes of the peer, over the connection's life.
    configuration.maximumConnectionGlitches = 100
    return configuration
  }

  /// For connections to upstreams: nothing is pushed to us (RFC 9113, 8.4).
  static var upstreamConnection: NIOHTTP2Handler.ConnectionConfiguration {
    var configuration = connection
    configuration.initialSettings.append(HTTP2Setting(parameter: .enablePush, value: 0))
    return configuration
  }

  static var stream: NIOHTTP2Handler.StreamConfiguration {
    var configuration = NIOHTTP2Handler.StreamConfiguration()
    configuration.targetWindowSize = streamWindow
    // What may wait in a stream for its window before the exchange is told to stop: a few events.
    configuration.outboundBufferSizeHighWatermark = 64 << 10
    configuration.outboundBufferSizeLowWatermark = 16 << 10
    // Rapid reset (CVE-2023-44487): RST_STREAM frames in 30 s. An editor that cancels a completion with each key
    // stays below: 6 in a second, for as long as it likes.
    configuration.streamResetFrameRateLimit.maximumCount = 200
    configuration.streamResetFrameRateLimit.windowLength = .seconds(30)
    // Resets that a peer makes us send (CVE-2025-8671, "MadeYouReset").
    configuration.streamErrorRateLimit.maximumCount = 50
    configuration.streamErrorRateLimit.windowLength = .seconds(30)
    return configuration
  }

  /// Whether an error is one stream's alone, which has been reset by now: the connection goes on. Any other error
  /// ends the connection, which RFC 9113, 5.4.1 allows.
  static func isOfOneStream(_ error: any Error) -> Bool {
    switch error {
    case is NIOHTTP2Errors.StreamError, is NIOHTTP2Errors.StreamClosed, is NIOHTTP2Errors.NoSuchStream,
      is NIOHTTP2Errors.ContentLengthViolated, is NIOHTTP2Errors.ForbiddenHeaderField,
      is NIOHTTP2Errors.InvalidHTTP2HeaderFieldName, is NIOHTTP2Errors.InvalidPseudoHeaders,
      is NIOHTTP2Errors.MissingPseudoHeader, is NIOHTTP2Errors.DuplicatePseudoHeader,
      is NIOHTTP2Errors.CreatedStreamAfterGoaway:
      true
    default: false
    }
  }
}
