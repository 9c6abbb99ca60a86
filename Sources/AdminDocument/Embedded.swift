/// The document beside this file, as it is built into the gateway.
public enum AdminDocument {
  public static let text: [UInt8] = PackageResources.openapi_json
}
