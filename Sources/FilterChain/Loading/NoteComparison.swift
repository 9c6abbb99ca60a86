internal import FilterABI
internal import PluginTrust

/// What a plugin's file said before anything of it ran, against what its tables say now.
///
/// What may load was decided on the note: a table that says something else was not what was decided about.
extension LoadedPlugin {
  /// - Parameter raw: the table as the plugin knows it.
  static func compare(
    _ path: String, _ note: PluginNote, _ table: sluice_plugin, raw: UnsafePointer<sluice_plugin>
  ) throws(PluginError) {
    func find(_ id: String) -> UnsafeRawPointer? {
      unsafe id.withABI { name in unsafe table.get_extension?(raw, name) ?? nil }
    }
    for name in note.extensions where unsafe find(name) == nil {
      throw PluginError(
        .notAPlugin,
        "\(path) names the extension '\(name.printable)' in its note, and does not have it. Name those that it has"
      )
    }
    for name in stages where !note.extensions.contains(name) {
      guard unsafe find(name) == nil else {
        throw PluginError(
          .notAPlugin,
          "\(path) has the extension '\(name)', and its note does not name it. Name all that it has")
      }
    }
    guard let stated = note.schemas else { return }
    var schemas: [[UInt8]] = []
    for name in note.extensions where stages.contains(name) {
      // Every stage's table begins alike: size, reserved, filter.
      guard let found = unsafe find(name) else { continue }
      let raw = unsafe found.load(
        fromByteOffset: MemoryLayout<UInt64>.size, as: UnsafePointer<sluice_filter>?.self)
      guard let filter = unsafe Sized.read(raw) else { continue }
      unsafe schemas.append(filter.schema.copied)
    }
    let digest = PluginNote.digest(ofSchemas: schemas)
    guard digest == stated else {
      throw PluginError(
        .notAPlugin,
        "\(path) states another digest of its schemas in its note than that of the schemas that it has, \(digest). "
          + "Run sluice plugin stamp after each build")
    }
  }

  private static let stages = [
    SLUICE_AUTHENTICATE_ID, SLUICE_DETECT_ID, SLUICE_GATE_ID, SLUICE_GUARD_ID, SLUICE_MASK_ID,
    SLUICE_NOTIFY_ID,
    SLUICE_SCORE_ID, SLUICE_SINK_ID,
  ]
}
