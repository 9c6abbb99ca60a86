internal import PhiModel

/// The weights and the word lists of the tagger, as they stand in the library: nothing is copied.
///
/// The file: a header of 64 bytes, a hash table of slots of 8 bytes (32 bits of a word's hash, ``WordFacts``), then
/// rows of eight 16-bit weights, one for each ``Tag``; all little-endian. The slots in use are in the order of their
/// hashes, each at its own place or behind it, so that a word that is not there is known by the next larger hash.
@safe package struct TaggerModel: Sendable {
  package enum Fault: Error, Equatable { case notAModel, version(UInt32), size, checksum }

  package static let magic: UInt64 = 0x4741_5445_4349_554C  // "LUICETAG"
  package static let version: UInt32 = 2
  package static let headerSize = 64
  /// Behind the last place, for those that find theirs taken; the very last slot is always free.
  package static let spareSlots = 256

  // Never changed, and there for as long as the model: see `init`.
  private nonisolated(unsafe) let slots: UnsafeRawPointer
  private nonisolated(unsafe) let weights: UnsafeRawPointer
  /// How many places the hashes are spread over: the slots but the last ``spareSlots``.
  private let places: UInt64
  /// A bit for each word that may be in the table, by bits of its hash: most that are not need not be looked for in megabytes.
  /// It is made once for each model and stays for as long as the process.
  private nonisolated(unsafe) let filter: UnsafePointer<UInt64>
  private static let filterBits: UInt64 = 21
  /// The logarithm of the number of rows.
  package let rowBits: UInt64

  /// - Parameter bytes: must outlive the model.
  package init(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    guard bytes.count >= Self.headerSize, let base = bytes.baseAddress,
      unsafe base.loadUnaligned(as: UInt64.self) == Self.magic
    else { throw .notAModel }
    let version = unsafe base.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
    guard version == Self.version else { throw .version(version) }
    let slotCount = unsafe Int(base.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
    let rowBits = unsafe base.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
    guard (Self.spareSlots + 1...1 << 22).contains(slotCount), (4...22).contains(rowBits),
      bytes.count == Self.headerSize + slotCount << 3 + 16 << rowBits,
      unsafe base.loadUnaligned(fromByteOffset: Self.headerSize + (slotCount - 1) << 3, as: UInt64.self) == 0
    else { throw .size }
    let sum = unsafe base.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    guard unsafe sum == Self.checksum(bytes) else { throw .checksum }
    unsafe slots = base + Self.headerSize
    unsafe weights = base + Self.headerSize + slotCount << 3
    places = UInt64(slotCount - Self.spareSlots)
    unsafe filter = unsafe Self.filter(UnsafeRawBufferPointer(start: slots, count: slotCount << 3))
    self.rowBits = UInt64(rowBits)
  }

  private static func filter(_ slots: UnsafeRawBufferPointer) -> UnsafePointer<UInt64> {
    let words = 1 << Int(filterBits - 6)
    let filter = UnsafeMutablePointer<UInt64>.allocate(capacity: words)
    unsafe filter.initialize(repeating: 0, count: words)
    for offset in stride(from: 0, to: slots.count, by: 8) {
      let slot = unsafe slots.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if slot != 0 { unsafe filter[Int(slot >> 6) & (words - 1)] |= 1 << (slot & 63) }
    }
    return unsafe UnsafePointer(filter)
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
    let words = 1 << Int(Self.filterBits - 6)
    guard unsafe filter[Int(print >> 6) & (words - 1)] >> UInt64(print & 63) & 1 == 1 else {
      return WordFacts(bits: 0)
    }
    var index = Self.place(of: print, among: places)
    while true {
      let slot = unsafe slots.loadUnaligned(fromByteOffset: index << 3, as: UInt64.self)
      let found = UInt32(truncatingIfNeeded: slot)
      if found == print { return WordFacts(bits: UInt32(truncatingIfNeeded: slot >> 32)) }
      if slot == 0 || found > print { return WordFacts(bits: 0) }
      index &+= 1
    }
  }

  /// Where a hash has its own place.
  @inline(__always)
  package static func place(of print: UInt32, among places: UInt64) -> Int {
    Int(truncatingIfNeeded: (UInt64(print) &* places) &>> 32)
  }

  /// A row of weights: one for each tag.
  @inline(__always)
  func weights(_ row: UInt32) -> SIMD8<Int32> {
    SIMD8<Int32>(
      truncatingIfNeeded: unsafe weights.loadUnaligned(
        fromByteOffset: Int(row) << 4, as: SIMD8<Int16>.self))
  }

  /// Asks for a row that will be read soon.
  @inline(__always)
  func prefetch(_ row: UInt32) { unsafe sluice_prefetch(weights + Int(row) << 4) }
}
