// surrogate_name.cpp: `mask: surrogate-name`, a mask in C++: another name stands in for each name, the same for the same.
//
// Which one is taken from the host's keyed fingerprint of the name, so that nobody without this installation's key can
// tell from the surrogate who is meant. Findings of other kinds are left to the masks after this one.
#include "sluice.hpp"

#include <array>
#include <cstddef>

namespace {

constexpr std::array<std::string_view, 16> given = {"Alex", "Robin", "Kim", "Sasha", "Jamie", "Noor", "Toni", "Luca",
                                                    "Dana", "Eden", "Rene", "Mika", "Quinn", "Sam", "Ari", "Jo"};
constexpr std::array<std::string_view, 16> family = {"Ashdown", "Birch", "Corwin", "Dell", "Elmore", "Farrow", "Grange", "Hollis",
                                                     "Ives", "Juniper", "Kestrel", "Larch", "Marlow", "Norwood", "Oakes", "Pell"};

struct Surrogate {
  static constexpr const char *name = "surrogate-name";
  static constexpr const char *summary = "puts another name in a name's place, the same for the same";
  static constexpr const char *schema = R"({"type":"object"})";

  sluice::Host host;
  explicit Surrogate(const sluice::Config &config) : host(config.host) {}

  struct Session {
    sluice::Host host;
    Session(const Surrogate &filter, const sluice::Exchange &) : host(filter.host) {}

    void edit(const sluice::Segment &, std::uint64_t base, std::string_view text,
              const sluice::Array<sluice_finding> &findings, const sluice::Edits &out) {
      for (std::uint64_t i = 0; i < findings.size(); i++) {
        const sluice_finding &finding = findings[i];
        if (sluice::view(finding.kind) != "NAME") continue;
        // The host promises that findings lie in the text. A name that does not must not go out unmasked.
        if (finding.start < base || finding.end <= finding.start || finding.end - base > text.size()) {
          throw sluice::Error(SLUICE_ERROR_INTERNAL, "A finding does not lie in its text.");
        }
        std::uint8_t print[16];
        if (!host.fingerprint("NAME", text.substr(finding.start - base, finding.end - finding.start), print)) {
          throw sluice::Error(SLUICE_ERROR_UNAVAILABLE, "The host computes no fingerprints (sluice.host.fingerprint/1).");
        }
        std::string replacement(given[print[0] % given.size()]);
        replacement += ' ';
        replacement += family[print[1] % family.size()];
        out.emit(static_cast<std::uint32_t>(i), finding.start, finding.end, replacement, "surrogate");
      }
    }
  };
};

}  // namespace

SLUICE_PLUGIN("org.example.surrogate-name", "1.0.0", "sluice.mask/1", sluice::Mask<Surrogate>)
