import Testing

@testable import Credentials

@Suite struct CredentialScheduleTests {
  private func made() -> CredentialSchedule {
    var times = CredentialSchedule.Times()
    times.refresh = 100
    times.keep = 1000
    return CredentialSchedule(times: times, now: 0)
  }

  @Test func itIsReadAgainWhenItIsTime() {
    let schedule = made()
    #expect(!schedule.isDue(now: 99))
    #expect(schedule.isDue(now: 100))
  }

  @Test func aRefusalBringsTheNextReadForwardAndNoFlood() {
    var schedule = made()
    schedule.refuse()
    #expect(!schedule.isDue(now: 4))
    #expect(schedule.isDue(now: 5))
    schedule.succeed(now: 5)
    #expect(!schedule.isDue(now: 10))
  }

  @Test func failuresAreTriedAgainMoreAndMoreSlowly() {
    var schedule = made()
    var now: Int64 = 100
    var waits: [Int64] = []
    for _ in 0..<8 {
      schedule.fail(now: now)
      let last = now
      while !schedule.isDue(now: now) { now += 1 }
      waits.append(now - last)
    }
    #expect(waits == [2, 4, 8, 16, 32, 60, 60, 60])
  }

  @Test func theLastGoodOneIsUsedForTheStatedTime() {
    var schedule = made()
    schedule.fail(now: 100)
    #expect(!schedule.isOver(now: 1099))
    #expect(schedule.isOver(now: 1100))
    schedule.succeed(now: 1200)
    #expect(!schedule.isOver(now: 1300))
  }
}
