// kept_cpp.cpp: `detect: kept-cpp`, a detect filter in C++17.
//
// sluice.hpp makes the C tables of the ABI from a class, and turns what it throws into an answer; detect.h says what is
// asked of it. A filter may be called from several threads at once; a session is used by one at a time.
#include "sluice.hpp"

#include <cstdint>
#include <map>

namespace {

// "ID-" and six digits, with no letter or digit on either side. A text comes in pieces that may be cut anywhere: so bytes
// are looked at one by one, and all that is remembered is how many of them may be the beginning of something.
class Matcher {
 public:
  static constexpr std::uint64_t length = 9;

  void take(unsigned char byte) {
    if (held_ > 0 && fits(held_, byte)) held_++;
    else held_ = fits(0, byte) && !is_word(before_);
    before_ = byte;
  }
  std::uint64_t held() const { return held_; }
  bool is_number() const { return held_ == length; }

  // A byte from 0x80 on is part of a letter of another alphabet.
  static bool is_word(unsigned char byte) {
    return byte >= 0x80 || byte == '_' || (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
  }

 private:
  static bool fits(std::uint64_t place, unsigned char byte) {
    return place < 3 ? byte == "ID-"[place] : place < length && byte >= '0' && byte <= '9';
  }
  std::uint64_t held_ = 0;
  unsigned char before_ = ' ';
};

struct KeptCpp {
  static constexpr const char *name = "kept-cpp";
  static constexpr const char *summary = "finds numbers such as ID-123456";
  static constexpr const char *schema = R"({"type":"object","additionalProperties":false})";

  explicit KeptCpp(const sluice::Config &) {}
  std::uint64_t maximum_hold() const { return Matcher::length; }

  struct Session {
    std::map<std::uint64_t, Matcher> texts;  // those that are under way
    Session(const KeptCpp &, const sluice::Exchange &) {}

    // Each byte comes once. Answers up to where nothing can be found any more.
    std::uint64_t feed(const sluice::Segment &segment, std::uint64_t base, std::string_view text, bool end,
                       const sluice::Findings &findings) {
      if (texts.size() > 1024) throw sluice::Error(SLUICE_ERROR_LIMIT, "More than 1024 texts at once.");
      Matcher &matcher = texts[segment.id()];
      std::uint64_t at = base;
      for (unsigned char byte : text) {
        if (matcher.is_number() && !Matcher::is_word(byte)) report(at, findings);
        matcher.take(byte);
        at++;
      }
      if (!end) return at - matcher.held();
      if (matcher.is_number()) report(at, findings);
      texts.erase(segment.id());
      return at;
    }

    static void report(std::uint64_t end, const sluice::Findings &findings) {
      findings.emit(end - Matcher::length, end, "KEPT_CPP", "kept-cpp/number", 9500);
    }
  };
};

}  // namespace

SLUICE_PLUGIN("org.example.kept-cpp", "0.1.0", "sluice.detect/1", sluice::Detect<KeptCpp>)
