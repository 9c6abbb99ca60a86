/// Text from a file, made fit for a message: what would steer a terminal or turn the writing direction is shown
/// as its code point, and what is longer than `limit` characters is cut.
package func printable(_ text: String, limit: Int = 60) -> String {
  var result = ""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    if index == limit { return result + "..." }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Names for a message: `a, b, c`, the first 24 where there are more.
package func listing(_ names: [String]) -> String {
  let shown = names.prefix(24).map { printable($0) }.joined(separator: ", ")
  return names.count > 24 ? "\(shown) and \(names.count - 24) more" : shown
}
