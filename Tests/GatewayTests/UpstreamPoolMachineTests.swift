import Testing

@testable import Gateway

@Suite struct UpstreamPoolMachineTests {
  @Test func opensReusesAndBounds() {
    var machine = UpstreamPoolMachine(maximumConnections: 2, maximumWaiters: 1)
    #expect(machine.checkOut(1) == .open(1))
    #expect(machine.checkOut(2) == .open(2))
    #expect(machine.checkOut(3) == .wait)
    #expect(machine.checkOut(4) == .refuse)
    #expect(machine.checkIn(1, reusable: true) == .hand(3))
    #expect(machine.checkIn(1, reusable: true) == .park)
    #expect(machine.checkOut(5) == .use(1))
  }

  @Test func aDeadConnectionIsReplacedForWhoWaits() {
    var machine = UpstreamPoolMachine(maximumConnections: 1, maximumWaiters: 4)
    #expect(machine.checkOut(1) == .open(1))
    #expect(machine.checkOut(2) == .wait)
    #expect(machine.checkIn(1, reusable: false) == .close(openFor: 2, as: 2))
    #expect(machine.checkIn(2, reusable: false) == .close(openFor: nil, as: -1))
    #expect(machine.connections == 0)
  }

  @Test func whoGaveUpGetsNone() {
    var machine = UpstreamPoolMachine(maximumConnections: 1, maximumWaiters: 4)
    _ = machine.checkOut(1)
    _ = machine.checkOut(2)
    machine.giveUp(2)
    #expect(machine.checkIn(1, reusable: true) == .park)
  }

  @Test func aLostIdleConnectionIsForgotten() {
    var machine = UpstreamPoolMachine(maximumConnections: 1, maximumWaiters: 4)
    _ = machine.checkOut(1)
    _ = machine.checkIn(1, reusable: true)
    machine.lost(1)
    #expect(machine.checkOut(2) == .open(2))
  }
}
