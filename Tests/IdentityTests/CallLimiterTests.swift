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
    for index in 0..<20_000 where limiter.admit("2001:db8:1:\(String(index, radix: 16))::1", now: 0) {
      admitted += 1
    }
    #expect(admitted == 10_000)
    // They are forgotten when their time is over.
    #expect(limiter.admit("192.0.2.1", now: 10))
  }

  @Test func whoeverHasAnIPv6NetworkIsOne() {
    let limiter = CallLimiter()
    for host in 0..<CallLimiter.burst { #expect(limiter.admit("2001:db8:0:1::\(host)", now: 100)) }
    #expect(!limiter.admit("2001:db8:0:1:ffff::1", now: 100))
    #expect(limiter.isSpent("2001:0DB8:0::1:2:3:4:5", now: 100))
    #expect(limiter.admit("2001:db8:0:2::1", now: 100))
  }

  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1"), ("::1", "0:0:0:0::/64"), ("::", "0:0:0:0::/64"),
    ("::ffff:192.0.2.1", "192.0.2.1"),
    ("fe80::1%eth0", "fe80:0:0:0::/64"), ("2001:db8::", "2001:db8:0:0::/64"), ("", ""),
    ("1:2:3:4:5:6:7:8", "1:2:3:4::/64"), ("1:2:3:4:5:6:7::", "1:2:3:4::/64"), ("::4:5:6:7:8", "0:0:0:4::/64"),
  ])
  func networks(_ address: String, _ network: String) { #expect(ClientNetwork.of(address) == network) }
}
