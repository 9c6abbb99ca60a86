import Testing

@testable import Payload

struct MultipartBodyTests {
  @Test func parts() throws {
    let body = multipart(
      (named("name=\"purpose\""), "assistants"),
      (
        named("name=\"file\"; filename=\"notes.txt\"") + "\r\nContent-Type: text/plain; charset=utf-8",
        "Jane\nDoe\r\n"
      ),
      ("content-type:image/png\r\nCONTENT-DISPOSITION:Form-Data;name=x", ""))
    let parsed = try parsed(body)
    #expect(parsed.parts.count == 3)
    #expect(names(parsed, 0) == ["purpose", nil, nil])
    #expect(names(parsed, 1) == ["file", "notes.txt", nil])
    #expect(names(parsed, 2) == ["x", nil, nil])
    #expect(parsed.parts.map { text(Array(body[$0.content])) } == ["assistants", "Jane\nDoe\r\n", ""])
    #expect(text(Array(body[parsed.parts[0].headers])) == named("name=\"purpose\"") + "\r\n")
    #expect(parsed.parts.map(\.mediaClass) == [.text, .text, .image])
    #expect(parsed.parts.map(\.isFile) == [false, true, false])
    #expect(parsed.parts[1].contentType.map { text(Array(body[$0])) } == "text/plain; charset=utf-8")
    #expect(parsed.parts[0].contentType == nil)
  }

  /// What clients send: an empty form, line ends around the whole, none at the end, headers of their own.
  @Test(arguments: [
    ("--b--", 0), ("--b--\r\n", 0), ("\r\n--b--\r\n", 0),
    ("\r\n--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--b--", 1),
    (
      "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Length: 3\r\n"
        + "Content-Transfer-Encoding: BINARY\r\nContent-Type: application/octet-stream\r\n\r\nabc\r\n--b--\r\n",
      1
    ),
    ("--b\r\nContent-Disposition: form-data; name=\"_charset_\"\r\n\r\nUTF-8\r\n--b--\r\n", 1),
    ("--b\r\nContent-Disposition: form-data; name=\"a\";\r\n\r\n-\r\n-b\r\n--\r\n--b--\r\n", 1),
  ])
  func accepted(_ body: String, _ count: Int) throws {
    #expect(try parsed(bytes(body), boundary: "b").parts.count == count)
  }

  @Test(arguments: [
    (#"name="a b""#, "a b", nil, nil), (#"name=a; filename=b.txt"#, "a", "b.txt", nil),
    (#"name="a\"b\\c\d""#, #"a"b\c\d"#, nil, nil), (#"name="%22%0D%0A%25""#, "\"\r\n%", nil, nil),
    (#"name="100%"; filename="50%zz%4""#, "100%", "50%zz%4", nil),
    (#"name=""; filename="""#, "", "", nil), (#"filename="é患.txt";name=a"#, "a", "é患.txt", nil),
    (#"name=a; filename=%E2%82%AC.txt"#, "a", "€.txt", nil),
    (#"name=a; filename*=UTF-8''%E2%82%AC%20rates.txt"#, "a", nil, "€ rates.txt"),  // RFC 8187, 3.2.3
    (#"name=a; filename="EUR.txt"; FileName*=utf-8'en-GB'%e2%82%ac.txt"#, "a", "EUR.txt", "€.txt"),
    (#"name="a;b=c"; filename="C:\Users\jane\a.txt""#, "a;b=c", #"C:\Users\jane\a.txt"#, nil),
    ("name=\"a\tb\"", "a\tb", nil, nil), (#"name = "a""#, nil, nil, nil),
  ])
  func values(_ parameters: String, _ name: String?, _ filename: String?, _ extended: String?) throws {
    let body = multipart((named(parameters), "x"))
    guard let name else {
      #expect(refusal(body) == .malformedParameter)
      return
    }
    #expect(names(try parsed(body), 0) == [name, filename, extended])
  }

  @Test(arguments: [
    ("multipart/form-data; boundary=abc", "abc"), ("Multipart/Form-Data;Boundary=\"a b\"", "a b"),
    (
      " multipart/form-data ; charset=utf-8 ; boundary=----WebKitFormBoundaryAbC123 ",
      "----WebKitFormBoundaryAbC123"
    ),
    ("multipart/form-data; boundary=\"'()+_,-./:=?\";", "'()+_,-./:=?"),
    ("multipart/form-data; boundary=" + String(repeating: "x", count: 70), String(repeating: "x", count: 70)),
  ])
  func boundaries(_ contentType: String, _ characters: String) throws {
    #expect(try MultipartBoundary(contentType: bytes(contentType).span).characters == bytes(characters))
  }

  @Test(arguments: [
    ("", MultipartError.Code.notFormData), ("multipart/mixed; boundary=a", .notFormData),
    ("multipart/form-datax; boundary=a", .notFormData), ("text/plain", .notFormData),
    ("multipart/form-data; boundary=a" + String(repeating: " ", count: 1024), .notFormData),
    ("multipart/form-data", .invalidBoundary), ("multipart/form-data; charset=utf-8", .invalidBoundary),
    ("multipart/form-data; boundary=\"\"", .invalidBoundary),
    ("multipart/form-data; boundary=\"a \"", .invalidBoundary),
    ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), .invalidBoundary),
    ("multipart/form-data; boundary=a; boundary=a", .invalidBoundary),
    ("multipart/form-data; boundary=a; BOUNDARY=b", .invalidBoundary),
    ("multipart/form-data; boundary*=utf-8''a", .invalidBoundary),
    ("multipart/form-data; boundary*0=a; boundary*1=b", .invalidBoundary),
    ("multipart/form-data; boundary=a*b", .invalidBoundary),
    ("multipart/form-data; boundary=\"a\\b\"", .invalidBoundary),
    ("multipart/form-data; boundary=\"é\"", .invalidBoundary),
    ("multipart/form-data; boundary=\"a\tb\"", .invalidBoundary),
    ("multipart/form-data; boundary=a/b", .malformedParameter),
    ("multipart/form-data; boundary=", .malformedParameter),
    ("multipart/form-data; boundary", .malformedParameter),
    ("multipart/form-data; boundary=\"a", .malformedParameter),
    ("multipart/form-data; boundary =a", .malformedParameter),
    ("multipart/form-data;; boundary=a", .malformedParameter),
    ("multipart/form-data boundary=a", .malformedParameter),
    ("multipart/form-data; boundary=a b", .malformedParameter),
    ("multipart/form-data; x=\"; boundary=b\"; boundary=a", .malformedParameter),
    ("multipart/form-data; boundary=a, multipart/form-data; boundary=b", .malformedParameter),
  ])
  func noBoundary(_ contentType: String, _ code: MultipartError.Code) {
    #expect {
      _ = try MultipartBoundary(contentType: bytes(contentType).span)
    } throws: { ($0 as? MultipartError)?.code == code }
  }
}
