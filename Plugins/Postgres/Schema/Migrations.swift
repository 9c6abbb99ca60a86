/// The versions of the sink's schema, as the files beside this one, in their order: the first is version 1.
public enum Migrations {
  public static let all: [[UInt8]] = [
    PackageResources.version_1_records_sql,
    PackageResources.version_2_retention_sql,
  ]
}
