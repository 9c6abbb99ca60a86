extension VerificationReport: CustomStringConvertible {
  /// Some lines for people: the verdict first, then what is wrong, then what else there is to know.
  public var description: String {
    var lines: [String] = []
    switch verdict {
    case .whole:
      let places = segments == 0 ? "" : " in \(segments) segments"
      lines.append("whole: \(size) records\(places), \(checkpoints) checkpoints")
    case .notWhole:
      lines.append("NOT WHOLE: \(problems.count) problems in \(size) records")
    case .undetermined:
      lines.append("can't tell: \(obstacle ?? "unknown")")
    }
    for problem in problems {
      let place = problem.file.isEmpty ? "" : "\(problem.file), byte \(problem.offset): "
      lines.append("  \(place)\(problem.message)")
    }
    if verdict == .notWhole, let obstacle { lines.append("  besides: \(obstacle)") }
    if !logID.isEmpty { lines.append("log: \(logID)") }
    if removed > 0, verdict == .whole {
      lines.append("removed by retention, as signed records allow: the bodies of \(removed) records")
    }
    if verdict != .undetermined {
      lines.append(
        "covered by a checkpoint: \(coveredSize); not yet covered by a checkpoint: \(uncoveredSize)")
      lines.append(
        isKeyIndependent
          ? "key: as given"
          : "key: checkpoint.pub beside the log; give the key that you keep elsewhere to exclude a forged log"
      )
    }
    if let firstTime, let lastTime {
      lines.append("from \(Self.text(firstTime)) to \(Self.text(lastTime))")
    }
    lines += notes.map { "note: \($0)" }
    return lines.joined(separator: "\n")
  }

  /// How many records no checkpoint covers yet.
  public var uncoveredSize: UInt64 { size > coveredSize ? size - coveredSize : 0 }

  private static func text(_ time: UInt64) -> String {
    var bytes: [UInt8] = []
    Timestamp.append(time, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The report as one canonical JSON object.
  public var json: [UInt8] {
    CanonicalWriter.object(capacity: 1024) { writer in
      writer.integer("bytes", bytes)
      writer.integer("checkpoints", checkpoints)
      writer.integer("covered", coveredSize)
      if let firstTime { writer.string("first", Self.text(firstTime)) }
      writer.boolean("independentKey", isKeyIndependent)
      if let lastTime { writer.string("last", Self.text(lastTime)) }
      writer.boolean("live", isLive)
      writer.string("log", logID)
      writer.array("notes", notes) { $0.element($1) }
      if let obstacle { writer.string("obstacle", obstacle) }
      writer.array("problems", problems) { writer, problem in
        writer.element { writer in
          writer.string("file", problem.file)
          if let first = problem.first { writer.integer("first", first) }
          writer.string("kind", problem.kind.rawValue)
          if let last = problem.last { writer.integer("last", last) }
          writer.string("message", problem.message)
          writer.integer("offset", problem.offset)
        }
      }
      writer.integer("records", size)
      writer.integer("removed", removed)
      writer.integer("segments", segments)
      writer.integer("uncovered", uncoveredSize)
      writer.integer("unfinishedBytes", unfinishedBytes)
      writer.string("verdict", verdict.rawValue)
    }
  }
}
