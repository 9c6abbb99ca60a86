// swift-tools-version: 6.2
import PackageDescription

/// Every target is built by the same rules: Swift 6, strict memory safety, no warning let through.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "sluice",
  targets: [
    .target(name: "FilterABI"),
    .target(name: "FilterKit", dependencies: ["FilterABI"], swiftSettings: strict),
  ]
)
