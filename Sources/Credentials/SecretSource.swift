/// Where a secret is read from. It is never written into a pipeline, or into the installation's settings.
public enum SecretSource: Sendable, Hashable, CustomStringConvertible {
  /// A variable of the environment. It can't change while this process runs.
  case environment(String)
  /// A file, whose whole text it is, without blanks around it.
  case file(String)
  /// A program and its arguments, which prints it; no shell reads them.
  case command([String])
  /// A field of a secret in HashiCorp Vault's KV version 2.
  case vault(mount: String, path: String, field: String)

  /// `env:NAME`, `file:PATH`, `command:/PATH ARGUMENT…`, `vault:MOUNT/PATH#FIELD`; nil: it is none of these.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    let rest = String(parts[1])
    switch parts[0] {
    case "env":
      guard
        rest.utf8.allSatisfy({
          $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x5F
        })
      else { return nil }
      self = .environment(rest)
    case "file": self = .file(rest)
    case "command":
      let words = rest.split(separator: " ").map(String.init)
      // By its whole path: what PATH leads to is not the installation's to say.
      guard let program = words.first, program.hasPrefix("/") else { return nil }
      self = .command(words)
    case "vault":
      let place = rest.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let steps = place[0].split(separator: "/", omittingEmptySubsequences: false)
      guard place.count == 2, !place[1].isEmpty, steps.count >= 2, steps.allSatisfy(Self.isStep) else {
        return nil
      }
      self = .vault(
        mount: String(steps[0]), path: steps.dropFirst().joined(separator: "/"), field: String(place[1]))
    default: return nil
    }
  }

  /// A step of a path that means the same to Vault and to whoever reads it here.
  private static func isStep(_ step: Substring) -> Bool {
    !step.isEmpty && step != "." && step != ".."
      && step.utf8.allSatisfy {
        $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || "-_.".utf8.contains($0)
      }
  }

  /// Whether it may be another one later.
  var canChange: Bool { if case .environment = self { false } else { true } }

  public var description: String {
    switch self {
    case .environment(let name): "env:\(name)"
    case .file(let path): "file:\(path)"
    // An argument may say more than it should.
    case .command(let words): "command:\(words[0])"
    case .vault(let mount, let path, let field): "vault:\(mount)/\(path)#\(field)"
    }
  }
}

/// Why a secret can't be read. Its text names the place, never a value.
public struct SecretFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public let message: String
  /// Whether it may be there later without anybody doing anything.
  public let isTemporary: Bool

  public init(_ message: String, isTemporary: Bool = false) {
    self.message = message
    self.isTemporary = isTemporary
  }

  public var description: String { message }
}
