internal import FilterKit

/// Hosts whose pages are about programs, standards and articles: a number in their addresses is nobody's.
enum PublicPages {
  private static let hosts: [StaticString] = [
    "acm.org", "fhir.org", "hl7.org", "ihe.net", "loinc.org", "nlm.nih.gov", "schema.org", "snomed.info",
    "snomed.org", "who.int",
    "xmlsoap.org", "ams.org", "apache.org", "apple.com", "arxiv.org", "bitbucket.org", "chromium.org",
    "crates.io", "crbug.com",
    "crrev.com", "debian.org", "docs.rs", "doi.org", "fedoraproject.org", "gnu.org", "github.com",
    "gitlab.com", "golang.org",
    "googlesource.com", "iacr.org", "ieee.org", "ietf.org", "intel.com", "iso.org", "java.net", "kernel.org",
    "launchpad.net",
    "llvm.org", "lwn.net", "microsoft.com", "mozilla.org", "nih.gov", "nist.gov", "npmjs.com",
    "opengroup.org", "oracle.com",
    "pq-crystals.org", "pypi.org", "python.org", "readthedocs.io", "redhat.com", "rfc-editor.org",
    "rust-lang.org", "sourceforge.net",
    "sourceware.org", "sqlite.org", "stackexchange.com", "stackoverflow.com", "swift.org", "ubuntu.com",
    "unicode.org", "w3.org",
    "wikipedia.org",
  ]

  /// Whether a host is one of them or lies below one.
  static func contains(_ view: borrowing TextView, _ host: Range<Int>) -> Bool {
    hosts.contains { name in
      let start = host.upperBound - name.utf8CodeUnitCount
      return start >= host.lowerBound && view.has(name, at: start)
        && (start == host.lowerBound || view.byte(start - 1) == UInt8(ascii: "."))
    }
  }
}
