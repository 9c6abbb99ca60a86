/// What differs between two policies, file by file, in the unified form that `diff -u` and git have.
enum PolicyDiff {
  /// Lines that are the same around a change, for the reader to see where it is.
  private static let context = 3

  /// Empty where nothing differs. Colours where the terminal has them.
  static func text(_ before: PolicyBundle, _ after: PolicyBundle) -> String {
    let (old, new) = (before.pipelines + before.protocols, after.pipelines + after.protocols)
    let names = old.map(\.name) + new.map(\.name).filter { name in !old.contains { $0.name == name } }
    return names.compactMap { name in
      let was = old.first { $0.name == name }
      let becomes = new.first { $0.name == name }
      guard was != becomes else { return nil }
      let head = [
        Terminal.bold("--- \(was == nil ? "/dev/null" : name)"),
        Terminal.bold("+++ \(becomes == nil ? "/dev/null" : name)"),
      ]
      return (head + hunks(lines(was), lines(becomes))).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func lines(_ file: PolicyBundle.File?) -> [Substring] {
    guard let file else { return [] }
    var lines = String(decoding: file.bytes, as: UTF8.self)[...].split(
      separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private enum Line {
    case same(Substring), removed(Substring), added(Substring)

    var isChange: Bool { if case .same = self { false } else { true } }
  }

  private static func hunks(_ old: [Substring], _ new: [Substring]) -> [String] {
    let all = align(old, new)
    var output: [String] = []
    var index = 0
    while let change = all[index...].firstIndex(where: \.isChange) {
      let start = max(index, change - context)
      var end = change
      // Changes with few lines between them are one hunk.
      while let next = all[end...].firstIndex(where: \.isChange), next - end <= 2 * context { end = next + 1 }
      let stop = min(all.count, end + context)
      output.append(heading(all, start..<stop))
      output += all[start..<stop].map { line in
        switch line {
        case .same(let text): " \(text)"
        case .removed(let text): Terminal.red("-\(text)")
        case .added(let text): Terminal.green("+\(text)")
        }
      }
      index = stop
    }
    return output
  }

  private static func heading(_ all: [Line], _ range: Range<Int>) -> String {
    func count(_ lines: ArraySlice<Line>) -> (old: Int, new: Int) {
      lines.reduce(into: (0, 0)) { count, line in
        if case .added = line {} else { count.0 += 1 }
        if case .removed = line {} else { count.1 += 1 }
      }
    }
    let (before, own) = (count(all[..<range.lowerBound]), count(all[range]))
    func place(_ before: Int, _ own: Int) -> String { "\(own == 0 ? before : before + 1),\(own)" }
    return Terminal.dim("@@ -\(place(before.old, own.old)) +\(place(before.new, own.new)) @@")
  }

  private static func align(_ old: [Substring], _ new: [Substring]) -> [Line] {
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [Line] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, removed.contains(left) {
        lines.append(.removed(old[left]))
        left += 1
      } else if right < new.count, added.contains(right) {
        lines.append(.added(new[right]))
        right += 1
      } else {
        lines.append(.same(old[left]))
        left += 1
        right += 1
      }
    }
    return lines
  }
}
