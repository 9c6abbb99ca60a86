internal import FilterABI
public import PipelineModel
internal import Synchronization

/// A `notify` filter. All calls block; any thread, several at once.
@safe public final class NotifyInstance: @unchecked Sendable {  // as FilterInstance
  let filter: FilterInstance
  private let table: sluice_notify

  init(
    _ stage: Stage, _ plugin: LoadedPlugin, _ host: HostTable, _ counters: FilterCounters
  ) throws(PluginError) {
    let found = unsafe try plugin.filter(stage, sluice_notify.self)
    unsafe table = unsafe found.stage
    filter = unsafe try FilterInstance(
      stage, plugin: plugin, table: found, host: host, counters: counters, mayBlock: true)
  }

  public var stage: Stage { filter.stage }
  /// The plugin's file and the configuration: two pipelines with the same share what was said through it.
  public var identity: PluginIdentity { filter.identity }
  public var takesCalls: Bool { unsafe table.receive != nil }
  public var polls: Bool { unsafe table.poll != nil }

  /// Why a notifier did not do what it was asked.
  public struct Failure: Error, Sendable {
    public let message: String
    /// Whether trying again later may help.
    public let isTemporary: Bool
    /// Milliseconds until then; 0: as the host likes.
    public var retryAfter: UInt64 = 0
    /// The call was not what it should be.
    public var isForged = false
  }

  /// Delivers a notification; returns what it is known by over there, nil: by nothing.
  public func send(_ notification: NotificationDraft) throws(Failure) -> String? {
    let call = NotifyCall { _ in .unavailable }
    var retryAfter: UInt64 = 0
    try check(
      unsafe call.run { emitter, error in
        unsafe notification.lend { raw in
          unsafe table.send?(filter.pointer, raw, emitter, &retryAfter, error) ?? SLUICE_ERROR_UNSUPPORTED
        }
      }, call, retryAfter: retryAfter)
    return call.reference
  }

  /// Hands over an HTTP request that arrived for it.
  public func receive(
    _ request: HookRequest, decide: @escaping (PersonsReply) -> ReplyOutcome
  ) throws(Failure) -> HookResponse {
    let call = NotifyCall(decide)
    try check(
      unsafe call.run { emitter, error in
        unsafe request.lend { raw in
          unsafe table.receive?(filter.pointer, raw, emitter, error) ?? SLUICE_ERROR_UNSUPPORTED
        }
      }, call)
    return call.answer ?? HookResponse(status: 200, contentType: "", body: [])
  }

  /// Asks after approvals that it has sent notifications about: their ids, and what they are known by over there.
  public func poll(
    _ open: [(approval: String, reference: String)], decide: @escaping (PersonsReply) -> ReplyOutcome
  ) throws(Failure) {
    let call = NotifyCall(decide)
    try check(
      unsafe call.run { emitter, error in
        unsafe withNotified(open) { list in
          unsafe table.poll?(filter.pointer, list, emitter, error) ?? SLUICE_ERROR_UNSUPPORTED
        }
      }, call)
  }

  private func check(_ status: sluice_status, _ call: NotifyCall, retryAfter: UInt64 = 0) throws(Failure) {
    var work = FilterWork()
    work.calls = 1
    filter.counters.add(work, stripe: 0)
    guard status != SLUICE_OK || call.fault != nil else { return }
    filter.counters.addFailure()
    throw Failure(
      message: call.fault ?? call.detail.lastMessage,
      isTemporary: call.fault == nil && status == SLUICE_ERROR_UNAVAILABLE, retryAfter: retryAfter,
      isForged: status == SLUICE_ERROR_INPUT)
  }
}
