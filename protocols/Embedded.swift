/// The protocol files beside this one, as they are built into the gateway.
public enum ProtocolFiles {
  /// Name and text of each.
  public static let all: [(name: String, text: [UInt8])] = [
    ("anthropic", PackageResources.anthropic_yaml),
    ("azure-openai", PackageResources.azure_openai_yaml),
    ("fhir", PackageResources.fhir_yaml),
    ("gemini", PackageResources.gemini_yaml),
    ("json", PackageResources.json_yaml),
    ("mcp", PackageResources.mcp_yaml),
    ("openai", PackageResources.openai_yaml),
  ]
}
