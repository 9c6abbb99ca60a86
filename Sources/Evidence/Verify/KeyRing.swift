/// Which keys may sign a log's checkpoints, and from where to where, as the log's own records change it.
///
/// It begins with the keys that were given. A covered record that puts one key in another's place makes the new one
/// trusted and ends the old one; and where the new one was given, it vouches for the old one, up to there.
struct KeyRing {
  private struct Entry {
    var key: VerifierKey
    /// Checkpoints of a larger size are not the key's to sign any more.
    var lastSize = UInt64.max
  }

  /// What a checkpoint's signatures are worth.
  enum Standing {
    case authentic
    /// Signed by a key that stands beside the log, was not given, and may still be vouched for.
    case claimed
    case retired
    case forged
  }

  private var trusted: [Entry]
  /// Keys beside the log that were not given, and where each first signed.
  private var claimed: [VerifierKey: Int?]
  private var rotations: [(sequence: UInt64, rotation: KeyRotation)] = []
  /// So many wait at most; a log that changes its key oftener between two checkpoints is no log of ours.
  private static let rotationLimit = 256

  init(_ keys: [VerifierKey], beside: [VerifierKey] = []) {
    trusted = keys.map { Entry(key: $0) }
    claimed = [:]
    for key in beside where !keys.contains(key) { claimed[key] = .some(nil) }
  }

  var isEmpty: Bool { trusted.isEmpty }

  /// A record puts one key in another's place. It counts once a checkpoint covers it.
  mutating func take(_ rotation: KeyRotation, at sequence: UInt64) {
    if rotations.count < Self.rotationLimit { rotations.append((sequence, rotation)) }
  }

  /// What the signatures of a checkpoint, which stands at `offset`, are worth.
  mutating func standing(of checkpoint: Checkpoint, at offset: Int) -> Standing {
    let signers = checkpoint.signers(among: trusted.map(\.key))
    let entries = trusted.filter { signers.contains($0.key) }
    if entries.contains(where: { checkpoint.size <= $0.lastSize }) { return .authentic }
    if !entries.isEmpty { return .retired }
    let others = checkpoint.signers(among: Array(claimed.keys))
    for key in others where claimed[key] == .some(nil) { claimed[key] = offset }
    return others.isEmpty ? .forged : .claimed
  }

  /// A trusted key has signed that what is below `size` is so.
  mutating func confirm(below size: UInt64) {
    var wasChanged = true
    while wasChanged {
      wasChanged = false
      for (index, (sequence, rotation)) in rotations.enumerated() where sequence < size {
        let old = trusted.firstIndex { $0.key == rotation.previous }
        let new = trusted.firstIndex { $0.key == rotation.key }
        guard old != nil || new != nil else { continue }
        if new == nil { trusted.append(Entry(key: rotation.key)) }
        if let old {
          trusted[old].lastSize = min(trusted[old].lastSize, sequence + 1)
        } else {
          trusted.append(Entry(key: rotation.previous, lastSize: sequence + 1))
        }
        claimed[rotation.key] = nil
        claimed[rotation.previous] = nil
        rotations.remove(at: index)
        wasChanged = true
        break
      }
    }
  }

  /// Where keys first signed that nobody has vouched for.
  var unvouched: [Int] { claimed.values.compactMap(\.self).sorted() }
}
