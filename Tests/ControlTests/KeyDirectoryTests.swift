import Foundation
import Synchronization
import Testing

@testable import Control

@Suite struct KeyDirectoryTests {
  /// A date that is put back must not keep a revoked key alive on a gateway that is cut off from its store.
  @Test func theGraceIsMeasuredByAClockThatDoesNotJump() throws {
    let steady = Mutex<Int64>(1000)
    let store = try Sandbox().store()
    let made = try store.createKey(subject: "ana", email: "", groups: [], expires: 0, now: 10)
    let digest = Data32.bytes(Store.digest(made.secret))
    let directory = try KeyDirectory(store, grace: 300, steady: { steady.withLock { $0 } })
    steady.withLock { $0 += 300 }
    guard case .valid = directory.find(digest) else {
      Issue.record("it ended before its time")
      return
    }
    #expect(directory.storeState == .available)
    steady.withLock { $0 += 1 }
    guard case .unavailable = directory.find(digest) else {
      Issue.record("it outlives the grace")
      return
    }
    #expect(directory.storeState == .lost)
    directory.refresh()
    guard case .valid = directory.find(digest) else {
      Issue.record("it did not come back")
      return
    }
  }
}
