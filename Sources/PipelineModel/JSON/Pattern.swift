internal import Glibc

/// A regular expression (POSIX extended) that a schema's `pattern` holds.
@safe final class Pattern {
  private let compiled: UnsafeMutablePointer<regex_t>

  /// Nil where it can't be read.
  init?(_ pattern: String) {
    unsafe compiled = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    guard unsafe regcomp(compiled, pattern, REG_EXTENDED | REG_NOSUB) == 0 else {
      unsafe compiled.deallocate()
      return nil
    }
  }

  deinit {
    unsafe regfree(compiled)
    unsafe compiled.deallocate()
  }

  /// Whether the pattern is found anywhere in the text.
  func matches(_ text: String) -> Bool { unsafe regexec(compiled, text, 0, nil, 0) == 0 }
}
