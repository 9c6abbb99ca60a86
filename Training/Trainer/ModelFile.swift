package import PhiFilter

/// Writes the file that ``TaggerModel`` reads.
package enum ModelFile {
  package struct Fault: Error, CustomStringConvertible {
    package let description: String
  }

  /// - Parameters:
  ///   - words: lines of `HASH<tab>BITS`: 16 hexadecimal digits and a decimal number.
  ///   - slots: of four bytes each; a quarter more than words makes looking up fast. Of words whose hashes have the same 32
  ///     bits one is taken.
  ///   - weights: rows of eight; the file holds them less the first of each, in as large steps as the largest needs.
  package static func make(words: [UInt8], slots: Int, weights: [SIMD8<Int16>]) throws -> [UInt8] {
    let entries = try entries(words)
    let known = [0] + Set(entries.map(\.bits)).sorted()
    guard known.count <= 1 << 16 else {
      throw Fault(description: "\(known.count) kinds of words are too many")
    }
    let layout = TaggerModel.Layout(slots: slots, known: known.count, rows: weights.count)
    var file = [UInt8](repeating: 0, count: layout.size)
    put(TaggerModel.magic, at: 0, of: &file)
    put(TaggerModel.version, at: 8, of: &file)
    put(UInt32(slots), at: 12, of: &file)
    put(UInt32(weights.count), at: 16, of: &file)
    put(UInt32(known.count), at: 20, of: &file)
    try putWords(entries, known, layout, slots: slots, in: &file)
    for (index, bits) in known.enumerated() { put(bits, at: layout.known + index << 2, of: &file) }
    putWeights(weights, layout, in: &file)
    let sum = unsafe file.withUnsafeBytes { unsafe TaggerModel.checksum($0) }
    put(sum, at: 24, of: &file)
    return file
  }

  private static func entries(_ words: [UInt8]) throws -> [(print: UInt32, bits: UInt32)] {
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
    return entries.sorted { ($0.print, $0.bits) < ($1.print, $1.bits) }
  }

  private static func putWords(
    _ entries: [(print: UInt32, bits: UInt32)], _ known: [UInt32], _ layout: TaggerModel.Layout, slots: Int,
    in file: inout [UInt8]
  ) throws {
    let numbers = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, UInt32($0)) })
    let places = UInt64(max(slots - TaggerModel.spareSlots, 0))
    var next = 0
    var last: UInt32?
    for entry in entries where entry.print != last {
      let index = max(TaggerModel.place(of: entry.print, among: places), next)
      guard index + 1 < slots else { throw Fault(description: "more words than \(slots) slots hold") }
      let slot = numbers[entry.bits, default: 0] << 16 | entry.print & 0xFFFF
      put(slot, at: layout.slots + index << 2, of: &file)
      let bit = Int(entry.print) & (TaggerModel.filterBits - 1)
      file[TaggerModel.headerSize + bit >> 3] |= 1 << UInt8(bit & 7)
      next = index + 1
      last = entry.print
    }
  }

  /// What counts is how much more a tag weighs than none: so the first weight of a row is always 0.
  private static func putWeights(
    _ weights: [SIMD8<Int16>], _ layout: TaggerModel.Layout, in file: inout [UInt8]
  ) {
    let rows = weights.map { row in SIMD8<Int32>(truncatingIfNeeded: row) &- Int32(row[0]) }
    let largest = rows.reduce(0) { max($0, $1.max(), -$1.min()) }
    let step = max((largest + 126) / 127, 1)
    put(UInt32(step), at: 32, of: &file)
    for (index, row) in rows.enumerated() {
      for lane in 0..<8 {
        let half = row[lane] < 0 ? -step / 2 : step / 2
        file[layout.weights + index << 3 + lane] = UInt8(bitPattern: Int8((row[lane] + half) / step))
      }
    }
  }

  private static func put<Value: FixedWidthInteger>(_ value: Value, at place: Int, of file: inout [UInt8]) {
    for index in 0..<Value.bitWidth >> 3 {
      file[place + index] = UInt8(truncatingIfNeeded: value >> Value(index << 3))
    }
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
