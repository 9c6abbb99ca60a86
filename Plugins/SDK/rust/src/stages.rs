//! The kinds of filters, each a trait, and the tables that are made of them.

use crate::border::{guarded, leak};
use crate::views::*;
use crate::{raw, Error, Result};
use std::os::raw::c_void;

/// One configuration of a filter, shared between threads.
pub trait Filter: Sized + Send + Sync + 'static {
    /// As pipelines write it.
    const NAME: &'static str;
    /// One line for people.
    const SUMMARY: &'static str;
    /// JSON Schema of the configuration.
    const SCHEMA: &'static str;
    /// Whether its calls may block.
    const BLOCKS: bool = false;
    /// Makes an instance. It has no effects that dropping it does not undo: making one is how one is validated.
    fn new(config: &Config) -> Result<Self>;
}

/// A filter that says where protected values are (detect.h).
pub trait Detect: Filter {
    /// One direction of one exchange.
    type Session: DetectSession;
    /// The most bytes of an unfinished text that are ever held back, at most 65536.
    fn maximum_hold(&self) -> u64;
    /// Begins one.
    fn open(&self, exchange: &Exchange) -> Result<Self::Session>;
}

/// One direction of one exchange, one thread at a time.
pub trait DetectSession: Send + 'static {
    /// The next bytes of a segment, each given once. Answers safe_through: nothing that is found later begins below it.
    fn feed(&mut self, segment: &Segment, base: u64, bytes: &[u8], end: bool, findings: &Findings) -> Result<u64>;
}

/// A filter that says what stands in for a protected value (mask.h).
pub trait Mask: Filter {
    /// One direction of one exchange.
    type Session: MaskSession;
    /// Begins one.
    fn open(&self, exchange: &Exchange) -> Result<Self::Session>;
}

/// One direction of one exchange, one thread at a time.
pub trait MaskSession: Send + 'static {
    /// Answers the findings in `text`, which begins at offset `base`, with edits.
    fn edit(
        &mut self, segment: &Segment, base: u64, text: &[u8], findings: &List<raw::Finding>, edits: &Edits,
    ) -> Result<()>;
}

/// What a guard says.
pub enum Verdict {
    /// Nothing is against it.
    Allow,
    /// `message` is for the client; never text of the exchange.
    Deny {
        /// Which rule, for evidence.
        rule: String,
        /// What to do about it.
        message: String,
    },
}

/// A filter that denies what policy forbids (guard.h).
pub trait Guard: Filter {
    /// One direction of one exchange.
    type Session: GuardSession;
    /// Whether sessions want the segments' text.
    fn wants_text(&self) -> bool;
    /// Begins one.
    fn open(&self, exchange: &Exchange) -> Result<Self::Session>;
}

/// One direction of one exchange, one thread at a time.
pub trait GuardSession: Send + 'static {
    /// One whole segment.
    fn segment(&mut self, segment: &Segment, text: &[u8], findings: &List<raw::Finding>) -> Result<()>;
    /// After the last one.
    fn finish(&mut self) -> Result<Verdict>;
}

/// A filter that says how risky a request is (score.h).
pub trait Score: Filter {
    /// One direction of one exchange.
    type Session: ScoreSession;
    /// Whether sessions want the segments' text.
    fn wants_text(&self) -> bool;
    /// Begins one.
    fn open(&self, exchange: &Exchange) -> Result<Self::Session>;
}

/// One direction of one exchange, one thread at a time.
pub trait ScoreSession: Send + 'static {
    /// One whole segment; `fingerprints` tell which findings are the same value.
    fn segment(
        &mut self, segment: &Segment, text: &[u8], findings: &List<raw::Finding>, fingerprints: &List<raw::Bytes>,
    ) -> Result<()>;
    /// After the last one: 0 to 100. The same request gets the same.
    fn finish(&mut self, reasons: &Reasons) -> Result<u32>;
}

/// What a gate says.
pub enum Decision {
    /// It may go on.
    Allow,
    /// It may not.
    Deny {
        /// For the client.
        reason: String,
    },
    /// Until people decide.
    Hold(Hold),
}

/// Who decides about a request that a gate holds.
pub struct Hold {
    /// Groups whose members may; none here and in `required`: the local operator alone.
    pub approvers: Vec<String>,
    /// Groups, of each of which somebody must be among those who approve, nobody for two of them; at most 16, and at
    /// most as many as the quorum. Their members may decide, too.
    pub required: Vec<String>,
    /// How many different people, 1 to 16.
    pub quorum: u32,
    /// Seconds until undecided counts as denied, 1 to 604800.
    pub expires: u64,
    /// Whether the owner of the gateway's data directory may decide at its command line, beside others.
    pub local_operator: bool,
    /// Who may go on at once in an emergency; none: nobody.
    pub break_glass: Option<BreakGlass>,
    /// For the client and the approver.
    pub reason: String,
}

impl Default for Hold {
    /// One person, within a quarter of an hour.
    fn default() -> Hold {
        Hold {
            approvers: Vec::new(),
            required: Vec::new(),
            quorum: 1,
            expires: 900,
            local_operator: false,
            break_glass: None,
            reason: String::new(),
        }
    }
}

/// Who may take access at once, with a reason that others review.
pub struct BreakGlass {
    /// Groups whose members may.
    pub groups: Vec<String>,
    /// Whether whoever asks may, whatever their groups.
    pub anyone: bool,
    /// The longest that it lasts: seconds, 60 to 604800.
    pub lifetime: u64,
}

/// A filter that says whether a person must decide (gate.h). It answers at once.
pub trait Gate: Filter {
    /// Decides. `score` is 0 to 100, `findings` how many the whole request has.
    fn decide(&self, score: u32, findings: u64, exchange: Option<&Exchange>) -> Result<Decision>;
}

/// What an authenticate filter says.
pub enum Authentication {
    /// Somebody is known.
    Allow {
        /// Stable and unique.
        subject: String,
        /// What they belong to.
        groups: Vec<String>,
        /// An id of the credential that may be shown; never the credential.
        credential: String,
    },
    /// There is a credential of this kind, and it is not good.
    Deny {
        /// A stable word.
        reason: String,
        /// For WWW-Authenticate.
        challenge: String,
    },
    /// There is no credential of this kind.
    Challenge(String),
}

/// A filter that says who is asking (authenticate.h). It answers at once.
pub trait Authenticate: Filter {
    /// Decides from the fields of a request's head.
    fn authenticate(&self, headers: &[(&[u8], &[u8])]) -> Result<Authentication>;
}

/// A filter that keeps evidence (sink.h).
pub trait Sink: Filter {
    /// A log that is being kept.
    type Session: SinkSession;
    /// The highest level that is ever acknowledged: 0 received, 1 written, 2 stable, 3 replicated.
    fn promises(&self) -> u32;
    /// Begins keeping the log of that name.
    fn open(&self, log: &str, acknowledger: Acknowledger) -> Result<Self::Session>;
}

/// A log that is being kept. One thread at a time; may block.
pub trait SinkSession: Send + 'static {
    /// The next sequence that is needed.
    fn recover(&mut self) -> Result<u64>;
    /// Takes records, each a number and its JSON; answers how many, from the first on.
    fn append(&mut self, records: &[(u64, &[u8])]) -> Result<u64>;
    /// Makes durable what was taken, and acknowledges it.
    fn flush(&mut self) -> Result<()>;
}

// ---- tables ----

/// Texts as the ABI has them, for as long as they live.
pub(crate) fn lend(texts: &[String]) -> Vec<raw::Bytes> {
    texts.iter().map(|text| raw::Bytes::of(text.as_bytes())).collect()
}

unsafe extern "C" fn validate<F: Filter>(_: *const raw::Filter, json: raw::Bytes, error: *mut raw::Error) -> i32 {
    guarded(error, || {
        let json = std::str::from_utf8(json.slice()).map_err(|_| Error::internal("The configuration is no text."))?;
        F::new(&Config { json, host: Host(std::ptr::null()) }).map(|_| ())
    })
}

unsafe extern "C" fn create<F: Filter>(
    _: *const raw::Filter, host: *const raw::Host, json: raw::Bytes, made: *mut *mut c_void, error: *mut raw::Error,
) -> i32 {
    guarded(error, || {
        let json = std::str::from_utf8(json.slice()).map_err(|_| Error::internal("The configuration is no text."))?;
        *made = Box::into_raw(Box::new(F::new(&Config { json, host: Host(host) })?)) as *mut c_void;
        Ok(())
    })
}

unsafe extern "C" fn destroy<F: Filter>(_: *const raw::Filter, instance: *mut c_void) {
    guarded(std::ptr::null_mut(), || {
        drop(Box::from_raw(instance as *mut F));
        Ok(())
    });
}

pub(crate) fn filter<F: Filter>() -> *const raw::Filter {
    leak(raw::Filter {
        size: std::mem::size_of::<raw::Filter>() as u32,
        flags: if F::BLOCKS { raw::FILTER_BLOCKS } else { 0 },
        name: raw::Bytes::of(F::NAME.as_bytes()),
        summary: raw::Bytes::of(F::SUMMARY.as_bytes()),
        schema: raw::Bytes::of(F::SCHEMA.as_bytes()),
        context: std::ptr::null_mut(),
        validate: Some(validate::<F>),
        create: Some(create::<F>),
        destroy: Some(destroy::<F>),
    }) as *const raw::Filter
}

unsafe extern "C" fn close<S>(session: *mut c_void) {
    guarded(std::ptr::null_mut(), || {
        drop(Box::from_raw(session as *mut S));
        Ok(())
    });
}

macro_rules! open {
    ($trait:ident) => {{
        unsafe extern "C" fn open<F: $trait>(
            instance: *mut c_void, exchange: *const raw::Exchange, session: *mut *mut c_void, error: *mut raw::Error,
        ) -> i32 {
            guarded(error, || {
                let opened = (*(instance as *const F)).open(&Exchange(&*exchange))?;
                *session = Box::into_raw(Box::new(opened)) as *mut c_void;
                Ok(())
            })
        }
        Some(open::<F>)
    }};
}

pub(crate) fn size<T>() -> u32 {
    std::mem::size_of::<T>() as u32
}

/// The table of "sluice.detect/1".
pub fn detect_table<F: Detect>() -> *const c_void {
    unsafe extern "C" fn hold<F: Detect>(instance: *mut c_void) -> u64 {
        (*(instance as *const F)).maximum_hold()
    }
    unsafe extern "C" fn feed<F: Detect>(
        session: *mut c_void, segment: *const raw::Segment, base: u64, bytes: raw::Bytes, end: u32,
        emitter: *const raw::FindingEmitter, safe: *mut u64, error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let session = &mut *(session as *mut F::Session);
            *safe = session.feed(&Segment(&*segment), base, bytes.slice(), end != 0, &Findings(&*emitter))?;
            Ok(())
        })
    }
    leak(raw::Detect {
        size: size::<raw::Detect>(),
        reserved: 0,
        filter: filter::<F>(),
        maximum_hold: Some(hold::<F>),
        open: open!(Detect),
        feed: Some(feed::<F>),
        close: Some(close::<F::Session>),
    })
}

/// The table of "sluice.mask/1".
pub fn mask_table<F: Mask>() -> *const c_void {
    unsafe extern "C" fn edit<F: Mask>(
        session: *mut c_void, segment: *const raw::Segment, base: u64, text: raw::Bytes, findings: raw::Array,
        emitter: *const raw::EditEmitter, error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let session = &mut *(session as *mut F::Session);
            session.edit(&Segment(&*segment), base, text.slice(), &List::new(findings), &Edits(&*emitter))
        })
    }
    leak(raw::Mask {
        size: size::<raw::Mask>(),
        reserved: 0,
        filter: filter::<F>(),
        open: open!(Mask),
        edit: Some(edit::<F>),
        close: Some(close::<F::Session>),
    })
}

/// The table of "sluice.guard/1".
pub fn guard_table<F: Guard>() -> *const c_void {
    unsafe extern "C" fn wants<F: Guard>(instance: *mut c_void) -> u32 {
        if (*(instance as *const F)).wants_text() { raw::REVIEW_TEXT } else { 0 }
    }
    unsafe extern "C" fn segment<F: Guard>(
        session: *mut c_void, segment: *const raw::Segment, text: raw::Bytes, findings: raw::Array,
        error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let session = &mut *(session as *mut F::Session);
            session.segment(&Segment(&*segment), text.slice(), &List::new(findings))
        })
    }
    unsafe extern "C" fn finish<F: Guard>(
        session: *mut c_void, emitter: *const raw::GuardEmitter, error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let (verdict, rule, message) = match (*(session as *mut F::Session)).finish()? {
                Verdict::Allow => (0, String::new(), String::new()),
                Verdict::Deny { rule, message } => (1, rule, message),
            };
            let said = raw::GuardVerdict {
                size: size::<raw::GuardVerdict>(),
                verdict,
                rule: raw::Bytes::of(rule.as_bytes()),
                message: raw::Bytes::of(message.as_bytes()),
            };
            let emit = (*emitter).emit.ok_or_else(|| Error::internal("There is no emitter."))?;
            emitted(emit((*emitter).context, &said))
        })
    }
    leak(raw::Guard {
        size: size::<raw::Guard>(),
        reserved: 0,
        filter: filter::<F>(),
        wants: Some(wants::<F>),
        open: open!(Guard),
        segment: Some(segment::<F>),
        finish: Some(finish::<F>),
        close: Some(close::<F::Session>),
    })
}

pub(crate) fn emitted(status: raw::Status) -> Result<()> {
    if status == raw::OK { Ok(()) } else { Err(Error::internal("The host refused an answer.")) }
}

/// The table of "sluice.score/1".
pub fn score_table<F: Score>() -> *const c_void {
    unsafe extern "C" fn wants<F: Score>(instance: *mut c_void) -> u32 {
        if (*(instance as *const F)).wants_text() { raw::REVIEW_TEXT } else { 0 }
    }
    unsafe extern "C" fn segment<F: Score>(
        session: *mut c_void, segment: *const raw::Segment, text: raw::Bytes, findings: raw::Array, prints: raw::Array,
        error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let session = &mut *(session as *mut F::Session);
            session.segment(&Segment(&*segment), text.slice(), &List::new(findings), &List::new(prints))
        })
    }
    unsafe extern "C" fn finish<F: Score>(
        session: *mut c_void, emitter: *const raw::ScoreEmitter, score: *mut u32, error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            *score = (*(session as *mut F::Session)).finish(&Reasons(&*emitter))?;
            Ok(())
        })
    }
    leak(raw::Score {
        size: size::<raw::Score>(),
        reserved: 0,
        filter: filter::<F>(),
        wants: Some(wants::<F>),
        open: open!(Score),
        segment: Some(segment::<F>),
        finish: Some(finish::<F>),
        close: Some(close::<F::Session>),
    })
}

/// The table of "sluice.gate/1".
pub fn gate_table<F: Gate>() -> *const c_void {
    unsafe extern "C" fn decide<F: Gate>(
        instance: *mut c_void, request: *const raw::GateRequest, emitter: *const raw::GateEmitter,
        error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let request = &*request;
            let exchange = request.exchange.as_ref().map(Exchange);
            let said = (*(instance as *const F)).decide(request.score, request.findings, exchange.as_ref())?;
            let nothing = Hold { quorum: 0, expires: 0, ..Hold::default() };
            let (verdict, hold) = match said {
                Decision::Allow => (0, nothing),
                Decision::Deny { reason } => (1, Hold { reason, ..nothing }),
                Decision::Hold(hold) => (2, hold),
            };
            let glass = hold.break_glass.unwrap_or(BreakGlass { groups: Vec::new(), anyone: false, lifetime: 0 });
            let nobody = hold.approvers.is_empty() && hold.required.is_empty();
            let local = verdict == 2 && (hold.local_operator || nobody);
            let (approvers, required, groups) = (lend(&hold.approvers), lend(&hold.required), lend(&glass.groups));
            let decision = raw::GateDecision {
                size: size::<raw::GateDecision>(),
                verdict,
                quorum: hold.quorum,
                flags: if local { raw::GATE_LOCAL_OPERATOR } else { 0 }
                    | if glass.anyone { raw::GATE_BREAK_GLASS_ANYONE } else { 0 },
                expires: hold.expires,
                approvers: raw::Array::of(&approvers),
                reason: raw::Bytes::of(hold.reason.as_bytes()),
                required: raw::Array::of(&required),
                break_glass: raw::Array::of(&groups),
                break_glass_lifetime: glass.lifetime,
            };
            let emit = (*emitter).emit.ok_or_else(|| Error::internal("There is no emitter."))?;
            emitted(emit((*emitter).context, &decision))
        })
    }
    leak(raw::Gate {
        size: size::<raw::Gate>(),
        reserved: 0,
        filter: filter::<F>(),
        decide: Some(decide::<F>),
        cancel: None,
    })
}

/// The table of "sluice.authenticate/1".
pub fn authenticate_table<F: Authenticate>() -> *const c_void {
    unsafe extern "C" fn authenticate<F: Authenticate>(
        instance: *mut c_void, head: *const raw::Head, emitter: *const raw::AuthenticateEmitter,
        error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let list = List::<raw::Header>::new((*head).headers);
            let headers: Vec<(&[u8], &[u8])> =
                list.iter().map(|header| (header.name.slice(), header.value.slice())).collect();
            let (verdict, subject, groups, credential, reason, challenge) =
                match (*(instance as *const F)).authenticate(&headers)? {
                    Authentication::Allow { subject, groups, credential } => {
                        (0, subject, groups, credential, String::new(), String::new())
                    }
                    Authentication::Deny { reason, challenge } => {
                        (1, String::new(), Vec::new(), String::new(), reason, challenge)
                    }
                    Authentication::Challenge(challenge) => {
                        (2, String::new(), Vec::new(), String::new(), String::new(), challenge)
                    }
                };
            let names: Vec<raw::Bytes> = groups.iter().map(|group| raw::Bytes::of(group.as_bytes())).collect();
            let principal = raw::Principal {
                size: size::<raw::Principal>(),
                reserved: 0,
                subject: raw::Bytes::of(subject.as_bytes()),
                email: raw::Bytes::EMPTY,
                groups: raw::Array::of(&names),
                established: raw::Bytes::of(F::NAME.as_bytes()),
                credential: raw::Bytes::of(credential.as_bytes()),
                expires: 0,
            };
            let answer = raw::Authentication {
                size: size::<raw::Authentication>(),
                verdict,
                principal: if verdict == 0 { &principal } else { std::ptr::null() },
                reason: raw::Bytes::of(reason.as_bytes()),
                challenge: raw::Bytes::of(challenge.as_bytes()),
            };
            let emit = (*emitter).emit.ok_or_else(|| Error::internal("There is no emitter."))?;
            emitted(emit((*emitter).context, &answer))
        })
    }
    leak(raw::Authenticate {
        size: size::<raw::Authenticate>(),
        reserved: 0,
        filter: filter::<F>(),
        authenticate: Some(authenticate::<F>),
        cancel: None,
    })
}

/// The table of "sluice.sink/1".
pub fn sink_table<F: Sink>() -> *const c_void {
    unsafe extern "C" fn promises<F: Sink>(instance: *mut c_void) -> u32 {
        (*(instance as *const F)).promises()
    }
    unsafe extern "C" fn open<F: Sink>(
        instance: *mut c_void, log: raw::Bytes, acknowledger: *const raw::Acknowledger, session: *mut *mut c_void,
        error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let log = std::str::from_utf8(log.slice()).map_err(|_| Error::internal("The log's name is no text."))?;
            let opened = (*(instance as *const F)).open(log, Acknowledger(acknowledger))?;
            *session = Box::into_raw(Box::new(opened)) as *mut c_void;
            Ok(())
        })
    }
    unsafe extern "C" fn recover<F: Sink>(session: *mut c_void, next: *mut u64, error: *mut raw::Error) -> i32 {
        guarded(error, || {
            *next = (*(session as *mut F::Session)).recover()?;
            Ok(())
        })
    }
    unsafe extern "C" fn append<F: Sink>(
        session: *mut c_void, records: raw::Array, result: *mut raw::AppendResult, error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let list = List::<raw::Record>::new(records);
            let records: Vec<(u64, &[u8])> = list.iter().map(|record| (record.sequence, record.json.slice())).collect();
            (*result).accepted = (*(session as *mut F::Session)).append(&records)?;
            Ok(())
        })
    }
    unsafe extern "C" fn flush<F: Sink>(session: *mut c_void, error: *mut raw::Error) -> i32 {
        guarded(error, || (*(session as *mut F::Session)).flush())
    }
    leak(raw::Sink {
        size: size::<raw::Sink>(),
        reserved: 0,
        filter: filter::<F>(),
        promises: Some(promises::<F>),
        open: Some(open::<F>),
        recover: Some(recover::<F>),
        append: Some(append::<F>),
        flush: Some(flush::<F>),
        close: Some(close::<F::Session>),
    })
}
