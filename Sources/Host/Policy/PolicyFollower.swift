internal import Control
internal import FilterChain
internal import Foundation
internal import Gateway
internal import Glibc
internal import Synchronization

/// Looks for another policy, and for new builds of plugins, and puts them in force, on a thread of its own. What can't be
/// is reported once, and what was in force stays.
final class PolicyFollower: @unchecked Sendable {  // confined to its thread but for `isStopped`
  enum Source: Sendable {
    /// The newest version in the store.
    case store
    /// Files and folders, as a checkout of git.
    case files([String])
    /// What was served at the start stays.
    case fixed
  }

  /// Well below the two seconds within which a policy is to be in force, in milliseconds; a shared store says at once
  /// that there is one.
  private static let interval = 250

  private let source: Source
  private let installation: Installation
  private let isStopped = Atomic(false)
  private let hasEnded = DispatchSemaphore(value: 0)
  /// What was looked at and is in force, or was refused.
  private var settled: PolicyBundle?
  /// What was there at the last look. A checkout writes file after file: it has to be the same twice.
  private var seen: PolicyBundle?
  private var settledVersion: UInt64
  /// Files of plugins that had changed at the last look: each has to be the same twice, too.
  private var seenPlugins: [String: FileStamp] = [:]
  /// Those that could not be taken up.
  private var refusedPlugins: [String: FileStamp] = [:]
  private var nextTry: Int64 = 0
  /// Seconds after which a refused build is tried again.
  private static let retry: Int64 = 10

  init(_ source: Source, _ installation: Installation, serving bundle: PolicyBundle) {
    self.source = source
    self.installation = installation
    settled = bundle
    settledVersion = installation.policyVersion
  }

  func start() {
    Thread.detachNewThread { [self] in
      while !isStopped.load(ordering: .relaxed) {
        let moment = installation.store.moment(.policies)
        lookAtTrust()
        look()
        lookAtPlugins()
        installation.store.waitForChange(of: .policies, after: moment, milliseconds: Self.interval)
      }
      hasEnded.signal()
    }
  }

  /// No policy changes any more when this returns. [blocking]
  func stop() {
    isStopped.store(true, ordering: .relaxed)
    hasEnded.wait()
  }

  private func look() {
    do {
      switch source {
      case .store: try lookIntoStore()
      case .files(let paths): try look(at: paths)
      case .fixed: break
      }
    } catch {
      Journal.warning(
        "another policy can't be put in force; the one before stays", ("reason", "\(error)"),
        ("in-force", String(installation.policyVersion)))
      installation.services.policyIsBehind(true)
    }
  }

  /// Before anything is loaded by it. A log that can't be written to has said so already; it is tried again.
  private func lookAtTrust() { try? installation.recordTrust() }

  private func lookAtPlugins() {
    installation.trimPlugins()
    let changed = installation.changedPlugins
    defer { seenPlugins = changed }
    guard !changed.isEmpty, changed == seenPlugins,
      changed != refusedPlugins || secondsNow() >= nextTry
    else { return }
    do {
      try installation.takeUpPlugins()
      refusedPlugins = [:]
    } catch {
      // What kept it out may be somewhere else than in these files: a lock file, a signature.
      nextTry = secondsNow() + Self.retry
      let isNew = refusedPlugins != changed
      refusedPlugins = changed
      if isNew {
        Journal.warning(
          "a plugin's new build can't be taken up; the one before stays", ("reason", "\(error)"),
          ("files", changed.keys.sorted().joined(separator: ",")))
      }
      installation.services.plugins(isBehind: true, oldBuilds: 0)
    }
  }

  private func lookIntoStore() throws {
    // A store that can't be read now says nothing about the policy.
    guard let current = try? installation.store.currentPolicy(), current.version != settledVersion else {
      return
    }
    settledVersion = current.version
    try installation.adopt(PolicyBundle(json: current.sources), current)
  }

  private func look(at paths: [String]) throws {
    let bundle = try? PolicyBundle.read(paths)
    defer { seen = bundle }
    guard let bundle, bundle == seen, bundle != settled else { return }
    settled = bundle
    try installation.adopt(bundle)
  }
}
