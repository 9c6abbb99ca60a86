/// Where text stands in the events of a stream: one table of rules for all of them, or one for each kind.
public struct StreamRules: Sendable {
  /// The rules of one kind of event.
  public struct Kind: Sendable {
    /// What the event's discriminator says.
    public let name: String
    public let rules: RuleTable
    /// Whether such an event ends the channels of the numbers that it states (``Treatment/index``), or all of them
    /// where it states none.
    public let endsChannels: Bool
    /// Whether nothing that means anything follows it.
    public let isLast: Bool

    public init(name: String, rules: RuleTable, endsChannels: Bool, isLast: Bool) {
      self.name = name
      self.rules = rules
      self.endsChannels = endsChannels
      self.isLast = isLast
    }
  }

  /// The member at the top of an event's data that names its kind; empty: there are no kinds.
  private let discriminator: [UInt8]
  private let kinds: [(name: [UInt8], kind: Kind)]
  private let otherwise: Kind
  /// The member at the top of an event's data that counts the events; empty: none does.
  let sequence: [UInt8]

  /// - Parameters:
  ///   - discriminator: the member at the top of an event's data that names its kind; nil: there are no kinds.
  ///   - otherwise: the rules of an event of no kind that is listed.
  ///   - sequence: the member at the top of an event's data that counts the events.
  public init(
    discriminator: String? = nil, kinds: [Kind] = [], otherwise: RuleTable, sequence: String? = nil
  ) {
    self.sequence = Array((sequence ?? "").utf8)
    self.discriminator = Array((discriminator ?? "").utf8)
    self.kinds = kinds.map { (Array($0.name.utf8), $0) }
    self.otherwise = Kind(name: "", rules: otherwise, endsChannels: false, isLast: false)
  }

  /// Whether an event names its kind in a way that readers could read differently.
  func isAmbiguous(_ json: Span<UInt8>) -> Bool {
    !discriminator.isEmpty && JSONSkipper.hasEscapes(discriminator, of: json)
  }

  /// The rules for an event.
  func kind(of json: Span<UInt8>) -> Kind {
    guard !discriminator.isEmpty, let word = JSONSkipper.topMember(discriminator, of: json) else {
      return otherwise
    }
    let text = json.extracting(word)
    for (name, kind) in kinds where text.isEqual(to: name) { return kind }
    return otherwise
  }
}
