import Testing

@testable import Gateway

@Suite struct UpstreamPoolMachineTests {
  private func machine(
    connections: Int = 4, waiters: Int = 4, shared: Int = 2, _ kind: UpstreamPoolMachine.Kind = .exclusive
  ) -> UpstreamPoolMachine {
    UpstreamPoolMachine(
      limits: UpstreamPoolMachine.Limits(connections: connections, waiters: waiters, shared: shared),
      kind: kind)
  }

  @Test func opensReusesAndBounds() {
    var machine = machine(connections: 2, waiters: 1)
    #expect(machine.checkOut(1) == .open(1))
    machine.openedExclusive(1)
    #expect(machine.checkOut(2) == .open(2))
    machine.openedExclusive(2)
    #expect(machine.checkOut(3) == .wait)
    #expect(machine.checkOut(4) == .refuse)
    #expect(machine.checkIn(1, reusable: true) == .hand(3))
    #expect(machine.checkIn(1, reusable: true) == .park)
    #expect(machine.checkOut(5) == .use(1))
  }

  @Test func aDeadConnectionIsReplacedForWhoWaits() {
    var machine = machine(connections: 1)
    #expect(machine.checkOut(1) == .open(1))
    machine.openedExclusive(1)
    #expect(machine.checkOut(2) == .wait)
    #expect(machine.checkIn(1, reusable: false) == .close(openFor: 2, as: 2))
    machine.openedExclusive(2)
    #expect(machine.checkIn(2, reusable: false) == .close(openFor: nil, as: -1))
    #expect(machine.connections == 0)
  }

  @Test func whoGaveUpGetsNone() {
    var machine = machine(connections: 1)
    _ = machine.checkOut(1)
    machine.openedExclusive(1)
    _ = machine.checkOut(2)
    machine.giveUp(2)
    #expect(machine.checkIn(1, reusable: true) == .park)
  }

  @Test func aLostIdleConnectionIsForgotten() {
    var machine = machine(connections: 1)
    _ = machine.checkOut(1)
    machine.openedExclusive(1)
    _ = machine.checkIn(1, reusable: true)
    machine.lost(1)
    #expect(machine.checkOut(2) == .open(2))
  }

  @Test func oneAsksAndTheOthersWaitUntilTheKindIsKnown() {
    var machine = machine(.unknown)
    #expect(machine.checkOut(1) == .open(1))
    #expect(machine.checkOut(2) == .wait)
    #expect(machine.checkOut(3) == .wait)
    #expect(machine.opening() == [])
    machine.openedExclusive(1)
    #expect(machine.opening() == [2, 2])
    #expect(machine.opening() == [3, 3])
    #expect(machine.opening() == [])
    #expect(machine.checkOut(4) == .open(4))
  }

  @Test func streamsShareOneConnection() {
    var machine = machine(.unknown)
    #expect(machine.checkOut(1) == .open(1))
    #expect(machine.checkOut(2) == .wait)
    machine.openedShared(1, streams: 3)
    #expect(machine.share() == [2, 1])
    #expect(machine.share() == [])
    #expect(machine.checkOut(3) == .share(1))
    #expect(machine.streamEnded(1) == .busy)
    #expect(machine.streamEnded(1) == .busy)
    #expect(machine.streamEnded(1) == .idle)
    #expect(machine.isIdle(1))
    #expect(machine.checkOut(4) == .share(1))
    #expect(machine.sharedConnections == 1)
  }

  @Test func aFullConnectionGetsASecondAndThenSomeWait() {
    var machine = machine(.unknown)
    #expect(machine.checkOut(1) == .open(1))
    machine.openedShared(1, streams: 1)
    #expect(machine.checkOut(2) == .open(2))
    #expect(machine.checkOut(3) == .wait)
    machine.openedShared(2, streams: 1)
    #expect(machine.checkOut(4) == .wait)
    #expect(machine.streamEnded(2) == .idle)
    #expect(machine.share() == [3, 2])
    machine.capacityChanged(1, streams: 2)
    #expect(machine.share() == [4, 1])
  }

  @Test func nothingNewOnAConnectionThatLeaves() {
    var machine = machine(.unknown)
    _ = machine.checkOut(1)
    machine.openedShared(1, streams: 10)
    #expect(machine.leaving(1) == false)
    #expect(machine.checkOut(2) == .open(2))
    machine.openedShared(2, streams: 10)
    #expect(machine.streamEnded(1) == .close)
    #expect(machine.checkOut(3) == .share(2))
    #expect(machine.streamEnded(2) == .busy)
    #expect(machine.streamEnded(2) == .idle)
    #expect(machine.leaving(2) == true)
    #expect(machine.sharedConnections == 0)
  }

  @Test func aLostSharedConnectionIsReplacedForWhoWaits() {
    var machine = machine(shared: 1, .unknown)
    _ = machine.checkOut(1)
    machine.openedShared(1, streams: 1)
    #expect(machine.checkOut(2) == .wait)
    machine.lost(1)
    #expect(machine.streamEnded(1) == .busy)
    #expect(machine.opening() == [2, 2])
    #expect(machine.opening() == [])
  }

  @Test func whoWaitedForWhatCouldNotBeOpenedWaitsInVain() {
    var machine = machine(.unknown)
    _ = machine.checkOut(1)
    _ = machine.checkOut(2)
    _ = machine.checkOut(3)
    machine.failedToOpen(1)
    #expect(machine.nextFailed() == 2)
    #expect(machine.nextFailed() == 3)
    #expect(machine.nextFailed() == nil)
    #expect(machine.checkOut(4) == .open(2))
  }

  @Test func anUpstreamMayChangeItsMind() {
    var machine = machine(.unknown)
    _ = machine.checkOut(1)
    machine.openedShared(1, streams: 1)
    machine.lost(1)
    #expect(machine.checkOut(2) == .open(2))
    machine.openedExclusive(2)
    #expect(machine.checkOut(3) == .open(3))
    #expect(machine.kind == .exclusive)
  }
}

extension UpstreamPoolMachine {
  /// The waiter and the connection; nothing where there is nobody.
  fileprivate mutating func share() -> [Int] { nextShare().map { [$0.waiter, $0.connection] } ?? [] }
  fileprivate mutating func opening() -> [Int] { nextOpening().map { [$0.waiter, $0.connection] } ?? [] }
}
