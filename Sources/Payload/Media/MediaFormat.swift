/// A format of a file that its first bytes tell.
public enum MediaFormat: String, Sendable, CaseIterable {
  case png, jpeg, gif, webp, tiff
  case pdf
  /// A ZIP archive: also what Word, Excel, PowerPoint (OOXML), OpenDocument and JAR files are.
  case zip
  case gzip
  /// A compound file: what Word, Excel and Outlook wrote before OOXML.
  case ole
  case mp3, wav, flac, ogg
  /// ISO base media (ISO/IEC 14496-12): MP4, QuickTime, M4A.
  case mp4
  /// HEIF and AVIF: images in ISO base media.
  case heif
  /// Matroska and WebM.
  case matroska
  /// DICOM (PS3.10, 7.1): an image of a patient, with the patient's name in it.
  case dicom

  /// What kind of thing it is.
  public var mediaClass: MediaClass {
    switch self {
    case .png, .jpeg, .gif, .webp, .tiff, .heif, .dicom: .image
    case .mp3, .wav, .flac, .ogg: .audio
    case .mp4, .matroska: .video
    case .pdf: .pdf
    case .zip, .gzip, .ole: .other
    }
  }

  /// The format of what begins with `bytes`; nil where they are of none that is known here. Reads at most 1 KiB.
  public init?(of bytes: Span<UInt8>) {
    if let signature = Self.signatures.first(where: { bytes.hasSignature($0.bytes) }) {
      self = signature.format
    } else if bytes.hasSignature("RIFF"), bytes.count >= 12 {
      let form = bytes.extracting(8..<12)
      if form.isEqual(to: "WAVE") {
        self = .wav
      } else if form.isEqual(to: "WEBP") {
        self = .webp
      } else {
        return nil
      }
    } else if let format = Self.isoBaseMedia(bytes) {
      self = format
    } else if bytes.count >= 132, bytes.extracting(128..<132).isEqual(to: "DICM") {
      self = .dicom
    } else if Self.isMP3(bytes) {
      self = .mp3
    } else if Self.isPDF(bytes) {
      self = .pdf
    } else {
      return nil
    }
  }

  /// What a file begins with, where that alone tells.
  private static let signatures: [(format: MediaFormat, bytes: [UInt8])] = [
    (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    (.jpeg, [0xFF, 0xD8, 0xFF]),
    (.gif, Array("GIF87a".utf8)),
    (.gif, Array("GIF89a".utf8)),
    (.tiff, [0x49, 0x49, 0x2A, 0x00]),
    (.tiff, [0x4D, 0x4D, 0x00, 0x2A]),
    (.zip, [0x50, 0x4B, 0x03, 0x04]),
    (.zip, [0x50, 0x4B, 0x05, 0x06]),
    (.zip, [0x50, 0x4B, 0x07, 0x08]),
    (.gzip, [0x1F, 0x8B]),
    (.ole, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
    (.flac, Array("fLaC".utf8) + [0x00]),
    (.ogg, Array("OggS".utf8) + [0x00]),
    (.matroska, [0x1A, 0x45, 0xDF, 0xA3]),
  ]

  /// The first box is `ftyp`, which is shorter than 16 MiB: its first byte is zero, as no text's is.
  private static func isoBaseMedia(_ bytes: Span<UInt8>) -> MediaFormat? {
    guard bytes.count >= 12, bytes[0] == 0, bytes.extracting(4..<8).isEqual(to: "ftyp") else { return nil }
    let brand = bytes.extracting(8..<12)
    let images: [StaticString] = ["heic", "heix", "heim", "heis", "mif1", "msf1", "avif", "avis"]
    return images.contains { brand.isEqual(to: $0) } ? .heif : .mp4
  }

  /// An ID3v2 tag (id3.org, 3.1), or the header of an MPEG audio frame (ISO/IEC 11172-3, 2.4.2.3).
  private static func isMP3(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 4 else { return false }
    if bytes.hasSignature("ID3") {
      return bytes.count >= 10 && bytes[3] < 0x10 && bytes[4] != 0xFF
        && (6..<10).allSatisfy { bytes[$0] < 0x80 }
    }
    // 0xFFFE may be such a header, too; but then of layer I, and UTF-16's byte order mark is likelier.
    return bytes[0] == 0xFF && bytes[1] & 0xE0 == 0xE0 && bytes[1] < 0xFE
      && bytes[1] & 0x18 != 0x08 && bytes[1] & 0x06 != 0 && bytes[2] & 0xF0 != 0xF0
      && bytes[2] & 0x0C != 0x0C
  }

  /// Readers take a PDF with something before its header (ISO 32000-1, H.3); white space and a byte order mark
  /// are looked over here, as a PDF that is ASCII altogether would else be a text.
  private static func isPDF(_ bytes: Span<UInt8>) -> Bool {
    var start = bytes.hasSignature([0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < min(bytes.count, 1024), bytes[start] <= 0x20 { start += 1 }
    return start + 5 <= bytes.count && bytes.extracting(start..<start + 5).isEqual(to: "%PDF-")
  }
}

extension Span where Element == UInt8 {
  fileprivate func hasSignature(_ signature: [UInt8]) -> Bool {
    count >= signature.count && extracting(0..<signature.count).isEqual(to: signature)
  }

  fileprivate func hasSignature(_ signature: StaticString) -> Bool {
    count >= signature.utf8CodeUnitCount
      && extracting(0..<signature.utf8CodeUnitCount).isEqual(to: signature)
  }
}
