/// A text that arrives in pieces: what of it is not released yet, and what was found there.
final class StreamChannel {
  let id: Int
  let pointer: [UInt8]
  let name: [UInt8]
  let role: UInt32
  /// What has been fed and not released. Its first byte is at offset `base`, on the border of a code point.
  var window = ByteWindow()
  private(set) var base = 0
  /// What each detector has called safe.
  var safe: [Int]
  /// Findings that are not released, in order, without overlap.
  var findings: [FindingReport] = []
  var isEnded = false

  init(id: Int, pointer: [UInt8], role: UInt32, detectors: Int) {
    self.id = id
    self.pointer = pointer
    name = pointer.lastIndex(of: UInt8(ascii: "/")).map { Array(pointer[($0 + 1)...]) } ?? []
    self.role = role
    safe = Array(repeating: 0, count: detectors)
  }

  /// Takes in what was found in `view`, the text from `base` on.
  func add(_ found: [FindingReport], in view: Span<UInt8>) {
    for var finding in found {
      let range = CodePoints.outward(finding.start - base, finding.end - base, in: view)
      finding.start = range.lowerBound + base
      finding.end = range.upperBound + base
      findings.append(finding)
    }
    findings.merge(from: 0)
  }

  /// How much of `view`, the text from `base` on, may go out: as far as no detector may still find something, but no
  /// part of a finding, and no part of a code point.
  func releasable(_ view: Span<UInt8>) -> Int {
    let safe = (safe.min() ?? base + view.count) - base
    var limit = CodePoints.floor(min(safe, view.count - CodePoints.unfinished(view)), in: view)
    // They don't overlap, so one of them at most reaches over the limit.
    if let crossing = findings.first(where: { $0.end - base > limit }), crossing.start - base < limit {
      limit = crossing.start - base
    }
    return limit
  }

  /// Takes off the findings of the first `count` bytes of `view`, which are about to go out.
  func takeFindings(_ count: Int, of view: Span<UInt8>) -> [FindingReport] {
    let number = findings.firstIndex { $0.end - base > count } ?? findings.count
    guard number > 0 else { return [] }
    var taken = Array(findings[..<number])
    findings.removeFirst(number)
    // Only now is the code point whole that a finding ended in.
    for index in taken.indices {
      taken[index].end = CodePoints.ceiling(taken[index].end - base, in: view) + base
    }
    return taken
  }

  /// So many bytes have gone out.
  func released(_ count: Int) { base += count }

  /// All is out: gives back the memory.
  func end() {
    isEnded = true
    window = ByteWindow()
    findings = []
    safe = []
  }
}
