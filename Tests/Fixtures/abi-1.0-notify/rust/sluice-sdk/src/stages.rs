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
    Hold {
        /// Groups whose members may; none: the local operator alone.
        approvers: Vec<String>,
        /// How many different people, 1 to 16.
        quorum: u32,
        /// Seconds until undecided counts as denied, 1 to 604800.
        expires: u64,
        /// For the client and the approver.
        reason: String,
    },
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

/// Something that people are to know (notify.h).
pub struct Notification<'a> {
    /// The same for each attempt, another for each notification.
    pub id: &'a str,
    /// What the first notification about this approval was given back by [`Delivery`]; empty: nothing.
    pub reference: &'a str,
    /// From 1 on.
    pub attempt: u32,
    /// What happened: docs/notify.md.
    pub json: &'a [u8],
}

/// What became of a notification.
pub enum Delivery {
    /// It has arrived, and is known by this over there; empty: by nothing.
    Delivered {
        /// At most 1024 bytes.
        reference: String,
    },
    /// It is to be tried again.
    Retry {
        /// 0: after the host's own back-off.
        milliseconds: u64,
    },
}

/// A filter that tells people (notify.h). One that takes their words back is written against the C header.
pub trait Notify: Filter {
    /// Delivers a notification. May block; called from several threads at once.
    fn send(&self, notification: &Notification) -> Result<Delivery>;
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

fn filter<F: Filter>() -> *const raw::Filter {
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

fn size<T>() -> u32 {
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

fn emitted(status: raw::Status) -> Result<()> {
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
            let (verdict, quorum, expires, groups, reason) = match said {
                Decision::Allow => (0, 0, 0, Vec::new(), String::new()),
                Decision::Deny { reason } => (1, 0, 0, Vec::new(), reason),
                Decision::Hold { approvers, quorum, expires, reason } => (2, quorum, expires, approvers, reason),
            };
            let names: Vec<raw::Bytes> = groups.iter().map(|group| raw::Bytes::of(group.as_bytes())).collect();
            let decision = raw::GateDecision {
                size: size::<raw::GateDecision>(),
                verdict,
                quorum,
                flags: if verdict == 2 && names.is_empty() { raw::GATE_LOCAL_OPERATOR } else { 0 },
                expires,
                approvers: raw::Array::of(&names),
                reason: raw::Bytes::of(reason.as_bytes()),
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

/// The table of "sluice.notify/1".
pub fn notify_table<F: Notify>() -> *const c_void {
    unsafe extern "C" fn send<F: Notify>(
        instance: *mut c_void, notification: *const raw::Notification, emitter: *const raw::NotifyEmitter,
        retry_after: *mut u64, error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let text = |bytes: raw::Bytes| {
                std::str::from_utf8(bytes.slice()).map_err(|_| Error::internal("The notification's id is no text."))
            };
            let told = Notification {
                id: text((*notification).id)?,
                reference: text((*notification).reference)?,
                attempt: (*notification).attempt,
                json: (*notification).json.slice(),
            };
            match (*(instance as *const F)).send(&told)? {
                Delivery::Retry { milliseconds } => {
                    *retry_after = milliseconds;
                    Err(Error::unavailable("It is to be tried again."))
                }
                Delivery::Delivered { reference } if reference.is_empty() => Ok(()),
                Delivery::Delivered { reference } => {
                    let emit = (*emitter).reference.ok_or_else(|| Error::internal("There is no emitter."))?;
                    emitted(emit((*emitter).context, raw::Bytes::of(reference.as_bytes())))
                }
            }
        })
    }
    leak(raw::Notify {
        size: size::<raw::Notify>(),
        reserved: 0,
        filter: filter::<F>(),
        send: Some(send::<F>),
        receive: None,
        poll: None,
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
