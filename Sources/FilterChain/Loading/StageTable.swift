internal import FilterABI
internal import PipelineModel

/// What the tables of all kinds of stages have in common.
protocol StageTable {
  static var kind: StageKind { get }
  var filter: UnsafePointer<sluice_filter>! { get }
  /// The functions without which the table is of no use, and whether they are there.
  var required: [(name: String, isThere: Bool)] { get }
}

extension StageTable {
  /// The id of the extension, e.g. `sluice.detect/1`.
  static var extensionID: String { "sluice.\(kind.rawValue)/1" }
}

extension sluice_authenticate: StageTable {
  static var kind: StageKind { .authenticate }
  var required: [(name: String, isThere: Bool)] { [("authenticate", unsafe authenticate != nil)] }
}

extension sluice_guard: StageTable {
  static var kind: StageKind { .guard }
  var required: [(name: String, isThere: Bool)] {
    [
      ("open", unsafe open != nil), ("segment", unsafe segment != nil), ("finish", unsafe finish != nil),
      ("close", unsafe close != nil),
    ]
  }
}

extension sluice_detect: StageTable {
  static var kind: StageKind { .detect }
  var required: [(name: String, isThere: Bool)] {
    [
      ("maximum_hold", unsafe maximum_hold != nil), ("open", unsafe open != nil),
      ("feed", unsafe feed != nil), ("close", unsafe close != nil),
    ]
  }
}

extension sluice_mask: StageTable {
  static var kind: StageKind { .mask }
  var required: [(name: String, isThere: Bool)] {
    [("open", unsafe open != nil), ("edit", unsafe edit != nil), ("close", unsafe close != nil)]
  }
}

extension sluice_score: StageTable {
  static var kind: StageKind { .score }
  var required: [(name: String, isThere: Bool)] {
    [
      ("open", unsafe open != nil), ("segment", unsafe segment != nil), ("finish", unsafe finish != nil),
      ("close", unsafe close != nil),
    ]
  }
}

extension sluice_gate: StageTable {
  static var kind: StageKind { .gate }
  var required: [(name: String, isThere: Bool)] { [("decide", unsafe decide != nil)] }
}

extension sluice_notify: StageTable {
  static var kind: StageKind { .notify }
  var required: [(name: String, isThere: Bool)] { [("send", unsafe send != nil)] }
}

extension sluice_sink: StageTable {
  static var kind: StageKind { .sink }
  var required: [(name: String, isThere: Bool)] {
    [
      ("promises", unsafe promises != nil), ("open", unsafe open != nil), ("recover", unsafe recover != nil),
      ("append", unsafe append != nil), ("flush", unsafe flush != nil), ("close", unsafe close != nil),
    ]
  }
}

extension sluice_sink_read: StageTable {
  static var kind: StageKind { .sink }
  var required: [(name: String, isThere: Bool)] {
    [
      ("configure", unsafe configure != nil), ("logs", unsafe logs != nil), ("open", unsafe open != nil),
      ("records", unsafe records != nil), ("close", unsafe close != nil),
    ]
  }
}
