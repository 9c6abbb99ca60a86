import Foundation
import Glibc
import Testing

@testable import PluginTrust

@Suite struct SealingTests {
  @Test func whatIsSealedIsWhatWasRead() throws {
    let folder = try Folder()
    for text in ["", "code", String(repeating: "x", count: 1 << 20)] {
      let file = try folder.plugin(text)
      let image = try file.sealed()
      // The file may change; what is to be loaded may not.
      try folder.write("other", to: "liba.so")
      #expect(try PluginFile(reading: image.path).digest == file.digest)
    }
  }

  @Test func nobodyCanChangeIt() throws {
    let image = try Folder().plugin("code").sealed()
    let descriptor = image.keep()
    defer { close(descriptor) }
    #expect(descriptor >= 20)
    #expect(unsafe pwrite(descriptor, "evil", 4, 0) < 0)
    #expect(ftruncate(descriptor, 2) < 0)
    #expect(ftruncate(descriptor, 8) < 0)
    let again = unsafe open("/proc/self/fd/\(descriptor)", O_RDWR)
    defer { close(again) }
    #expect(unsafe again < 0 || write(again, "evil", 4) < 0)
    let mapped = unsafe mmap(nil, 4, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    #expect(unsafe mapped == MAP_FAILED)
  }

  @Test func aDescriptorGoesWithItsImageUnlessItIsKept() throws {
    func path() throws -> String { try Folder().plugin("unlike any other").sealed().path }
    let gone = try path()
    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: gone)
    #expect(target?.contains("liba.so") != true)
  }
}
