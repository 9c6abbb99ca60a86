internal import Glibc

/// A regular expression (POSIX extended) that a schema's `pattern` holds. Texts are matched as bytes: a `.` is
/// one byte of UTF-8.
@safe final class Pattern {
  private let compiled: UnsafeMutablePointer<regex_t>

  /// Nil where it can't be read, or has a NUL.
  init?(_ pattern: String) {
    guard !pattern.utf8.contains(0) else { return nil }
    let pointer = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    guard unsafe regcomp(pointer, pattern, REG_EXTENDED | REG_NOSUB) == 0 else {
      unsafe pointer.deallocate()
      return nil
    }
    // Last: from here on deinit would free what was not compiled.
    unsafe compiled = unsafe pointer
  }

  deinit {
    unsafe regfree(compiled)
    unsafe compiled.deallocate()
  }

  /// Whether the pattern is found anywhere in the text. A text with a NUL matches nothing: C would read only
  /// what stands before it.
  func matches(_ text: String) -> Bool {
    guard !text.utf8.contains(0) else { return false }
    return unsafe regexec(compiled, text, 0, nil, 0) == 0
  }
}
