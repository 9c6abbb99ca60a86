import Foundation
import Testing

@testable import Evidence

/// Inclusion and consistency proofs (RFC 9162), against the definition of the tree and against logs.
@Suite struct ProofTests {
  /// MTH as section 2.1.1 defines it.
  private func root(_ leaves: ArraySlice<HashValue>, _ hasher: Hasher256) -> HashValue {
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return hasher.node(root(leaves[..<middle], hasher), root(leaves[middle...], hasher))
  }

  private func leaves(_ count: Int, _ hasher: Hasher256) -> [HashValue] {
    (0..<count).map { leaf([UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)], hasher) }
  }

  @Test func everyLeafOfEverySmallTree() throws {
    let hasher = try Hasher256()
    let all = leaves(33, hasher)
    for size in 1...33 {
      let tree = root(all[..<size], hasher)
      for index in 0..<size {
        let path = ProofRanges.inclusion(UInt64(index), UInt64(size)).map {
          root(all[Int($0.lowerBound)..<Int($0.upperBound)], hasher)
        }
        func holds(_ leaf: HashValue, _ index: Int, _ size: Int, _ path: [HashValue]) -> Bool {
          ProofCheck.includes(leaf, index: UInt64(index), size: UInt64(size), root: tree, path, hasher)
        }
        #expect(holds(all[index], index, size, path))
        #expect(!holds(all[(index + 1) % 33], index, size, path))
        #expect(!holds(all[index], index + 1, size, path))
        #expect(!holds(all[index], index, size, path + [tree]))
        if !path.isEmpty { #expect(!holds(all[index], index, size, Array(path.dropLast()))) }
      }
    }
  }

  @Test func everyPairOfSmallTrees() throws {
    let hasher = try Hasher256()
    let all = leaves(33, hasher)
    for new in 1...33 {
      let newRoot = root(all[..<new], hasher)
      for old in 1...new {
        let oldRoot = root(all[..<old], hasher)
        let path = ProofRanges.consistency(UInt64(old), UInt64(new)).map {
          root(all[Int($0.lowerBound)..<Int($0.upperBound)], hasher)
        }
        func holds(_ old: Int, _ oldRoot: HashValue, _ newRoot: HashValue, _ path: [HashValue]) -> Bool {
          ProofCheck.extends(old: UInt64(old), oldRoot, new: UInt64(new), newRoot, path, hasher)
        }
        #expect(holds(old, oldRoot, newRoot, path), "\(old) to \(new)")
        #expect(!holds(old, all[0], newRoot, path) || old == 1)
        #expect(!holds(old, oldRoot, all[1], path))
        #expect(!holds(old, oldRoot, newRoot, path + [oldRoot]))
        #expect(!holds(new + 1, oldRoot, newRoot, path))
      }
    }
  }

  @Test func aLogProvesEachRecord() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 60, size: 1500)
    let key = try makeLog(scratch, 7)
    let prover = try LogProver(directory: scratch.log)
    #expect(scratch.segments.count > 1)
    let reader = try EvidenceReader(directory: scratch.log)
    var records: [[UInt8]] = []
    try reader.forEach {
      records.append($0.json)
      return true
    }
    for sequence in 0..<67 {
      let proof = try prover.inclusion(of: UInt64(sequence))
      let read = try InclusionProof(text: proof.text)
      #expect(read == proof && read.record == records[sequence])
      try read.check(keys: key)
    }
    #expect(throws: EvidenceError.self) { try prover.inclusion(of: 67) }
    // Any change of the text is found.
    let text = try prover.inclusion(of: 33).text
    var generator = Seeded(3)
    for _ in 0..<200 {
      var altered = text
      altered[Int.random(in: 0..<text.count, using: &generator)] ^=
        1 << UInt8.random(in: 0..<7, using: &generator)
      #expect(throws: EvidenceError.self) { try InclusionProof(text: altered).check(keys: key) }
    }
    let otherKey = try SigningKey.generate()
    let origin = try prover.checkpoints()[0].origin
    let stranger = try VerifierKey(name: origin, publicKey: otherKey.publicKey)
    #expect(throws: EvidenceError.self) { try InclusionProof(text: text).check(keys: "\(stranger)") }
  }

  @Test func aLogProvesThatItOnlyGrew() throws {
    let scratch = try Scratch()
    var key = ""
    for count in [3, 8, 1, 21] { key = try makeLog(scratch, count) }
    let prover = try LogProver(directory: scratch.log)
    let checkpoints = try prover.checkpoints()
    #expect(checkpoints.count >= 4)
    for old in checkpoints {
      let proof = try prover.consistency(from: old)
      #expect(try ConsistencyProof(text: proof.text) == proof)
      try proof.check(keys: key)
      var altered = proof.text
      altered[altered.count / 2] ^= 1
      #expect(throws: EvidenceError.self) { try ConsistencyProof(text: altered).check(keys: key) }
    }
    let other = try Scratch()
    try makeLog(other, 50)
    #expect(throws: EvidenceError.self) {
      try LogProver(directory: other.log).consistency(from: checkpoints[0])
    }
  }

  @Test func aChangedLogProvesNothing() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 12)
    let name = scratch.segments[0]
    var bytes = try scratch.bytes(name)
    bytes[frames(bytes)[4].offset + 60] ^= 1
    try scratch.write(name, bytes)
    #expect(throws: EvidenceError.self) { try LogProver(directory: scratch.log).inclusion(of: 9) }
  }
}
