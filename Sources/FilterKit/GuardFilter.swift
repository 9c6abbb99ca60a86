internal import FilterABI

/// A filter that denies what policy forbids (guard.h).
public protocol GuardFilter: Filter {
  /// Whether its sessions want the segments' text.
  var wantsText: Bool { get }
  /// Begins one direction of one exchange. Any thread.
  func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any GuardSession
}

/// What a guard says of an exchange.
public enum GuardVerdict: Sendable {
  case allow
  /// `message` is for the client: which rule, and what to do; never text from the exchange.
  case deny(rule: String, message: String)
}

/// One direction of one exchange. One thread at a time.
public protocol GuardSession: AnyObject {
  /// One whole segment; `text` is empty where the filter does not want it.
  func segment(
    _ segment: borrowing SegmentView, text: Span<UInt8>, findings: borrowing FindingList
  ) throws(FilterError)
  /// After the last segment.
  func finish() throws(FilterError) -> GuardVerdict
}

private final class GuardBox {
  let filter: any GuardFilter
  init(_ filter: any GuardFilter) { self.filter = filter }
}

private final class GuardSessionBox {
  let session: any GuardSession
  init(_ session: any GuardSession) { self.session = session }
}

func makeGuardTable<F: GuardFilter>(_ type: F.Type) -> UnsafeRawPointer {
  let filter = unsafe makeFilterTable(type) { GuardBox($0) }
  let table = UnsafeMutablePointer<sluice_guard>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_guard(
      size: UInt32(MemoryLayout<sluice_guard>.size), reserved: 0, filter: filter,
      wants: { unsafe unbox(unsafe $0, as: GuardBox.self).filter.wantsText ? SLUICE_REVIEW_TEXT : 0 },
      open: { instance, exchange, session, error in
        unsafe reporting(error) { () throws(FilterError) in
          let opened = unsafe try unbox(unsafe instance, as: GuardBox.self).filter.open(
            unsafe ExchangeView(raw: exchange!))
          unsafe session?.pointee = Unmanaged.passRetained(GuardSessionBox(opened)).toOpaque()
        }
      },
      segment: { session, segment, text, findings, error in
        unsafe reporting(error) { () throws(FilterError) in
          let session = unsafe unbox(unsafe session, as: GuardSessionBox.self).session
          unsafe try text.withSpan { (text) throws(FilterError) in
            unsafe try session.segment(
              unsafe SegmentView(raw: segment!), text: text, findings: FindingList(raw: findings))
          }
        }
      },
      finish: { session, emitter, error in
        unsafe reporting(error) { () throws(FilterError) in
          let verdict = unsafe try unbox(unsafe session, as: GuardSessionBox.self).session.finish()
          guard unsafe emit(verdict, to: emitter!) == SLUICE_OK else {
            throw FilterError(.internal, "The host refused a verdict.")
          }
        }
      },
      close: { unsafe releaseBox($0) }))
  return UnsafeRawPointer(table)
}

private func emit(_ verdict: GuardVerdict, to emitter: UnsafePointer<sluice_guard_emitter>) -> sluice_status {
  var (code, rule, message) = (SLUICE_GUARD_ALLOW, "", "")
  if case .deny(let denyingRule, let explanation) = verdict {
    (code, rule, message) = (SLUICE_GUARD_DENY, denyingRule, explanation)
  }
  return unsafe rule.withABI { rule in
    unsafe message.withABI { message in
      var raw = unsafe sluice_guard_verdict(
        size: UInt32(MemoryLayout<sluice_guard_verdict>.size), verdict: code, rule: rule, message: message)
      return unsafe emitter.pointee.emit(emitter.pointee.context, &raw)
    }
  }
}
