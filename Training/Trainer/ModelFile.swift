package import PhiFilter

/// Writes the file that ``TaggerModel`` reads.
package enum ModelFile {
  package struct Fault: Error, CustomStringConvertible {
    package let description: String
  }

  /// - Parameters:
  ///   - words: lines of `HASH<tab>BITS`: 16 hexadecimal digits and a decimal number.
  ///   - slots: of 8 bytes each; a quarter more than words makes looking up fast. Of words whose hashes have the same 32
  ///     bits one is taken.
  ///   - weights: rows of eight.
  package static func make(words: [UInt8], slots: Int, rowBits: Int, weights: [SIMD8<Int16>]) throws
    -> [UInt8]
  {
    var entries: [(print: UInt32, bits: UInt32)] = []
    for line in words.split(separator: 0x0A) {
      let parts = line.split(separator: 0x09).map { String(decoding: $0, as: UTF8.self) }
      guard parts.count == 2, let hash = UInt64(parts[0], radix: 16), let bits = UInt32(parts[1]), bits != 0
      else {
        throw Fault(
          description: "a line of words is not HASH and BITS: \(String(decoding: line, as: UTF8.self))")
      }
      entries.append((UInt32(truncatingIfNeeded: hash >> 32), bits))
    }
    entries.sort { ($0.print, $0.bits) < ($1.print, $1.bits) }
    var table = [UInt64](repeating: 0, count: slots)
    let places = UInt64(max(slots - TaggerModel.spareSlots, 0))
    var next = 0
    var last: UInt32?
    for entry in entries where entry.print != last {
      let index = max(TaggerModel.place(of: entry.print, among: places), next)
      guard index + 1 < slots else { throw Fault(description: "more words than \(slots) slots hold") }
      table[index] = UInt64(entry.print) | UInt64(entry.bits) << 32
      next = index + 1
      last = entry.print
    }
    var file: [UInt8] = []
    file.reserveCapacity(TaggerModel.headerSize + slots << 3 + 16 << rowBits)
    append(TaggerModel.magic, to: &file)
    append(UInt64(TaggerModel.version) | UInt64(slots) << 32, to: &file)
    append(UInt64(rowBits), to: &file)
    for _ in 3..<8 { append(0, to: &file) }
    for slot in table { append(slot, to: &file) }
    for row in weights {
      for lane in 0..<8 {
        let value = UInt16(bitPattern: row[lane])
        file.append(UInt8(truncatingIfNeeded: value))
        file.append(UInt8(truncatingIfNeeded: value >> 8))
      }
    }
    let sum = unsafe file.withUnsafeBytes { unsafe TaggerModel.checksum($0) }
    for index in 0..<8 { file[24 + index] = UInt8(truncatingIfNeeded: sum >> UInt64(index << 3)) }
    return file
  }

  private static func append(_ value: UInt64, to file: inout [UInt8]) {
    for index in 0..<8 { file.append(UInt8(truncatingIfNeeded: value >> UInt64(index << 3))) }
  }
}

/// A model over bytes that live as long as it does.
@safe package final class LoadedModel {
  package let model: TaggerModel
  private let bytes: UnsafeMutableRawBufferPointer

  package init(_ file: [UInt8]) throws {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 64)
    unsafe copy.copyBytes(from: file)
    unsafe bytes = copy
    do { model = unsafe try TaggerModel(UnsafeRawBufferPointer(copy)) } catch {
      unsafe copy.deallocate()
      throw error
    }
  }

  deinit { unsafe bytes.deallocate() }
}
