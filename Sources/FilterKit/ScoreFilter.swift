internal import FilterABI

/// A filter that says how risky a request is (score.h).
public protocol ScoreFilter: Filter {
  /// Whether its sessions want the segments' text.
  var wantsText: Bool { get }
  /// Begins one direction of one exchange. Any thread.
  func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any ScoreSession
}

/// One reason for a score.
public struct ScoreReason: Sendable {
  /// Lower-case ASCII, digits, `-` and `/`, at most 64 bytes: `kind/ssn`.
  public let code: String
  /// What it adds; may be negative.
  public let points: Int32
  /// Of what it counts; 0 where it counts nothing.
  public let count: UInt64

  public init(code: String, points: Int32, count: UInt64) {
    self.code = code
    self.points = points
    self.count = count
  }
}

/// The fingerprints that belong to a ``FindingList``, by the same indices.
@safe public struct FingerprintList: ~Copyable {
  let raw: sluice_array

  public subscript(index: Int) -> Fingerprint? {
    guard index >= 0, unsafe index < Int(clamping: raw.count),
      let element = unsafe raw.element(index, as: sluice_bytes.self)
    else { return nil }
    return unsafe element.pointee.withSpan { bytes -> Fingerprint? in
      guard bytes.count == 16 else { return nil }
      var fingerprint = Fingerprint(high: 0, low: 0)
      for index in 0..<8 {
        fingerprint.high = fingerprint.high << 8 | UInt64(bytes[index])
        fingerprint.low = fingerprint.low << 8 | UInt64(bytes[index + 8])
      }
      return fingerprint
    }
  }
}

/// One direction of one exchange. One thread at a time.
public protocol ScoreSession: AnyObject {
  /// One whole segment as it was before masking; `text` is empty where the filter does not want it.
  func segment(
    _ segment: borrowing SegmentView, text: Span<UInt8>, findings: borrowing FindingList,
    fingerprints: borrowing FingerprintList
  ) throws(FilterError)
  /// After the last segment: 0 to 100, and why. The same request gets the same score.
  func finish() throws(FilterError) -> (score: UInt32, reasons: [ScoreReason])
}

private final class ScoreBox {
  let filter: any ScoreFilter
  init(_ filter: any ScoreFilter) { self.filter = filter }
}

private final class ScoreSessionBox {
  let session: any ScoreSession
  init(_ session: any ScoreSession) { self.session = session }
}

func makeScoreTable<F: ScoreFilter>(_ type: F.Type) -> UnsafeRawPointer {
  let filter = unsafe makeFilterTable(type) { ScoreBox($0) }
  let table = UnsafeMutablePointer<sluice_score>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_score(
      size: UInt32(MemoryLayout<sluice_score>.size), reserved: 0, filter: filter,
      wants: { unsafe unbox(unsafe $0, as: ScoreBox.self).filter.wantsText ? SLUICE_REVIEW_TEXT : 0 },
      open: { instance, exchange, session, error in
        unsafe reporting(error) { () throws(FilterError) in
          let opened = unsafe try unbox(unsafe instance, as: ScoreBox.self).filter.open(
            unsafe ExchangeView(raw: exchange!))
          unsafe session?.pointee = Unmanaged.passRetained(ScoreSessionBox(opened)).toOpaque()
        }
      },
      segment: { session, segment, text, findings, fingerprints, error in
        unsafe reporting(error) { () throws(FilterError) in
          let session = unsafe unbox(unsafe session, as: ScoreSessionBox.self).session
          unsafe try text.withSpan { (text) throws(FilterError) in
            unsafe try session.segment(
              unsafe SegmentView(raw: segment!), text: text, findings: FindingList(raw: findings),
              fingerprints: FingerprintList(raw: fingerprints))
          }
        }
      },
      finish: { session, emitter, score, error in
        unsafe reporting(error) { () throws(FilterError) in
          let result = unsafe try unbox(unsafe session, as: ScoreSessionBox.self).session.finish()
          for reason in result.reasons {
            guard unsafe emit(reason, to: emitter!) == SLUICE_OK else {
              throw FilterError(.internal, "The host refused a reason.")
            }
          }
          unsafe score?.pointee = result.score
        }
      },
      close: { unsafe releaseBox($0) }))
  return UnsafeRawPointer(table)
}

private func emit(_ reason: ScoreReason, to emitter: UnsafePointer<sluice_score_emitter>) -> sluice_status {
  unsafe reason.code.withABI { code in
    var raw = unsafe sluice_score_reason(
      size: UInt32(MemoryLayout<sluice_score_reason>.size), points: reason.points, count: reason.count,
      code: code)
    return unsafe emitter.pointee.reason(emitter.pointee.context, &raw)
  }
}
