internal import Dispatch
internal import FilterABI
internal import PipelineModel
internal import PluginHost
internal import PluginTrust
internal import Synchronization

/// A shared library that has been loaded and has handed out its table.
@safe final class LoadedPlugin: @unchecked Sendable {  // the table is never changed or freed, by contract
  let path: String
  let id: String
  let version: String
  /// Major and minor, e.g. `1.0`.
  let abi: String
  /// SHA-256 of the file, in hexadecimal.
  let digest: String
  let isIsolated: Bool
  /// Milliseconds that a call may take where its stage does not say.
  let callTime: Int
  /// The library of this process; nil: it runs in one of its own.
  private let library: OpenLibrary?
  private let ownControl = Mutex<Void>(())
  /// Ends instances, one after another, on no thread that an exchange or a lock waits for.
  private let endings = DispatchQueue(label: "sluice.filter-endings", qos: .utility)
  private let raw: UnsafePointer<sluice_plugin>
  private let table: sluice_plugin

  /// Loads a library and asks it for its table. Its constructors run in that.
  convenience init(_ verified: consuming VerifiedPlugin, host: HostTable, callTime: Int) throws(PluginError) {
    let (path, digest, note) = (verified.path, verified.digest, verified.note)
    let library = try OpenLibrary.open(verified)
    let raw = unsafe try library.table(for: host, path: path)
    try unsafe self.init(
      path: path, digest: digest, note: note, table: raw, library: library, callTime: callTime)
  }

  /// Takes in a table, wherever its functions run.
  init(
    path: String, digest: String, note: PluginNote, table raw: UnsafePointer<sluice_plugin>,
    library: OpenLibrary? = nil, isIsolated: Bool = false, callTime: Int
  ) throws(PluginError) {
    let needed = "this host has ABI \(SLUICE_ABI_MAJOR).\(SLUICE_ABI_MINOR)"
    self.path = path
    self.digest = digest
    self.isIsolated = isIsolated
    self.library = library
    self.callTime = callTime
    guard let table = unsafe Sized.read(raw) else {
      throw PluginError(
        .notAPlugin, "\(path) hands out a table without a size. Build it with this release's header")
    }
    guard unsafe table.abi_major == SLUICE_ABI_MAJOR else {
      throw unsafe PluginError(
        .wrongABI,
        "\(path) was built for ABI \(table.abi_major).\(table.abi_minor), and \(needed). "
          + "Get a build for this major version")
    }
    guard let id = unsafe table.id.exactText(upTo: 128), !id.isEmpty, id == id.printable,
      let version = unsafe table.version.exactText(upTo: 64), !version.isEmpty, version == version.printable,
      unsafe table.get_extension != nil
    else {
      throw PluginError(
        .notAPlugin,
        "\(path) hands out a table without an id, a version or 'get_extension'. Fill in all three")
    }
    guard id == note.id else {
      throw PluginError(
        .notAPlugin,
        "\(path) says in its note that it is '\(note.id)', and in its table '\(id)'. It was not built as one")
    }
    unsafe try Self.compare(path, note, table, raw: raw)
    self.id = id
    self.version = version
    abi = unsafe "\(table.abi_major).\(table.abi_minor)"
    unsafe self.raw = unsafe raw
    unsafe self.table = unsafe table
  }

  /// Runs a call tagged [control]: never two at once for one plugin.
  func withControl<R>(_ body: () -> R) -> R {
    guard let library else { return ownControl.withLock { _ in body() } }
    return library.control.withLock { _ in body() }
  }

  /// Runs the end of an instance later, on a thread of its own. It holds the plugin until then.
  func end(_ body: @escaping @Sendable () -> Void) { endings.async { [self] in withControl(body) } }

  /// Waits until every instance that nothing uses any more has ended: whether it has. [blocking]
  func settle(until deadline: DispatchTime) -> Bool {
    let all = DispatchSemaphore(value: 0)
    endings.async { all.signal() }
    return all.wait(timeout: deadline) == .success
  }

  /// The process that it runs in, where that is one of its own; 0 while there is none.
  var process: Int32 { unsafe isIsolated ? sluice_isolation_process(raw) : 0 }

  deinit {
    // A library of this process stays; a process of its own ends with its last user.
    if isIsolated { unsafe sluice_isolation_stop(raw) }
  }

  var isolatedProcess: PluginProcess? {
    guard isIsolated else { return nil }
    return unsafe PluginProcess(
      plugin: id, process: sluice_isolation_process(raw), restarts: sluice_isolation_restarts(raw),
      residentBytes: sluice_isolation_resident(raw), key: ObjectIdentifier(self))
  }

  /// The table of a stage's filter and what it has in common with all filters, each checked and as this host knows it.
  /// - Parameter extensionID: of the table, where it is not the one of the stage's kind.
  func filter<T: StageTable & BitwiseCopyable>(
    _ stage: Stage, _ type: T.Type, extensionID: String? = nil
  ) throws(PluginError) -> FilterTable<T> {
    let kind = T.kind.rawValue
    let name = extensionID ?? T.extensionID
    let found = unsafe name.withABI { id in unsafe table.get_extension?(raw, id) ?? nil }
    guard let found = unsafe found else {
      throw PluginError(
        .noSuchFilter, "the plugin \(id) provides no '\(kind)' filter: it has no extension '\(name)'")
    }
    guard let stageTable = unsafe Sized.read(found.assumingMemoryBound(to: type)),
      let rawFilter = unsafe stageTable.filter, let filter = unsafe Sized.read(rawFilter)
    else {
      throw PluginError(
        .notAPlugin, "the plugin \(id) hands out a '\(name)' table without a size or a filter. Fill in both")
    }
    let common = [("create", unsafe filter.create != nil), ("destroy", unsafe filter.destroy != nil)]
    for function in common + stageTable.required where !function.1 {
      throw PluginError(
        .notAPlugin,
        "the plugin \(id) hands out a '\(name)' table without '\(function.0)', which every one has")
    }
    let given = unsafe filter.name.text(upTo: 64).printable
    guard given == stage.filter else {
      throw PluginError(
        .noSuchFilter, "the '\(kind)' filter of the plugin \(id) is named '\(given)', not '\(stage.filter)'")
    }
    return unsafe FilterTable(stage: stageTable, filter: filter, raw: rawFilter)
  }
}

/// The tables of one filter: copies in this host's form, and the pointer that its functions expect back.
@safe struct FilterTable<T: StageTable>: @unchecked Sendable {
  // Unchecked: what they point to is never changed or freed.
  let stage: T
  let filter: sluice_filter
  let raw: UnsafePointer<sluice_filter>
}
