package import PhiFilter

/// Writes the file that ``TaggerModel`` reads.
package enum ModelFile {
  package struct Fault: Error, CustomStringConvertible {
    package let description: String
  }

  /// - Parameters:
  ///   - words: lines of `HASH<tab>BITS`: 16 hexadecimal digits and a decimal number.
  ///   - weights: rows of eight.
  package static func make(words: [UInt8], slotBits: Int, rowBits: Int, weights: [SIMD8<Int16>]) throws
    -> [UInt8]
  {
    let slots = 1 << slotBits
    var table = [UInt64](repeating: 0, count: slots)
    var count = 0
    for line in words.split(separator: 0x0A) {
      let parts = line.split(separator: 0x09).map { String(decoding: $0, as: UTF8.self) }
      guard parts.count == 2, let hash = UInt64(parts[0], radix: 16), let bits = UInt32(parts[1]), bits != 0
      else {
        throw Fault(
          description: "a line of words is not HASH and BITS: \(String(decoding: line, as: UTF8.self))")
      }
      var index = Int(truncatingIfNeeded: hash) & (slots - 1)
      while table[index] != 0 { index = (index + 1) & (slots - 1) }
      table[index] = hash >> 32 | UInt64(bits) << 32
      count += 1
      guard count * 8 <= slots * 7 else { throw Fault(description: "more words than \(slots) slots hold") }
    }
    var file: [UInt8] = []
    file.reserveCapacity(TaggerModel.headerSize + 8 << slotBits + 16 << rowBits)
    append(TaggerModel.magic, to: &file)
    append(UInt64(TaggerModel.version) | UInt64(slotBits) << 32, to: &file)
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
