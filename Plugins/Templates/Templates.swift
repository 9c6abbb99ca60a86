/// The files that `sluice plugin new` writes, with `{{words}}` to be filled in.
public enum PluginTemplates {
  /// A template by its name, as `rust-detect`; nil where there is none.
  public static func text(_ name: String) -> String? {
    all.first { $0.name == name }.map { String(decoding: $0.text, as: UTF8.self) }
  }

  private static let all: [(name: String, text: [UInt8])] = [
    ("c-authenticate", PackageResources.c_authenticate_txt),
    ("c-begin", PackageResources.c_begin_txt),
    ("c-configured", PackageResources.c_configured_txt),
    ("c-detect", PackageResources.c_detect_txt),
    ("c-end", PackageResources.c_end_txt),
    ("c-gate", PackageResources.c_gate_txt),
    ("c-guard", PackageResources.c_guard_txt),
    ("c-makefile", PackageResources.c_makefile_txt),
    ("c-mask", PackageResources.c_mask_txt),
    ("c-plain", PackageResources.c_plain_txt),
    ("c-score", PackageResources.c_score_txt),
    ("c-session", PackageResources.c_session_txt),
    ("c-sink", PackageResources.c_sink_txt),
    ("cpp-authenticate", PackageResources.cpp_authenticate_txt),
    ("cpp-begin", PackageResources.cpp_begin_txt),
    ("cpp-detect", PackageResources.cpp_detect_txt),
    ("cpp-gate", PackageResources.cpp_gate_txt),
    ("cpp-guard", PackageResources.cpp_guard_txt),
    ("cpp-makefile", PackageResources.cpp_makefile_txt),
    ("cpp-mask", PackageResources.cpp_mask_txt),
    ("cpp-score", PackageResources.cpp_score_txt),
    ("cpp-sink", PackageResources.cpp_sink_txt),
    ("exports", PackageResources.exports_txt),
    ("readme", PackageResources.readme_txt),
    ("rust-authenticate", PackageResources.rust_authenticate_txt),
    ("rust-cargo", PackageResources.rust_cargo_txt),
    ("rust-detect", PackageResources.rust_detect_txt),
    ("rust-gate", PackageResources.rust_gate_txt),
    ("rust-guard", PackageResources.rust_guard_txt),
    ("rust-mask", PackageResources.rust_mask_txt),
    ("rust-score", PackageResources.rust_score_txt),
    ("rust-sink", PackageResources.rust_sink_txt),
    ("rust-test", PackageResources.rust_test_txt),
    ("swift-authenticate", PackageResources.swift_authenticate_txt),
    ("swift-detect", PackageResources.swift_detect_txt),
    ("swift-entry", PackageResources.swift_entry_txt),
    ("swift-gate", PackageResources.swift_gate_txt),
    ("swift-guard", PackageResources.swift_guard_txt),
    ("swift-mask", PackageResources.swift_mask_txt),
    ("swift-note", PackageResources.swift_note_txt),
    ("swift-package", PackageResources.swift_package_txt),
    ("swift-score", PackageResources.swift_score_txt),
    ("swift-sink", PackageResources.swift_sink_txt),
    ("swift-test", PackageResources.swift_test_txt),
  ]
}
