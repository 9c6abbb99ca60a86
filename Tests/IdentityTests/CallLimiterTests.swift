import Testing

@testable import Identity

@Suite struct CallLimiterTests {
  @Test func oneAddressIsBoundedAndOthersAreNot() {
    let limiter = CallLimiter()
    for _ in 0..<CallLimiter.burst { #expect(limiter.admit("192.0.2.1", now: 100)) }
    #expect(!limiter.admit("192.0.2.1", now: 100))
    #expect(limiter.admit("192.0.2.2", now: 100))
    #expect(limiter.admit("192.0.2.1", now: 101))
    #expect(!limiter.admit("192.0.2.1", now: 101))
  }

  @Test func aDeviceThatPollsIsNotDisturbed() {
    let limiter = CallLimiter()
    for second in stride(from: Int64(0), to: 1800, by: 5) { #expect(limiter.admit("192.0.2.1", now: second)) }
  }

  @Test func madeUpAddressesFillNoMemory() {
    let limiter = CallLimiter()
    var admitted = 0
    for index in 0..<20_000 where limiter.admit("2001:db8::\(index)", now: 0) { admitted += 1 }
    #expect(admitted == 10_000)
    // They are forgotten when their time is over.
    #expect(limiter.admit("192.0.2.1", now: 10))
  }
}
