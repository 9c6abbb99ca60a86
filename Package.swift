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

/// A plugin shows one symbol, and hides every other.
let oneExport: [LinkerSetting] = [
  .unsafeFlags(["-Xlinker", "--version-script=\(Context.packageDirectory)/Plugins/exports.map"])
]

/// A shipped plugin: what its filter does, as a library that tests can link, the entry that exports it, and the note
/// that its file carries.
func plugin(_ folder: String, filters: [Target], dependencies: [Target.Dependency]) -> [Target] {
  filters + [
    .target(
      name: "\(folder)Note", dependencies: ["FilterABI"], path: "Plugins/\(folder)/Note",
      publicHeadersPath: "."),
    .target(
      name: "\(folder)Plugin",
      dependencies: ["FilterABI", "FilterKit", .target(name: "\(folder)Note")] + dependencies,
      path: "Plugins/\(folder)/Entry",
      swiftSettings: strict, linkerSettings: oneExport),
  ]
}

func filter(_ folder: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: "\(folder)Filter", dependencies: ["FilterKit", "JSONTree"] + dependencies,
    path: "Plugins/\(folder)/Filter",
    swiftSettings: strict)
}

let plugins: [Target] =
  plugin("Keys", filters: [filter("Keys", ["COpenSSL"])], dependencies: ["KeysFilter"])
  + plugin("Mtls", filters: [filter("Mtls", ["COpenSSL"])], dependencies: ["MtlsFilter"])
  + plugin(
    "Oidc",
    filters: [
      filter("Oidc", ["COpenSSL", "HTTPSClient", "OidcTokens"]),
      .target(
        name: "OidcTokens", dependencies: ["COpenSSL", "HTTPSClient", "JSONTree"],
        path: "Plugins/Oidc/Tokens", swiftSettings: strict),
    ], dependencies: ["OidcFilter"])
  + plugin("Rules", filters: [filter("Rules", ["CVectorscan"])], dependencies: ["RulesFilter"])
  + plugin("Threshold", filters: [filter("Threshold")], dependencies: ["ThresholdFilter"])
  + plugin("File", filters: [filter("File", ["Gzip"])], dependencies: ["FileFilter"])
  + plugin("S3", filters: [filter("S3", ["HTTPSClient", "COpenSSL", "Gzip"])], dependencies: ["S3Filter"])
  + plugin("Slack", filters: [filter("Slack", ["Notifying"])], dependencies: ["SlackFilter"])
  + plugin("Teams", filters: [filter("Teams", ["Notifying"])], dependencies: ["TeamsFilter"])
  + plugin("Webhook", filters: [filter("Webhook", ["Notifying"])], dependencies: ["WebhookFilter"])
  + plugin("Jira", filters: [filter("Jira", ["Notifying"])], dependencies: ["JiraFilter"])
  + plugin("ServiceNow", filters: [filter("ServiceNow", ["Notifying"])], dependencies: ["ServiceNowFilter"])
  + plugin("Smtp", filters: [filter("Smtp", ["Notifying", "CCurl"])], dependencies: ["SmtpFilter"])
  + plugin(
    "Postgres",
    filters: [
      filter("Postgres", ["CPostgres", "PostgresSchema"]),
      .target(
        name: "PostgresSchema", path: "Plugins/Postgres/Schema",
        resources: ["version-1-records", "version-2-retention"].map { .embedInCode("\($0).sql") }),
    ], dependencies: ["PostgresFilter"])
  + plugin(
    "Phi",
    filters: [
      .target(
        name: "PhiLexicon", path: "Plugins/Phi/Lexicon", exclude: ["lexicon.bin"],
        cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
      .target(
        name: "PhiCrypto", dependencies: ["COpenSSL"], path: "Plugins/Phi/Crypto", swiftSettings: strict),
      .target(
        name: "PhiModel", path: "Plugins/Phi/Tagger/Model", exclude: ["model.bin"],
        cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
      .target(
        name: "PhiFilter",
        dependencies: ["FilterKit", "JSONTree", "CVectorscan", "PhiLexicon", "PhiCrypto", "PhiModel"],
        path: "Plugins/Phi",
        exclude: [
          "Lexicon", "Entry", "Crypto", "Tagger/Model", "Note", "README.md", "MASKING.md",
          "MODEL_CARD.md",
        ], sources: ["Detect", "Mask", "Score", "Tagger"],
        swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),
    ], dependencies: ["PhiFilter"])
  + [
    .target(name: "Gzip", dependencies: ["CZlib"], path: "Plugins/Gzip", swiftSettings: strict),
    .target(
      name: "Notifying", dependencies: ["FilterKit", "JSONTree", "HTTPSClient", "COpenSSL"],
      path: "Plugins/Notifying", swiftSettings: strict),
    .target(
      name: "EmployeeIdPlugin", dependencies: ["FilterABI"], path: "Plugins/Examples/EmployeeId",
      exclude: ["Makefile", "README.md"], publicHeadersPath: ".", linkerSettings: oneExport),
  ]

/// Plugins that tests load: one that behaves, and some that don't.
let testPlugins: [Target] =
  ["Filters", "WrongABI", "NoEntry", "Refusing", "Faults"].map { folder in
    .target(
      name: "Test\(folder)Plugin", dependencies: ["FilterABI"], path: "Tests/TestPlugins/\(folder)",
      linkerSettings: folder == "NoEntry" ? [] : oneExport)
  } + [
    .target(
      name: "TestSwiftNote", dependencies: ["FilterABI"], path: "Tests/TestPlugins/SwiftNote",
      publicHeadersPath: "."),
    .target(
      name: "TestSwiftPlugin", dependencies: ["FilterABI", "FilterKit", "JSONTree", "TestSwiftNote"],
      path: "Tests/TestPlugins/Swift",
      swiftSettings: strict, linkerSettings: oneExport),
  ]

let package = Package(
  name: "sluice",
  products: [
    .executable(name: "sluice", targets: ["sluice"]),
    .library(name: "FilterKit", targets: ["FilterKit", "FilterABI", "JSONTree"]),
    .library(name: "sluice-keys", type: .dynamic, targets: ["KeysPlugin"]),
    .library(name: "sluice-mtls", type: .dynamic, targets: ["MtlsPlugin"]),
    .library(name: "sluice-oidc", type: .dynamic, targets: ["OidcPlugin"]),
    .library(name: "sluice-phi", type: .dynamic, targets: ["PhiPlugin"]),
    .library(name: "sluice-rules", type: .dynamic, targets: ["RulesPlugin"]),
    .library(name: "sluice-threshold", type: .dynamic, targets: ["ThresholdPlugin"]),
    .library(name: "sluice-file", type: .dynamic, targets: ["FilePlugin"]),
    .library(name: "sluice-postgres", type: .dynamic, targets: ["PostgresPlugin"]),
    .library(name: "sluice-s3", type: .dynamic, targets: ["S3Plugin"]),
    .library(name: "sluice-slack", type: .dynamic, targets: ["SlackPlugin"]),
    .library(name: "sluice-teams", type: .dynamic, targets: ["TeamsPlugin"]),
    .library(name: "sluice-webhook", type: .dynamic, targets: ["WebhookPlugin"]),
    .library(name: "sluice-jira", type: .dynamic, targets: ["JiraPlugin"]),
    .library(name: "sluice-servicenow", type: .dynamic, targets: ["ServiceNowPlugin"]),
    .library(name: "sluice-smtp", type: .dynamic, targets: ["SmtpPlugin"]),
    .library(name: "sluice-employee-id", type: .dynamic, targets: ["EmployeeIdPlugin"]),
    .library(name: "test-filters", type: .dynamic, targets: ["TestFiltersPlugin"]),
    .library(name: "test-wrong-abi", type: .dynamic, targets: ["TestWrongABIPlugin"]),
    .library(name: "test-no-entry", type: .dynamic, targets: ["TestNoEntryPlugin"]),
    .library(name: "test-refusing", type: .dynamic, targets: ["TestRefusingPlugin"]),
    .library(name: "test-faults", type: .dynamic, targets: ["TestFaultsPlugin"]),
    .library(name: "test-swift", type: .dynamic, targets: ["TestSwiftPlugin"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
  ],
  targets: [
    .target(name: "FilterABI"),
    .target(
      name: "PluginHost", dependencies: ["FilterABI"],
      linkerSettings: [.linkedLibrary("seccomp")]),
    .target(name: "CLinux", cSettings: [.unsafeFlags(["-Wall", "-Wextra"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CVectorscan", pkgConfig: "libhs", providers: [.apt(["libvectorscan-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "JSONTree", swiftSettings: strict),
    .target(name: "FilterKit", dependencies: ["FilterABI", "JSONTree"], swiftSettings: strict),
    .target(name: "HTTPSClient", dependencies: ["CCurl"], swiftSettings: strict),
    .target(name: "Payload", swiftSettings: strict),
    .target(name: "PipelineModel", dependencies: ["CYAML", "JSONTree"], swiftSettings: strict),
    .target(
      name: "ProtocolFiles", path: "protocols",
      resources: ["anthropic", "azure-openai", "fhir", "gemini", "json", "mcp", "openai"].map {
        .embedInCode("\($0).yaml")
      }),
    .target(
      name: "PluginTemplates", path: "Plugins/Templates",
      resources: [
        "c-authenticate", "c-begin", "c-configured", "c-detect", "c-end", "c-gate", "c-guard", "c-makefile",
        "c-mask", "c-notify", "c-plain", "c-score", "c-session", "c-sink", "cpp-authenticate", "cpp-begin",
        "cpp-detect",
        "cpp-gate", "cpp-guard", "cpp-makefile", "cpp-mask", "cpp-notify", "cpp-score", "cpp-sink", "exports",
        "readme",
        "rust-authenticate", "rust-cargo", "rust-detect", "rust-gate", "rust-guard", "rust-mask",
        "rust-notify",
        "rust-score", "rust-sink", "rust-test", "swift-authenticate", "swift-detect", "swift-entry",
        "swift-gate", "swift-guard", "swift-mask", "swift-notify", "swift-note", "swift-package",
        "swift-score", "swift-sink",
        "swift-test",
      ].map { .embedInCode("\($0).txt") },
      swiftSettings: strict),
    .target(
      name: "Protocols", dependencies: ["Payload", "PipelineModel", "ProtocolFiles"], swiftSettings: strict),
    .target(
      name: "FilterChain",
      dependencies: ["FilterABI", "PluginHost", "PluginTrust", "PipelineModel", "JSONTree", "COpenSSL"],
      swiftSettings: strict),
    .target(name: "SealedMemory", cSettings: [.unsafeFlags(["-Wall", "-Wextra"])]),
    .target(name: "PluginTrust", dependencies: ["COpenSSL", "SealedMemory"], swiftSettings: strict),
    .target(
      name: "PluginProbe", dependencies: ["FilterABI", "PluginHost", "SealedMemory", "COpenSSL"],
      cSettings: [.unsafeFlags(["-Wall", "-Wextra"])]),
    .target(
      name: "Conformance", dependencies: ["PluginProbe", "PluginTrust", "PipelineModel", "JSONTree"],
      swiftSettings: strict),
    .target(name: "Evidence", dependencies: ["COpenSSL"], swiftSettings: strict),
    .target(
      name: "Control",
      dependencies: [
        "CLinux", "COpenSSL", "CPostgres", "JSONTree", .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: strict),
    .target(
      name: "Identity", dependencies: ["Control", "HTTPSClient", "JSONTree", "OidcTokens"],
      swiftSettings: strict),
    .target(
      name: "Credentials", dependencies: ["Control", "HTTPSClient", "JSONTree"],
      swiftSettings: strict),
    .target(
      name: "Gateway",
      dependencies: [
        "Payload", "FilterChain", "PipelineModel", "Evidence", "Control", "CZlib",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOExtras", package: "swift-nio-extras"),
      ], swiftSettings: strict),
    .target(
      name: "Console",
      dependencies: [
        "Control", "Evidence", "Identity", "JSONTree", "AdminDocument",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ], swiftSettings: strict),
    .target(
      name: "AdminDocument", path: "Sources/AdminDocument", resources: [.embedInCode("openapi.json")]),
    .executableTarget(
      name: "sluice",
      dependencies: [
        "Console", "Gateway", "StandIn", "Control", "Evidence", "FilterChain", "PluginHost", "PipelineModel",
        "Payload", "Protocols", "JSONTree", "PhiCrypto", "Conformance", "PluginTrust", "PluginTemplates",
        "Identity", "HTTPSClient",
        "Credentials", "CLinux",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ], path: "Sources/Host", swiftSettings: strict),
    .target(
      name: "TaggerTraining", dependencies: ["PhiFilter", "JSONTree"], path: "Training/Trainer",
      swiftSettings: strict),
    .executableTarget(
      name: "sluice-train",
      dependencies: [
        "TaggerTraining", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Training/Command", swiftSettings: strict),
    .target(
      name: "StandIn",
      dependencies: [
        "JSONTree",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ], swiftSettings: strict),
    .target(
      name: "FilterHarness", dependencies: ["FilterABI", "FilterKit", "COpenSSL"],
      path: "Tests/FilterHarness",
      swiftSettings: strict),
    .testTarget(name: "PayloadTests", dependencies: ["Payload", "Protocols"], swiftSettings: strict),
    .testTarget(
      name: "PipelineModelTests", dependencies: ["PipelineModel", "JSONTree"], swiftSettings: strict),
    .testTarget(
      name: "EvidenceTests", dependencies: ["Evidence", "COpenSSL", "JSONTree"], swiftSettings: strict),
    .testTarget(name: "ControlTests", dependencies: ["Control"], swiftSettings: strict),
    .testTarget(
      name: "CredentialsTests", dependencies: ["Credentials", "Control"], swiftSettings: strict),
    .testTarget(name: "HTTPSClientTests", dependencies: ["HTTPSClient"], swiftSettings: strict),
    .testTarget(
      name: "IdentityTests",
      dependencies: ["Identity", "Control", "HTTPSClient", "JSONTree", "OidcTokens"],
      swiftSettings: strict),
    .testTarget(
      name: "ConsoleTests",
      dependencies: [
        "Console", "AdminDocument", "Control", "JSONTree",
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ], swiftSettings: strict),
    .testTarget(
      name: "GatewayTests",
      dependencies: [
        "Gateway", "CZlib", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
      ], swiftSettings: strict),
    .testTarget(
      name: "PluginTests",
      dependencies: [
        "KeysFilter", "MtlsFilter", "OidcFilter", "OidcTokens", "ThresholdFilter", "RulesFilter",
        "FileFilter", "S3Filter", "PostgresFilter", "SlackFilter", "TeamsFilter", "WebhookFilter",
        "JiraFilter", "ServiceNowFilter", "SmtpFilter", "Notifying", "HTTPSClient", "Gzip",
        "EmployeeIdPlugin", "FilterHarness", "FilterABI",
        "FilterKit", "JSONTree", "COpenSSL",
      ], swiftSettings: strict),
    .testTarget(
      name: "PhiTests",
      dependencies: [
        "FilterABI", "PhiFilter", "PhiCrypto", "TaggerTraining", "FilterHarness", "FilterKit", "JSONTree",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PluginTrustTests", dependencies: ["PluginTrust", "COpenSSL"], swiftSettings: strict),
    .testTarget(
      name: "FilterChainTests",
      dependencies: ["FilterChain", "FilterABI", "PipelineModel", "PluginTrust", "sluice"],
      swiftSettings: strict),
  ] + plugins + testPlugins
)
