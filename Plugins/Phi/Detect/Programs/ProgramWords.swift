/// Words of programs, protocols and tools; one that is somebody's name as well counts as a name. The tagger, which learns from
/// people's sentences, takes some of them for names where a comment or a declaration reads like one: `fileprivate init`,
/// `ORDER BY name COLLATE NOCASE DESC`.
enum ProgramWords {
  private static let words = """
    a-label addr alloc ansi api apis apt arg argc args argv arraylist asc ascii asn asn1 assoc associatedtype async \
    atomics autoclosure autorelease avx await aws backend backtrace base32 base64 bitcast bitmap bitset bitwise \
    bool boolean btree buf bytecode bytes bytebuffer calloc callback cargo cfdata cfstring changelog charset chmod \
    chown ciphersuite ciphersuites cjson clang cli cmake codable codec codepoint collate collation config const \
    constexpr cors cpu crc32 crlf crud crypto csrf css csv ctx curl cwd daemon dataframe dealloc debug \
    decodable deinit deque dequeue deserialize desc devops dict discardable dns docker dockerfile dtls dylib ecdh \
    ecdhe ecdsa eddsa eintr einval elf emacs encodable endian endianness enoent enqueue enum enums eof eperm \
    epoll equatable errno eslint etag eventloop excl existentials extern failable fastapi fdatasync fifo filename \
    fileprivate fixme fmt foreach fork-join force-unwrap freebsd frontend frozenset fsync func ftp gcc gcm gdb getter \
    ghc github gitignore glibc goaway golang goroutine gpu gradle graphql grep groupby grpc gtk guid gzip haproxy \
    hashable hashmap hashset hdfs heapify hexdump hkdf hmac hotfix hotpath hpack hpke html http https idempotent \
    ifdef iframe impl indexable inlinable inline inode inout instanceof int8 int16 int32 int64 ints ioctl ipc ipv4 \
    ipv6 iterable iterator javac javascript jdbc jpeg json jsonb jvm jwk jwks jwt kernel-mode key-value \
    kotlin kqueue kubectl kubernetes kwargs lambda-calculus ldap lexer lhs libc linter linux llvm localhost \
    lookahead lvalue macos makefile malloc markdown matcher memcpy memfd memmove memset metadata middleware \
    mime mingw mixin mmap mongodb monomorphic mqtt msvc mtls mutating mutex mutexes mysql nameof namespace \
    namespaces nanosecond ncurses nextval nghttp2 nginx nocase nodejs noescape nonce nonisolated nonmutating \
    nosql npm nsarray nsdata nsdate nserror nsnumber nsobject nsstring ntlm nullable nullptr numeric numerics \
    numpy oauth objc ocsp odbc oidc onclick opaque openapi openssl optionset parser passthrough pbkdf2 pem \
    pgsql php pkcs pkcs12 pkcs7 plist png pnpm posix postgres postgresql powershell preconcurrency printf proc \
    proto protobuf pseudo-header pthread pthreads ptr pubkey pwd pycharm pyproject pytest python pydocstyle pylint mypy flake8 ruff pytorch qos qsort \
    quic rabbitmq rdbms readonly realloc rebase recv redis refactor refcount regex regexp repl repos req \
    rethrows rhs rpc rsa rst rustc rvalue samesite saml savepoint sdk sdks selinux semaphore semver \
    sendable serde serializer setter sha1 sha256 sha384 sha512 shellcheck sigint sigkill sigpipe sigterm simd \
    sizeof smtp sni soap sockaddr spki sql sqlite ssh ssl sslv3 stackoverflow starttls stderr stdin stdio stdlib \
    stdout strcmp strdup strlen strncpy struct structs subclass subprocess subscript substr substring sudo svg \
    swiftpm symlink sync syntax syscall sysctl syslog systemd tcp telnet tensorflow terraform testability threadpool \
    timestamptz tls tmp tmux toml tty tuple tuples typealias typedef typename typeof typescript ubuntu udp uint uint8 \
    uint16 uint32 uint64 ulong unary unarchive unicode unix unowned unsigned untyped unwrap upsert urls usize \
    utf utf-8 utf8 utf16 utils uuid uuids valgrind varargs varchar variadic vararg vec vnode webassembly \
    webhook webhooks webpack websocket websockets whitespace win32 winsock wstring x509 xcode xml xpath xss yaml yield \
    zlib zsh perl wasm wasi haskell fortran cobol ocaml erlang clojure groovy golang boringssl gnutls libressl nodejs numba cython pandas scipy \
    jupyter kafka redux svelte angular vue vite esbuild rollup aarch64 armv8 x86 amd64 riscv gzread gzwrite inflate deflate
    """

  private static let set = WordSet(words: words)

  @inline(__always)
  static func contains(_ word: Word) -> Bool { set.contains(word.hash) && !word.classes.isName }

}
