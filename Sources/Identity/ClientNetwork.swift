/// Whom failures and connections are counted for.
public enum ClientNetwork {
  /// An IPv4 address as it is; of an IPv6 address the first 64 bits, since whoever has one has all of those (RFC 6177).
  /// - Parameter address: as the system writes it; anything else counts as it is.
  public static func of(_ address: String) -> String {
    let plain = address.prefix { $0 != "%" }
    guard plain.contains(":") else { return address }
    // An IPv4 client on a socket for both (RFC 4291, 2.5.5.2).
    if plain.contains("."), let mapped = plain.split(separator: ":").last { return String(mapped) }
    let halves = plain.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
      .map { $0.split(separator: ":").map(String.init) }
    let (head, tail) = (halves.first ?? [], halves.count > 1 ? halves[1] : [])
    let zeros = halves.count > 1 ? max(0, 8 - head.count - tail.count) : 0
    let groups = (head + Array(repeating: "0", count: zeros) + tail).prefix(4).map { group in
      let digits = group.drop { $0 == "0" }.lowercased()
      return digits.isEmpty ? "0" : digits
    }
    return groups.joined(separator: ":") + "::/64"
  }
}
