public import Payload
public import PipelineModel
internal import ProtocolFiles

/// The APIs that pipelines may speak: those that come with the gateway, and those of files.
public enum ProtocolCatalog {
  /// The names of those that come with the gateway.
  public static let names = ProtocolFiles.all.map(\.name)

  /// The text of one that comes with the gateway.
  public static func text(of name: String) -> [UInt8]? { ProtocolFiles.all.first { $0.name == name }?.text }

  /// Reads a protocol file.
  /// - Parameter file: its name, for positions.
  /// - Returns: the protocol, or all that is wrong with it.
  public static func read(_ bytes: [UInt8], file: String) -> (ProtocolDescription?, [Diagnostic]) {
    let document = YAMLDocument(bytes, file: file)
    guard let root = document.root, document.diagnostics.isEmpty else { return (nil, document.diagnostics) }
    var reader = ProtocolReader()
    let description = reader.read(root)
    return (description, reader.diagnostics)
  }

  /// One that comes with the gateway.
  public static func builtIn(_ name: String) -> ProtocolDescription? {
    text(of: name).flatMap { read($0, file: "protocols/\(name).yaml").0 }
  }
}
