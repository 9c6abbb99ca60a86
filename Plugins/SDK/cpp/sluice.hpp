// sluice.hpp: the filter ABI for C++17, in one header. Exceptions stop at the border.
//
// A filter is a class made from a sluice::Config, with one session class for each exchange's direction; sluice::plugin
// turns it into the C tables. Include it in one file of the plugin only:
//
//     #include "sluice.hpp"
//
//     struct Digits {
//       static constexpr const char *name = "digits", *summary = "finds 4711", *schema = R"({"type":"object"})";
//       explicit Digits(const sluice::Config &) {}
//       std::uint64_t maximum_hold() const { return 3; }
//       struct Session {
//         Session(const Digits &, const sluice::Exchange &) {}
//         std::uint64_t feed(const sluice::Segment &, std::uint64_t base, std::string_view bytes, bool end,
//                            const sluice::Findings &out);
//       };
//     };
//
//     SLUICE_PLUGIN("org.example.digits", "1.0.0", "sluice.detect/1", sluice::Detect<Digits>)
//
// What a filter throws becomes an answer: sluice::Error its own code, std::bad_alloc LIMIT, anything else INTERNAL with
// a fixed message, since the text of somebody else's exception may hold text of an exchange.
#ifndef SLUICE_HPP
#define SLUICE_HPP

#include <sluice/sluice.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

inline std::string_view view(sluice_bytes bytes) {
  return bytes.data == nullptr ? std::string_view{}
                               : std::string_view(reinterpret_cast<const char *>(bytes.data), bytes.length);
}

inline sluice_bytes bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

// Why a filter can't do what it was asked. The message is for people and never holds text of an exchange.
struct Error : std::exception {
  sluice_status status;
  std::string message, pointer;

  Error(sluice_status status, std::string message, std::string pointer = {})
      : status(status), message(std::move(message)), pointer(std::move(pointer)) {}
  const char *what() const noexcept override { return message.c_str(); }
};

// ---- Views: what the host lends for the length of a call ----

template <class T>
class Array {
 public:
  explicit Array(sluice_array raw) : raw_(raw) {}
  std::uint64_t size() const { return raw_.first == nullptr ? 0 : raw_.count; }
  // By the stride that the host gave: elements may have grown.
  const T &operator[](std::uint64_t index) const {
    return *reinterpret_cast<const T *>(static_cast<const char *>(raw_.first) + index * raw_.stride);
  }

 private:
  sluice_array raw_;
};

struct Host {
  const sluice_host *raw = nullptr;

  // The table of a service, or nullptr where the host does not offer it.
  template <class T>
  const T *service(std::string_view id) const {
    return raw == nullptr ? nullptr : static_cast<const T *>(raw->get_extension(raw, bytes(id)));
  }

  // The fingerprint of a value within a domain, such as its kind: 16 bytes, the same for the same value.
  bool fingerprint(std::string_view domain, std::string_view value, std::uint8_t *out) const {
    auto table = service<sluice_host_fingerprint>(SLUICE_HOST_FINGERPRINT_ID);
    return table != nullptr && table->compute(raw, bytes(domain), bytes(value), out) == SLUICE_OK;
  }

  // Logs a literal with a number.
  template <std::size_t N, std::size_t M>
  void log(std::uint32_t level, const char (&text)[N], const char (&name)[M], std::int64_t number) const {
    auto table = service<sluice_host_log>(SLUICE_HOST_LOG_ID);
    if (table == nullptr) return;
    sluice_log_field field{};
    field.size = sizeof field;
    field.disclosure = SLUICE_FIELD_PUBLIC;
    field.name = bytes({name, M - 1});
    field.number = number;
    table->write(raw, level, bytes({text, N - 1}), {&field, 1, sizeof field});
  }
};

// What an instance is made from. While validating there is no host.
struct Config {
  std::string_view json;  // canonical (RFC 8785), and checked against the schema
  Host host;

  // The text of a member of the object, where it is there and needs no unescaping; else `otherwise`.
  std::string text(std::string_view name, std::string_view otherwise = {}) const {
    std::string key = '"' + std::string(name) + "\":\"";
    std::size_t at = json.find(key);
    if (at == std::string_view::npos) return std::string(otherwise);
    std::size_t end = json.find('"', at + key.size());
    if (end == std::string_view::npos) return std::string(otherwise);
    return std::string(json.substr(at + key.size(), end - at - key.size()));
  }
};

struct Exchange {
  const sluice_exchange *raw;
  std::uint32_t direction() const { return raw->direction; }
  std::string_view id() const { return view(raw->id); }
  std::string_view subject() const { return raw->principal ? view(raw->principal->subject) : std::string_view{}; }
  Array<sluice_attribute> attributes() const { return Array<sluice_attribute>(raw->attributes); }
};

struct Segment {
  const sluice_segment *raw;
  std::uint64_t id() const { return raw->id; }
  std::uint32_t role() const { return raw->role; }
  std::string_view pointer() const { return view(raw->pointer); }
  std::string_view name() const { return view(raw->name); }
};

// ---- Emitters: usable inside the call that received them ----

class Findings {
 public:
  explicit Findings(const sluice_finding_emitter *raw) : raw_(raw) {}
  void emit(std::uint64_t start, std::uint64_t end, std::string_view kind, std::string_view detector,
            std::uint32_t confidence = 9000) const {
    sluice_finding finding{};
    finding.size = sizeof finding;
    finding.confidence = confidence;
    finding.start = start;
    finding.end = end;
    finding.kind = bytes(kind);
    finding.detector = bytes(detector);
    if (raw_->emit(raw_->context, &finding) != SLUICE_OK) throw Error(SLUICE_ERROR_INTERNAL, "The host refused a finding.");
  }

 private:
  const sluice_finding_emitter *raw_;
};

class Edits {
 public:
  explicit Edits(const sluice_edit_emitter *raw) : raw_(raw) {}
  void emit(std::uint32_t finding, std::uint64_t start, std::uint64_t end, std::string_view replacement,
            std::string_view operation) const {
    sluice_edit edit{};
    edit.size = sizeof edit;
    edit.finding = finding;
    edit.start = start;
    edit.end = end;
    edit.replacement = bytes(replacement);
    edit.operation = bytes(operation);
    if (raw_->emit(raw_->context, &edit) != SLUICE_OK) throw Error(SLUICE_ERROR_INTERNAL, "The host refused an edit.");
  }

 private:
  const sluice_edit_emitter *raw_;
};

class Reasons {
 public:
  explicit Reasons(const sluice_score_emitter *raw) : raw_(raw) {}
  void emit(std::string_view code, std::int32_t points, std::uint64_t count) const {
    sluice_score_reason reason{};
    reason.size = sizeof reason;
    reason.points = points;
    reason.count = count;
    reason.code = bytes(code);
    if (raw_->reason(raw_->context, &reason) != SLUICE_OK) throw Error(SLUICE_ERROR_INTERNAL, "The host refused a reason.");
  }

 private:
  const sluice_score_emitter *raw_;
};

// ---- The border ----

inline void copy_text(std::string_view text, std::uint8_t *into, std::uint64_t capacity, std::uint64_t &length) {
  length = into == nullptr ? 0 : (text.size() < capacity ? text.size() : capacity);
  if (length > 0) std::memcpy(into, text.data(), length);
}

inline sluice_status report(sluice_error *error, sluice_status status, std::string_view message,
                            std::string_view pointer = {}) noexcept {
  if (error != nullptr) {
    error->flags = 0;
    copy_text(message, error->message, error->message_capacity, error->message_length);
    copy_text(pointer, error->pointer, error->pointer_capacity, error->pointer_length);
  }
  return status;
}

// Runs a call of the filter's. Whatever it throws becomes a status.
template <class Body>
sluice_status guarded(sluice_error *error, Body body) noexcept {
  try {
    body();
    return SLUICE_OK;
  } catch (const Error &e) {
    return report(error, e.status < 0 ? e.status : SLUICE_ERROR_INTERNAL, e.message, e.pointer);
  } catch (const std::bad_alloc &) {
    return report(error, SLUICE_ERROR_LIMIT, "The filter is out of memory.");
  } catch (...) {
    return report(error, SLUICE_ERROR_INTERNAL, "The filter threw an exception, which may hold text and is not shown.");
  }
}

// What all kinds of filters have in common.
template <class Filter>
const sluice_filter *filter_table() {
  static sluice_filter table = [] {
    sluice_filter t{};
    t.size = sizeof t;
    t.name = bytes(Filter::name);
    t.summary = bytes(Filter::summary);
    t.schema = bytes(Filter::schema);
    // Making one is the check: a constructor has no effects that its destructor does not undo.
    t.validate = [](const sluice_filter *, sluice_bytes json, sluice_error *error) -> sluice_status {
      return guarded(error, [&] { Filter made(Config{view(json), Host{}}); });
    };
    t.create = [](const sluice_filter *, const sluice_host *host, sluice_bytes json, void **instance,
                  sluice_error *error) -> sluice_status {
      return guarded(error, [&] { *instance = new Filter(Config{view(json), Host{host}}); });
    };
    t.destroy = [](const sluice_filter *, void *instance) { delete static_cast<Filter *>(instance); };
    return t;
  }();
  return &table;
}

template <class Filter>
sluice_status open_session(void *instance, const sluice_exchange *exchange, void **session, sluice_error *error) {
  return guarded(error, [&] {
    *session = new typename Filter::Session(*static_cast<const Filter *>(instance), Exchange{exchange});
  });
}

template <class Filter>
void close_session(void *session) {
  delete static_cast<typename Filter::Session *>(session);
}

// ---- One table for each kind ----

template <class Filter>
struct Detect {
  static constexpr std::string_view id = SLUICE_DETECT_ID;
  static const void *table() {
    static sluice_detect table = [] {
      sluice_detect t{};
      t.size = sizeof t;
      t.filter = filter_table<Filter>();
      t.maximum_hold = [](void *instance) -> std::uint64_t { return static_cast<const Filter *>(instance)->maximum_hold(); };
      t.open = open_session<Filter>;
      t.feed = [](void *session, const sluice_segment *segment, std::uint64_t base, sluice_bytes text, std::uint32_t end,
                  const sluice_finding_emitter *emitter, std::uint64_t *safe, sluice_error *error) -> sluice_status {
        return guarded(error, [&] {
          *safe = static_cast<typename Filter::Session *>(session)->feed(Segment{segment}, base, view(text), end != 0,
                                                                         Findings(emitter));
        });
      };
      t.close = close_session<Filter>;
      return t;
    }();
    return &table;
  }
};

template <class Filter>
struct Mask {
  static constexpr std::string_view id = SLUICE_MASK_ID;
  static const void *table() {
    static sluice_mask table = [] {
      sluice_mask t{};
      t.size = sizeof t;
      t.filter = filter_table<Filter>();
      t.open = open_session<Filter>;
      t.edit = [](void *session, const sluice_segment *segment, std::uint64_t base, sluice_bytes text,
                  sluice_array findings, const sluice_edit_emitter *emitter, sluice_error *error) -> sluice_status {
        return guarded(error, [&] {
          static_cast<typename Filter::Session *>(session)->edit(Segment{segment}, base, view(text),
                                                                 Array<sluice_finding>(findings), Edits(emitter));
        });
      };
      t.close = close_session<Filter>;
      return t;
    }();
    return &table;
  }
};

// What a guard says: allow(), or deny(rule, message).
struct Verdict {
  std::uint32_t verdict = SLUICE_GUARD_DENY;
  std::string rule, message;
  static Verdict allow() { return {SLUICE_GUARD_ALLOW, {}, {}}; }
  static Verdict deny(std::string rule, std::string message) {
    return {SLUICE_GUARD_DENY, std::move(rule), std::move(message)};
  }
};

template <class Filter>
struct Guard {
  static constexpr std::string_view id = SLUICE_GUARD_ID;
  static const void *table() {
    static sluice_guard table = [] {
      sluice_guard t{};
      t.size = sizeof t;
      t.filter = filter_table<Filter>();
      t.wants = [](void *instance) -> std::uint32_t {
        return static_cast<const Filter *>(instance)->wants_text() ? SLUICE_REVIEW_TEXT : 0;
      };
      t.open = open_session<Filter>;
      t.segment = [](void *session, const sluice_segment *segment, sluice_bytes text, sluice_array findings,
                     sluice_error *error) -> sluice_status {
        return guarded(error, [&] {
          static_cast<typename Filter::Session *>(session)->segment(Segment{segment}, view(text),
                                                                    Array<sluice_finding>(findings));
        });
      };
      t.finish = [](void *session, const sluice_guard_emitter *emitter, sluice_error *error) -> sluice_status {
        return guarded(error, [&] {
          Verdict said = static_cast<typename Filter::Session *>(session)->finish();
          sluice_guard_verdict raw{};
          raw.size = sizeof raw;
          raw.verdict = said.verdict;
          raw.rule = bytes(said.rule);
          raw.message = bytes(said.message);
          if (emitter->emit(emitter->context, &raw) != SLUICE_OK) throw Error(SLUICE_ERROR_INTERNAL, "The host refused a verdict.");
        });
      };
      t.close = close_session<Filter>;
      return t;
    }();
    return &table;
  }
};

template <class Filter>
struct Score {
  static constexpr std::string_view id = SLUICE_SCORE_ID;
  static const void *table() {
    static sluice_score table = [] {
      sluice_score t{};
      t.size = sizeof t;
      t.filter = filter_table<Filter>();
      t.wants = [](void *instance) -> std::uint32_t {
        return static_cast<const Filter *>(instance)->wants_text() ? SLUICE_REVIEW_TEXT : 0;
      };
      t.open = open_session<Filter>;
      t.segment = [](void *session, const sluice_segment *segment, sluice_bytes text, sluice_array findings,
                     sluice_array fingerprints, sluice_error *error) -> sluice_status {
        return guarded(error, [&] {
          static_cast<typename Filter::Session *>(session)->segment(
              Segment{segment}, view(text), Array<sluice_finding>(findings), Array<sluice_bytes>(fingerprints));
        });
      };
      t.finish = [](void *session, const sluice_score_emitter *emitter, std::uint32_t *score,
                    sluice_error *error) -> sluice_status {
        return guarded(error, [&] { *score = static_cast<typename Filter::Session *>(session)->finish(Reasons(emitter)); });
      };
      t.close = close_session<Filter>;
      return t;
    }();
    return &table;
  }
};

// What a gate says. Who has to decide, where it holds the request:
//
//     return Decision::hold("officers", 2, 900, "Two people have to approve it.")
//         .require("privacy").require("security")        // of each of these groups somebody
//         .let_break_glass({"physicians"}, 1800);        // in an emergency, reviewed afterwards
struct Decision {
  std::uint32_t verdict = SLUICE_GATE_DENY, quorum = 0, flags = 0;
  std::uint64_t expires = 0;  // seconds
  std::vector<std::string> approvers, required, break_glass;
  std::uint64_t break_glass_lifetime = 0;  // seconds; 0: nobody may
  std::string reason;

  static Decision allow() {
    Decision said;
    said.verdict = SLUICE_GATE_ALLOW;
    return said;
  }
  static Decision deny(std::string reason) {
    Decision said;
    said.reason = std::move(reason);
    return said;
  }
  // Until people decide. A group whose members may; empty: the local operator alone, or those of `require`.
  static Decision hold(std::string group, std::uint32_t quorum, std::uint64_t seconds, std::string reason) {
    Decision said;
    said.verdict = SLUICE_GATE_HOLD;
    said.quorum = quorum;
    said.expires = seconds;
    said.reason = std::move(reason);
    if (group.empty()) {
      said.flags = SLUICE_GATE_LOCAL_OPERATOR;
    } else {
      said.approvers.push_back(std::move(group));
    }
    return said;
  }

  // Members of this group may decide, too.
  Decision &&approver(std::string group) && {
    approvers.push_back(std::move(group));
    return std::move(*this);
  }
  // Somebody of this group has to be among those who approve, who counts for no other such group. At most 16, and at
  // most as many as the quorum.
  Decision &&require(std::string group) && {
    required.push_back(std::move(group));
    return std::move(*this);
  }
  // Whether the owner of the gateway's data directory may decide at its command line.
  Decision &&local_operator(bool may) && {
    flags = may ? flags | SLUICE_GATE_LOCAL_OPERATOR : flags & ~SLUICE_GATE_LOCAL_OPERATOR;
    return std::move(*this);
  }
  // Whoever asks may go on at once where one of their groups is here, for at most so many seconds, 60 to 604800.
  Decision &&let_break_glass(std::vector<std::string> groups, std::uint64_t seconds) && {
    break_glass = std::move(groups);
    break_glass_lifetime = seconds;
    return std::move(*this);
  }
  // Likewise, whatever their groups.
  Decision &&let_anyone_break_glass(std::uint64_t seconds) && {
    flags |= SLUICE_GATE_BREAK_GLASS_ANYONE;
    break_glass_lifetime = seconds;
    return std::move(*this);
  }
};

// Texts, lent as an array of sluice_bytes for as long as this lives.
class Texts {
 public:
  explicit Texts(const std::vector<std::string> &texts) {
    for (const std::string &text : texts) all_.push_back(bytes(text));
  }
  sluice_array raw() const { return {all_.data(), all_.size(), sizeof(sluice_bytes)}; }

 private:
  std::vector<sluice_bytes> all_;
};

template <class Filter>
struct Gate {
  static constexpr std::string_view id = SLUICE_GATE_ID;
  static const void *table() {
    static sluice_gate table = [] {
      sluice_gate t{};
      t.size = sizeof t;
      t.filter = filter_table<Filter>();
      t.decide = [](void *instance, const sluice_gate_request *request, const sluice_gate_emitter *emitter,
                    sluice_error *error) -> sluice_status {
        return guarded(error, [&] {
          const Decision said = static_cast<const Filter *>(instance)->decide(*request);
          const Texts approvers(said.approvers), required(said.required), glass(said.break_glass);
          sluice_gate_decision raw{};
          raw.size = sizeof raw;
          raw.verdict = said.verdict;
          raw.quorum = said.quorum;
          raw.flags = said.flags;
          raw.expires = said.expires;
          raw.approvers = approvers.raw();
          raw.reason = bytes(said.reason);
          raw.required = required.raw();
          raw.break_glass = glass.raw();
          raw.break_glass_lifetime = said.break_glass_lifetime;
          if (emitter->emit(emitter->context, &raw) != SLUICE_OK) throw Error(SLUICE_ERROR_INTERNAL, "The host refused a decision.");
        });
      };
      return t;
    }();
    return &table;
  }
};

// ---- Notifiers (notify.h) ----

// Something that people are to know.
struct Notification {
  const sluice_notification *raw;
  std::string_view id() const { return view(raw->id); }          // the same for each attempt
  std::uint32_t attempt() const { return raw->attempt; }         // from 1 on
  std::string_view reference() const { return view(raw->reference); }  // of what was told first; empty: nothing
  std::string_view json() const { return view(raw->json); }      // docs/notify.md
};

// What became of a notification.
struct Delivery {
  bool is_delivered = false;
  std::string reference;          // what it is known by over there; may be empty
  std::uint64_t retry_after = 0;  // milliseconds; 0: the host's own back-off
  static Delivery delivered(std::string reference = {}) { return {true, std::move(reference), 0}; }
  static Delivery retry(std::uint64_t milliseconds = 0) { return {false, {}, milliseconds}; }
};

// What a person says, who was verified to be this person.
struct Reply {
  bool approves = false;
  std::string approval, subject;    // the approval's id; the principal that the person is
  std::vector<std::string> groups;  // the principal's
  std::string person, comment;      // who it is over there, and their own words
  std::string once;                 // what a replay of the same message would have in common with it
  std::uint64_t replay_until = 0;   // seconds since 1970 UTC: from then on the filter itself refuses the message
};

// Hands over what people say. Usable inside the call that received it.
class Replies {
 public:
  explicit Replies(const sluice_notify_emitter *raw) : raw_(raw) {}
  // What it came to: SLUICE_OUTCOME_*.
  std::uint32_t take(const Reply &reply) const {
    const Texts groups(reply.groups);
    sluice_reply said{};
    said.size = sizeof said;
    said.verdict = reply.approves ? SLUICE_REPLY_APPROVE : SLUICE_REPLY_DENY;
    said.approval = bytes(reply.approval);
    said.subject = bytes(reply.subject);
    said.groups = groups.raw();
    said.person = bytes(reply.person);
    said.comment = bytes(reply.comment);
    said.once = bytes(reply.once);
    said.replay_until = reply.replay_until;
    std::uint32_t outcome = SLUICE_OUTCOME_UNAVAILABLE;
    return raw_->reply(raw_->context, &said, &outcome) == SLUICE_OK ? outcome : SLUICE_OUTCOME_UNAVAILABLE;
  }

 private:
  const sluice_notify_emitter *raw_;
};

// An HTTP request that arrived for the filter. Nothing of it has been verified.
struct HookCall {
  const sluice_notify_call *raw;
  std::uint64_t time() const { return raw->time; }  // seconds since 1970 UTC
  std::string_view method() const { return view(raw->method); }
  std::string_view path() const { return view(raw->path); }
  std::string_view body() const { return view(raw->body); }
  // The value of a field that is there exactly once, whatever the case of its name; empty otherwise, so that nobody
  // checks one and reads another.
  std::string_view header(std::string_view name) const {
    const Array<sluice_header> all(raw->headers);
    std::string_view found;
    std::uint64_t count = 0;
    for (std::uint64_t index = 0; index < all.size(); index++) {
      if (!is_same(view(all[index].name), name)) continue;
      found = view(all[index].value);
      count++;
    }
    return count == 1 ? found : std::string_view{};
  }

 private:
  static bool is_same(std::string_view one, std::string_view other) {
    const auto lower = [](char letter) { return letter >= 'A' && letter <= 'Z' ? char(letter + 32) : letter; };
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [&](char a, char b) { return lower(a) == lower(b); });
  }
};

struct HookAnswer {
  std::uint32_t status = 200;
  std::string content_type, body;
};

// A notifier: `Delivery send(const Notification &) const`, and where it has them, `HookAnswer receive(const HookCall &,
// const Replies &) const` and `void poll(const Array<sluice_notified> &, const Replies &) const`. All may block, and
// are called from several threads at once. A call that is not what it should be throws Error(SLUICE_ERROR_INPUT, …).
template <class Filter>
struct Notify {
  static constexpr std::string_view id = SLUICE_NOTIFY_ID;
  static const void *table() {
    static sluice_notify table = [] {
      sluice_notify t{};
      t.size = sizeof t;
      t.filter = filter_table<Filter>();
      t.send = [](void *instance, const sluice_notification *notification, const sluice_notify_emitter *emitter,
                  std::uint64_t *retry_after, sluice_error *error) -> sluice_status {
        return guarded(error, [&] {
          const Delivery done = static_cast<const Filter *>(instance)->send(Notification{notification});
          if (!done.is_delivered) {
            if (retry_after != nullptr) *retry_after = done.retry_after;
            throw Error(SLUICE_ERROR_UNAVAILABLE, "The service is to be asked again later.");
          }
          if (!done.reference.empty() && emitter->reference(emitter->context, bytes(done.reference)) != SLUICE_OK) {
            throw Error(SLUICE_ERROR_INTERNAL, "The host refused a reference.");
          }
        });
      };
      if constexpr (receives<Filter>(nullptr)) {
        t.receive = [](void *instance, const sluice_notify_call *call, const sluice_notify_emitter *emitter,
                       sluice_error *error) -> sluice_status {
          return guarded(error, [&] {
            const HookAnswer answer = static_cast<const Filter *>(instance)->receive(HookCall{call}, Replies(emitter));
            if (emitter->answer(emitter->context, answer.status, bytes(answer.content_type), bytes(answer.body)) != SLUICE_OK) {
              throw Error(SLUICE_ERROR_INTERNAL, "The host refused an answer.");
            }
          });
        };
      }
      if constexpr (polls<Filter>(nullptr)) {
        t.poll = [](void *instance, sluice_array open, const sluice_notify_emitter *emitter,
                    sluice_error *error) -> sluice_status {
          return guarded(error, [&] {
            static_cast<const Filter *>(instance)->poll(Array<sluice_notified>(open), Replies(emitter));
          });
        };
      }
      return t;
    }();
    return &table;
  }

 private:
  template <class F>
  static constexpr bool receives(decltype(&F::receive)) { return true; }
  template <class F>
  static constexpr bool receives(...) { return false; }
  template <class F>
  static constexpr bool polls(decltype(&F::poll)) { return true; }
  template <class F>
  static constexpr bool polls(...) { return false; }
};

// Who is asking. `subject` with ALLOW, `reason` with DENY, `challenge` with the others.
struct Authentication {
  std::uint32_t verdict = SLUICE_AUTHENTICATE_DENY;
  std::string subject, group, credential, reason, challenge;
};

template <class Filter>
struct Authenticate {
  static constexpr std::string_view id = SLUICE_AUTHENTICATE_ID;
  static const void *table() {
    static sluice_authenticate table = [] {
      sluice_authenticate t{};
      t.size = sizeof t;
      t.filter = filter_table<Filter>();
      t.authenticate = [](void *instance, const sluice_head *head, const sluice_authenticate_emitter *emitter,
                          sluice_error *error) -> sluice_status {
        return guarded(error, [&] {
          Authentication said = static_cast<const Filter *>(instance)->authenticate(Array<sluice_header>(head->headers));
          sluice_bytes group = bytes(said.group);
          sluice_principal principal{};
          principal.size = sizeof principal;
          principal.subject = bytes(said.subject);
          if (!said.group.empty()) principal.groups = {&group, 1, sizeof group};
          principal.established = bytes(Filter::name);
          principal.credential = bytes(said.credential);
          sluice_authentication raw{};
          raw.size = sizeof raw;
          raw.verdict = said.verdict;
          raw.principal = said.verdict == SLUICE_AUTHENTICATE_ALLOW ? &principal : nullptr;
          raw.reason = bytes(said.reason);
          raw.challenge = bytes(said.challenge);
          if (emitter->emit(emitter->context, &raw) != SLUICE_OK) throw Error(SLUICE_ERROR_INTERNAL, "The host refused an answer.");
        });
      };
      return t;
    }();
    return &table;
  }
};

// A sink's session: recover(), append(records) -> how many, flush().
template <class Filter>
struct Sink {
  static constexpr std::string_view id = SLUICE_SINK_ID;
  static const void *table() {
    static sluice_sink table = [] {
      sluice_sink t{};
      t.size = sizeof t;
      t.filter = filter_table<Filter>();
      t.promises = [](void *instance) -> std::uint32_t { return static_cast<const Filter *>(instance)->promises(); };
      t.open = [](void *instance, sluice_bytes log, const sluice_acknowledger *acknowledger, void **session,
                  sluice_error *error) -> sluice_status {
        return guarded(error, [&] {
          *session = new typename Filter::Session(*static_cast<const Filter *>(instance), view(log), acknowledger);
        });
      };
      t.recover = [](void *session, std::uint64_t *next, sluice_error *error) -> sluice_status {
        return guarded(error, [&] { *next = static_cast<typename Filter::Session *>(session)->recover(); });
      };
      t.append = [](void *session, sluice_array records, sluice_append_result *result, sluice_error *error) -> sluice_status {
        return guarded(error, [&] {
          result->accepted = static_cast<typename Filter::Session *>(session)->append(Array<sluice_record>(records));
        });
      };
      t.flush = [](void *session, sluice_error *error) -> sluice_status {
        return guarded(error, [&] { static_cast<typename Filter::Session *>(session)->flush(); });
      };
      t.close = close_session<Filter>;
      return t;
    }();
    return &table;
  }
};

// ---- The plugin ----

template <class... Kinds>
const sluice_plugin *plugin(const sluice_host *host, const char *id, const char *version) noexcept {
  if (host == nullptr || host->abi_major != SLUICE_ABI_MAJOR) return nullptr;
  static sluice_plugin table{};
  table.size = sizeof table;
  table.abi_major = SLUICE_ABI_MAJOR;
  table.abi_minor = SLUICE_ABI_MINOR;
  table.id = bytes(id);
  table.version = bytes(version);
  table.get_extension = [](const sluice_plugin *, sluice_bytes wanted) -> const void * {
    const void *found = nullptr;
    ((view(wanted) == Kinds::id ? void(found = Kinds::table()) : void()), ...);
    return found;
  };
  return &table;
}

}  // namespace sluice

// The entry and the note of a plugin: SLUICE_PLUGIN(id, version, extensions, kinds...).
#define SLUICE_PLUGIN(plugin_id, plugin_version, plugin_extensions, ...)                                      \
  SLUICE_NOTE(plugin_id, plugin_extensions)                                                                   \
  extern "C" __attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) { \
    return sluice::plugin<__VA_ARGS__>(host, plugin_id, plugin_version);                                      \
  }

#endif
