import Foundation
import Synchronization
import Testing

@testable import Control

/// What a store's tests run on: both databases, by the same tests.
enum TestBackend: String, CaseIterable, CustomTestStringConvertible {
  case sqlite, postgres

  /// Postgres where it is installed; where tests have to be complete it is missed.
  static var all: [TestBackend] {
    TestPostgres.binaries != nil || ProcessInfo.processInfo.environment["CI"] != nil ? allCases : [.sqlite]
  }

  var testDescription: String { rawValue }
}

/// A data directory of its own for each test, and a store that goes with it.
struct Sandbox {
  /// The folder of all of them, gone with the tests.
  private static let folder: String = {
    atexit { try? FileManager.default.removeItem(atPath: Sandbox.folder) }
    let path = NSTemporaryDirectory() + "sluice-control-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }()

  let path = "\(Sandbox.folder)/\(UUID().uuidString)"
  private let backend: TestBackend
  let schema = "t" + UUID().uuidString.lowercased().replacing("-", with: "")

  init(_ backend: TestBackend = .sqlite) { self.backend = backend }

  func store() throws -> Store {
    try Store(try DataDirectory(path), at: try location())
  }

  func location() throws -> StoreLocation {
    switch backend {
    case .sqlite: .local
    case .postgres: try StoreLocation(try TestPostgres.shared.get().place(schema))
    }
  }
}

/// A server of the tests' own, which ends with them.
final class TestPostgres: Sendable {
  struct Failure: Error { let message: String }

  static let shared = Result { try TestPostgres() }

  /// The newest that is installed.
  static let binaries: String? = {
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    return versions.compactMap(Int.init).max().map { "/usr/lib/postgresql/\($0)/bin" }
  }()

  private let folder: String
  // Its other end is the server's life: when this process is gone, however it ended, so is the server.
  private let life = Pipe()

  private init() throws {
    guard let binaries = Self.binaries else {
      throw Failure(message: "PostgreSQL is not installed: run Scripts/install-dependencies.sh")
    }
    folder = "/tmp/sluice-pg-\(UUID().uuidString.prefix(8))"
    let script = """
      set -e; mkdir -m 700 \(folder); cd \(folder)
      \(binaries)/initdb -D data -U postgres -E UTF8 --locale=C.UTF-8 --auth=trust >log 2>&1
      \(binaries)/postgres -D data -c listen_addresses= -c unix_socket_directories=\(folder) -c fsync=off \
        -c max_connections=300 >>log 2>&1 & child=$!
      read -r _ || true
      kill -INT $child; wait $child || true
      rm -rf \(folder)
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // PostgreSQL refuses to run as root.
    process.arguments =
      (geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [])
      + ["bash", "-c", script]
    process.standardInput = life
    try process.run()
    for _ in 0..<600 {
      let probe = Process()
      probe.executableURL = URL(fileURLWithPath: "\(binaries)/pg_isready")
      probe.arguments = ["-q", "-h", folder]
      try probe.run()
      probe.waitUntilExit()
      if probe.terminationStatus == 0 { return }
      usleep(100_000)
    }
    throw Failure(message: "PostgreSQL did not start: see \(folder)/log")
  }

  func place(_ schema: String) -> String {
    "postgres://postgres@\(folder.replacing("/", with: "%2F"))/postgres?schema=\(schema)"
  }
}
