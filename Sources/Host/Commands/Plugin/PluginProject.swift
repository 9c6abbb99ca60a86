internal import PipelineModel
internal import PluginTemplates

/// What a new plugin's folder holds.
struct PluginProject {
  let name: String
  let id: String
  let kind: StageKind
  let language: PluginLanguage
  let repository: String

  /// For identifiers: `ward_list`.
  private var symbol: String { name.replacing("-", with: "_") }
  /// For types: `WardList`.
  private var type: String {
    name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
  private var article: String { kind == .authenticate ? "an" : "a" }

  var summary: String { "\(article) \(kind.rawValue) filter in \(languageName)" }
  private var languageName: String {
    switch language {
    case .c: "C"
    case .cpp: "C++17"
    case .rust: "Rust"
    case .swift: "Swift"
    }
  }

  var build: String {
    switch language {
    case .c, .cpp: "make"
    case .rust: "cargo build --release --offline"
    case .swift: "swift build -c release"
    }
  }
  var test: String {
    switch language {
    case .c, .cpp: "make test"
    case .rust: "cargo test --offline"
    case .swift: "bash test.sh"
    }
  }
  private var library: String {
    switch language {
    case .c, .cpp, .swift: "libsluice-\(name).so"
    case .rust: "libsluice_\(symbol).so"
    }
  }
  private var source: String {
    switch language {
    case .c: "\(symbol).c"
    case .cpp: "\(symbol).cpp"
    case .rust: "src/lib.rs"
    case .swift: "Sources/\(type)/\(type).swift"
    }
  }
  private var sdk: String {
    switch language {
    case .c, .cpp: "include/"
    case .rust: "sluice-sdk/"
    case .swift: "Sources/\(type)Note/note.c"
    }
  }

  /// What is copied from a checkout, and where to.
  var copies: [(from: String, to: String)] {
    let headers = ("Sources/FilterABI/include/sluice", "include/sluice")
    return switch language {
    case .c: [headers]
    case .cpp: [headers, ("Plugins/SDK/cpp/sluice.hpp", "include/sluice.hpp")]
    case .rust:
      [("Plugins/SDK/rust/Cargo.toml", "sluice-sdk/Cargo.toml"), ("Plugins/SDK/rust/src", "sluice-sdk/src")]
    case .swift: []
    }
  }

  /// The option that a kind can't do without.
  private var option: (name: String, least: Int, example: String)? {
    switch kind {
    case .authenticate: ("token", 16, "kJ3vQ9xW2mTz8bLd")
    case .sink, .notify: ("path", 1, "${SCRATCH}")
    default: nil
    }
  }

  private var checks: String {
    guard let option else {
      return "# A configuration for each kind of filter in the plugin; ${SCRATCH} is an empty folder.\n{}\n"
    }
    return "# ${SCRATCH} is an empty folder.\n\(kind.rawValue): { \(option.name): \"\(option.example)\" }\n"
  }

  private static let texts = """
    The numbers are ID-123456 and ID-654321.
    Not XID-123456, ID-12345 or ID-1234567, but ID-000000
    (ID-999999)

    """

  func files() throws(CommandFailure) -> [(path: String, text: String)] {
    let common = [
      ("README.md", try text("readme")), ("check.yaml", checks), ("texts.txt", Self.texts),
      (".gitignore", "*.so\n*.sig\ntarget/\n.build/\n"),
    ]
    switch language {
    case .c:
      let isPlain = option == nil
      let hasSession = [.mask, .score, .guard].contains(kind)
      let parts =
        ["c-begin", isPlain ? "c-plain" : "c-configured"] + (hasSession ? ["c-session"] : [])
        + ["c-\(kind.rawValue)", "c-end"]
      var whole = ""
      for part in parts { whole += try text(part) }
      return common + [
        (source, whole), ("Makefile", try text("c-makefile")), ("exports.map", try text("exports")),
      ]
    case .cpp:
      return common + [
        (source, try text("cpp-begin") + text("cpp-\(kind.rawValue)")),
        ("Makefile", try text("cpp-makefile")),
        ("exports.map", try text("exports")),
      ]
    case .rust:
      return common + [
        (source, try text("rust-\(kind.rawValue)")), ("Cargo.toml", try text("rust-cargo")),
        ("tests/check.rs", try text("rust-test")),
      ]
    case .swift:
      return common + [
        (source, try text("swift-\(kind.rawValue)")), ("Package.swift", try text("swift-package")),
        ("Sources/\(type)/Plugin.swift", try text("swift-entry")),
        ("Sources/\(type)Note/note.c", try text("swift-note")), ("Sources/\(type)Note/note.h", ""),
        ("exports.map", try text("exports")), ("test.sh", try text("swift-test")),
      ]
    }
  }

  /// A template, filled in.
  private func text(_ template: String) throws(CommandFailure) -> String {
    guard var text = PluginTemplates.text(template) else {
      throw CommandFailure(
        message:
          "there is no template for \(article) \(kind.rawValue) filter in \(languageName) yet; take another language",
        code: 1)
    }
    for (word, value) in [
      ("name", name), ("symbol", symbol), ("Type", type), ("id", id), ("kind", kind.rawValue),
      ("article", article),
      ("Article", article == "an" ? "An" : "A"), ("KIND", String(symbol.uppercased().prefix(32))),
      ("option", option?.name ?? ""), ("least", String(option?.least ?? 0)), ("library", library),
      ("language", languageName), ("build", build), ("test", test), ("source", source), ("sdk", sdk),
      ("repository", repository),
    ] { text = text.replacing("{{\(word)}}", with: value) }
    return text
  }
}
