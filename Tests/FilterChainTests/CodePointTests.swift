import Testing

@testable import FilterChain

@Suite struct CodePointTests {
  @Test func movesToBordersOfCodePoints() {
    let text = Array("aé日😀z".utf8)  // borders: 0 1 3 6 10 11
    let borders = [0, 1, 3, 6, 10, 11]
    for offset in 0...text.count {
      #expect(CodePoints.floor(offset, in: text.span) == borders.last { $0 <= offset })
      #expect(CodePoints.ceiling(offset, in: text.span) == borders.first { $0 >= offset })
    }
    #expect(CodePoints.outward(2, 4, in: text.span) == 1..<6)
    #expect(CodePoints.outward(2, 2, in: text.span) == 1..<1)
  }

  @Test func knowsWhatIsUnfinished() {
    let text = Array("aé日😀".utf8)
    let unfinished = (0...text.count).map { count in
      let part = Array(text[..<count])
      return CodePoints.unfinished(part.span)
    }
    #expect(unfinished == [0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0])
  }

  @Test func looksNoFurtherThanACodePointReaches() {
    let junk = [UInt8](repeating: 0x80, count: 100)
    for offset in 0...100 {
      #expect(CodePoints.floor(offset, in: junk.span) == offset)
      #expect(CodePoints.ceiling(offset, in: junk.span) == offset)
    }
    #expect(CodePoints.unfinished(junk.span) == 0)
    // What follows a whole code point does not belong to it.
    let stray: [UInt8] = [0xC3, 0xA9, 0x96, 0x96]
    #expect((0...4).map { CodePoints.floor($0, in: stray.span) } == [0, 0, 2, 3, 4])
    #expect((0...4).map { CodePoints.ceiling($0, in: stray.span) } == [0, 2, 2, 3, 4])
  }
}
