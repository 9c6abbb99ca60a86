internal import Foundation
internal import Glibc

/// Where the key comes from under which the store's secrets are sealed.
enum StoreKeySource: Sendable {
  /// `secrets/texts.key` in the data directory, made on first use.
  case directory(DataDirectory)
  case file(String)
  case environment(String)
  /// A program and its arguments, as one that asks a key management service: it prints the key.
  case command([String])

  /// What says that it is elsewhere than in the data directory.
  static let variable = "SLUICE_STORE_KEY"

  init(_ directory: DataDirectory) throws(ControlError) {
    guard let text = unsafe getenv(Self.variable).map({ unsafe String(cString: $0) }) else {
      self = .directory(directory)
      return
    }
    if text.hasPrefix("file:") {
      self = .file(String(text.dropFirst(5)))
    } else if text.hasPrefix("env:") {
      self = .environment(String(text.dropFirst(4)))
    } else if text.hasPrefix("command:") {
      self = .command(text.dropFirst(8).split(separator: " ").map(String.init))
    } else {
      throw ControlError(
        .invalid,
        "\(Self.variable) says where the store's key is: file:PATH, env:NAME or command:PROGRAM ARGUMENT…")
    }
  }

  /// The key, 32 bytes. [blocking]
  func read() throws(ControlError) -> [UInt8] {
    switch self {
    case .directory(let directory): return try directory.secret(named: "texts")
    case .file(let path):
      guard let data = FileManager.default.contents(atPath: path), data.count <= 4096 else {
        throw ControlError(.unavailable, "the store's key, \(path), can't be read")
      }
      return data.count == 32 ? Array(data) : try Self.key(Array(data), "the file \(path)")
    case .environment(let name):
      guard let text = unsafe getenv(name).map({ unsafe String(cString: $0) }) else {
        throw ControlError(.unavailable, "the environment variable \(name), the store's key, is not set")
      }
      return try Self.key(Array(text.utf8), "the environment variable \(name)")
    case .command(let words):
      return try Self.key(try Self.output(of: words), "what \(words.first ?? "") prints")
    }
  }

  /// 64 hexadecimal digits, or 32 bytes in Base64.
  private static func key(_ text: [UInt8], _ place: String) throws(ControlError) -> [UInt8] {
    let line = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    if line.utf8.count == 64 {
      let bytes = stride(from: 0, to: 64, by: 2).compactMap { start in
        UInt8(line.dropFirst(start).prefix(2), radix: 16)
      }
      if bytes.count == 32 { return bytes }
    }
    guard let data = Data(base64Encoded: line), data.count == 32 else {
      throw ControlError(
        .invalid, "\(place) is no key of the store: 64 hexadecimal digits, or 32 bytes in Base64")
    }
    return Array(data)
  }

  /// As credentials are: it gets no variable of the environment that holds another secret, and can't hold this up.
  private static func output(of words: [String]) throws(ControlError) -> [UInt8] {
    guard let program = words.first, program.hasPrefix("/") else {
      throw ControlError(.invalid, "the command for the store's key begins with a program's whole path")
    }
    do throws(CommandRun.Failure) { return try CommandRun.output(of: words) } catch {
      throw ControlError(
        .unavailable, "the store's key: \(error.message); run it by hand to see why")
    }
  }
}
