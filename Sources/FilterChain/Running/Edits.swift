/// A replacement that a mask asked for.
public struct EditPlan: Sendable, Hashable {
  /// As in ``FindingReport/segment``.
  public let segment: Int
  /// Of the segment's decoded text; on borders of code points.
  public var range: Range<Int>
  /// In the arena that comes with it.
  public let replacement: Range<Int>
}

extension Array where Element == EditPlan {
  /// Puts edits in order, and makes one of those that overlap: it spans them all and takes the first one's
  /// replacement (mask.h). The arena tells which was emitted first where two begin and end together.
  mutating func merge() {
    guard count > 1 else { return }
    sort { one, other in
      if one.segment != other.segment { return one.segment < other.segment }
      if one.range.lowerBound != other.range.lowerBound {
        return one.range.lowerBound < other.range.lowerBound
      }
      if one.range.upperBound != other.range.upperBound {
        return one.range.upperBound > other.range.upperBound
      }
      return (one.replacement.lowerBound, one.replacement.upperBound)
        < (other.replacement.lowerBound, other.replacement.upperBound)
    }
    var last = 0
    for index in 1..<count {
      let edit = self[index]
      if edit.segment == self[last].segment, edit.range.lowerBound < self[last].range.upperBound {
        let end = Swift.max(self[last].range.upperBound, edit.range.upperBound)
        self[last].range = self[last].range.lowerBound..<end
      } else {
        last += 1
        self[last] = edit
      }
    }
    removeSubrange((last + 1)...)
  }
}
