internal import PhiModel

/// The weights and the word lists of the tagger, as they stand in the library: nothing is copied.
///
/// The file, all little-endian, each part at a multiple of 64 bytes: a header; a bit for each word that may be in the list, by bits of
/// its hash; a hash table of slots of four bytes (the lowest 16 of a word's 32 bits of hash, and the number of what is known of it); those
/// ``WordFacts``, the first of them nothing; then rows of eight 8-bit weights, one for each ``Tag``. A slot is at its word's own place
/// or behind it, and where it stands tells the rest of the hash, all but exactly.
@safe package struct TaggerModel: Sendable {
  package enum Fault: Error, Equatable { case notAModel, version(UInt32), size, checksum }

  package static let magic: UInt64 = 0x4741_5445_4349_554C  // "LUICETAG"
  package static let version: UInt32 = 3
  package static let headerSize = 64
  /// Behind the last place, for those that find theirs taken; the very last slot is always free.
  package static let spareSlots = 256

  // Never changed, and there for as long as the model: see `init`.
  private nonisolated(unsafe) let filter: UnsafeRawPointer
  private nonisolated(unsafe) let slots: UnsafeRawPointer
  private nonisolated(unsafe) let known: UnsafeRawPointer
  private nonisolated(unsafe) let weights: UnsafeRawPointer
  /// How many places the hashes are spread over: the slots but the last ``spareSlots``.
  private let places: UInt64
  private let knownCount: UInt32
  /// How many bits there are for words: most that are in no list need not be looked for in megabytes.
  package static let filterBits = 1 << 21
  /// How many rows of weights there are.
  package let rowCount: UInt64
  /// What one step of a weight counts.
  package let step: Int32

  /// - Parameter bytes: must outlive the model.
  package init(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    guard bytes.count >= Self.headerSize, let base = bytes.baseAddress,
      unsafe base.loadUnaligned(as: UInt64.self) == Self.magic
    else { throw .notAModel }
    let version = unsafe base.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
    guard version == Self.version else { throw .version(version) }
    let slotCount = unsafe Int(base.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
    let rowCount = unsafe Int(base.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
    let knownCount = unsafe Int(base.loadUnaligned(fromByteOffset: 20, as: UInt32.self))
    let step = unsafe base.loadUnaligned(fromByteOffset: 32, as: UInt32.self)
    guard (Self.spareSlots + 1...1 << 22).contains(slotCount), (1...1 << 22).contains(rowCount),
      (1...1 << 16).contains(knownCount), (1...1 << 12).contains(step)
    else { throw .size }
    let layout = Layout(slots: slotCount, known: knownCount, rows: rowCount)
    guard bytes.count == layout.size,
      unsafe base.loadUnaligned(fromByteOffset: layout.slots + (slotCount - 1) << 2, as: UInt32.self) == 0
    else { throw .size }
    let sum = unsafe base.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    guard unsafe sum == Self.checksum(bytes) else { throw .checksum }
    unsafe filter = base + Self.headerSize
    unsafe slots = base + layout.slots
    unsafe known = base + layout.known
    unsafe weights = base + layout.weights
    places = UInt64(slotCount - Self.spareSlots)
    self.knownCount = UInt32(knownCount)
    self.rowCount = UInt64(rowCount)
    self.step = Int32(step)
  }

  /// Where the parts of a file begin.
  package struct Layout {
    package let slots, known, weights, size: Int

    package init(slots slotCount: Int, known knownCount: Int, rows: Int) {
      func padded(_ size: Int) -> Int { (size + 63) & ~63 }
      slots = TaggerModel.headerSize + TaggerModel.filterBits >> 3
      known = slots + padded(slotCount << 2)
      weights = known + padded(knownCount << 2)
      size = weights + padded(rows << 3)
    }
  }

  /// The model that is part of the library, checked once.
  static let shipped: Result<TaggerModel, Fault> = {
    let size = Int(sluice_tagger_model_size())
    do throws(Fault) {
      return .success(
        unsafe try TaggerModel(UnsafeRawBufferPointer(start: sluice_tagger_model(), count: size)))
    } catch { return .failure(error) }
  }()

  /// Over the whole file but the checksum's own place: four sums side by side, since one alone waits for itself.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var sums = SIMD4<UInt64>(1, 2, 3, 4)
    let prime = SIMD4<UInt64>(repeating: 0x9E37_79B9_7F4A_7C15)
    var offset = 0
    while offset + 32 <= bytes.count {
      var block = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
      if offset == 0 { block[3] = 0 }
      sums = (sums ^ block) &* prime
      sums ^= sums &>> 29
      offset += 32
    }
    var all: UInt64 = UInt64(bytes.count)
    for lane in 0..<4 { all = (all ^ sums[lane]) &* prime[0] }
    while offset < bytes.count {
      all = unsafe (all ^ UInt64(bytes[offset])) &* prime[0]
      offset += 1
    }
    return all ^ all >> 31
  }

  /// What the lists say of a word by its hash.
  @inline(__always)
  package func facts(_ hash: UInt64) -> WordFacts {
    let print = UInt32(truncatingIfNeeded: hash >> 32)
    let bit = Int(print) & (Self.filterBits - 1)
    guard unsafe filter.load(fromByteOffset: bit >> 3, as: UInt8.self) >> UInt8(bit & 7) & 1 == 1 else {
      return WordFacts(bits: 0)
    }
    return look(print)
  }

  private func look(_ print: UInt32) -> WordFacts {
    var index = Self.place(of: print, among: places)
    while true {
      let slot = unsafe slots.load(fromByteOffset: index << 2, as: UInt32.self)
      if slot == 0 { return WordFacts(bits: 0) }
      if UInt16(truncatingIfNeeded: slot) == UInt16(truncatingIfNeeded: print) {
        let number = slot >> 16
        guard number < knownCount else { return WordFacts(bits: 0) }
        return WordFacts(bits: unsafe known.load(fromByteOffset: Int(number) << 2, as: UInt32.self))
      }
      index &+= 1
    }
  }

  /// Where a hash has its own place.
  @inline(__always)
  package static func place(of print: UInt32, among places: UInt64) -> Int {
    Int(truncatingIfNeeded: (UInt64(print) &* places) &>> 32)
  }

  /// A row of weights: one for each tag, in steps.
  @inline(__always)
  func weights(_ row: UInt32) -> SIMD8<Int16> {
    SIMD8<Int16>(
      truncatingIfNeeded: unsafe weights.loadUnaligned(fromByteOffset: Int(row) << 3, as: SIMD8<Int8>.self))
  }

  /// Asks for a row that will be read soon.
  @inline(__always)
  func prefetch(_ row: UInt32) { unsafe sluice_prefetch(weights + Int(row) << 3) }
}
