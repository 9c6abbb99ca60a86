import Foundation
import Testing

@testable import PhiFilter

/// Compiled patterns on disk: what nobody else could have written is read again, and nothing else.
@Suite struct PatternCacheTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "phi-cache-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func mode(_ url: URL) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int ?? 0
  }

  private func ends(_ matcher: PatternMatcher, _ text: String) throws -> [Int] {
    let matches = PatternMatcher.Matches()
    let bytes = Array(text.utf8)
    try matcher.scan(bytes.span, bytes.indices, into: matches)
    return matches.found.map(\.end)
  }

  private static let patterns = [PatternMatcher.Pattern(literal: "holloway")]

  @Test func whatWasStoredIsReadAgain() throws {
    try withFolder { folder in
      let cache = PatternCache(folder: folder.path)
      #expect(cache.read("a.patterns") == nil)
      cache.write([1, 2, 3], "a.patterns")
      #expect(cache.read("a.patterns") == [1, 2, 3])
      let modes = [try mode(folder), try mode(folder.appending(path: "a.patterns"))]
      #expect(modes == [0o700, 0o600])
    }
  }

  @Test func aStoredMatcherFindsTheSame() throws {
    try withFolder { folder in
      let cache = PatternCache(folder: folder.path)
      let text = "of Holloway and HOLLOWAY"
      #expect(try ends(PatternMatcher(Self.patterns, cache: cache), text) == [11, 24])
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(files.count == 1)
      #expect(try ends(PatternMatcher(Self.patterns, cache: cache), text) == [11, 24])
      // Other patterns have another name.
      _ = try PatternMatcher([PatternMatcher.Pattern(literal: "other")], cache: cache)
      let both = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(both.count == 2)
    }
  }

  @Test func damageIsCompiledAnew() throws {
    try withFolder { folder in
      let cache = PatternCache(folder: folder.path)
      _ = try PatternMatcher(Self.patterns, cache: cache)
      let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder.path).first)
      let file = folder.appending(path: name)
      let whole = try Data(contentsOf: file)
      for damaged in [whole.dropLast(1), Data(), whole.prefix(32), Data(repeating: 0, count: whole.count)] {
        try damaged.write(to: file)
        #expect(cache.read(name) == nil)
        #expect(try ends(PatternMatcher(Self.patterns, cache: cache), "holloway") == [8])
        #expect(cache.read(name) != nil)
      }
      // What is whole, and no database.
      cache.write([UInt8](repeating: 7, count: 4096), name)
      #expect(try ends(PatternMatcher(Self.patterns, cache: cache), "holloway") == [8])
    }
  }

  @Test func whatOthersMayWriteIsNotRead() throws {
    try withFolder { folder in
      let cache = PatternCache(folder: folder.path)
      cache.write([1], "a.patterns")
      let file = folder.appending(path: "a.patterns").path
      try FileManager.default.setAttributes([.posixPermissions: 0o620], ofItemAtPath: file)
      #expect(cache.read("a.patterns") == nil)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
      #expect(cache.read("a.patterns") != nil)
      try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
      #expect(cache.read("a.patterns") == nil)
      cache.write([1], "b.patterns")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "b.patterns").path))
    }
  }

  @Test func linksAreNotFollowed() throws {
    try withFolder { folder in
      let cache = PatternCache(folder: folder.path)
      cache.write([1], "a.patterns")
      let link = folder.appending(path: "b.patterns").path
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: folder.appending(path: "a.patterns").path)
      #expect(cache.read("b.patterns") == nil)
    }
  }

  @Test func oldFilesGo() throws {
    try withFolder { folder in
      let cache = PatternCache(folder: folder.path)
      for index in 0..<30 { cache.write([UInt8(index)], "\(index).patterns") }
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(files.count == 16)
    }
  }
}
