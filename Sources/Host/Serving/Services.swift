internal import Control
internal import FilterChain
internal import Foundation

/// What plugins are offered, from what an installation has.
enum Services {
  /// For a gateway: keys from its store, fingerprints under its own key.
  static func gateway(_ keys: KeyDirectory, fingerprintKey: [UInt8]) -> HostServices {
    HostServices(
      version: "sluice \(Sluice.version)", fingerprintKey: fingerprintKey,
      findKey: { digest in
        switch keys.find(digest) {
        case .valid(let key):
          .valid(
            Principal(
              subject: key.subject, email: key.email, groups: key.groups, established: "keys",
              credential: key.id,
              expires: key.expires))
        case .unknown: .unknown
        case .expired: .expired
        case .revoked: .revoked
        case .unavailable: .unavailable
        }
      }, log: Journal.write)
  }

  /// For work on files and for checks: no keys, and fingerprints that mean nothing outside this run, unless an
  /// installation's key is given.
  static func offline(fingerprintKey: [UInt8]? = nil) -> HostServices {
    var random = SystemRandomNumberGenerator()
    return HostServices(
      version: "sluice \(Sluice.version)",
      fingerprintKey: fingerprintKey ?? (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) },
      findKey: { _ in .unavailable }, log: Journal.write)
  }
}

/// The gateway's own log, on standard error: one line of logfmt an entry. It holds nothing of an exchange.
enum Journal {
  static func write(_ level: LogLevel, _ template: String, _ fields: [(name: String, value: String)]) {
    guard level != .debug else { return }
    let time = Terminal.time(secondsNow())
    let rest = fields.map { " \($0.name)=\($0.value.contains(" ") ? "\"\($0.value)\"" : $0.value)" }.joined()
    Terminal.complain("\(time) \(level) \(template)\(rest)")
  }

  static func info(_ template: String, _ fields: (name: String, value: String)...) {
    write(.info, template, fields)
  }
  static func warning(_ template: String, _ fields: (name: String, value: String)...) {
    write(.warning, template, fields)
  }
}
