//! Notifiers (notify.h): they tell people where they are, and bring back what they say.

use crate::raw;
use crate::stages::{emitted, filter, lend, size, Filter};
use crate::{border::guarded, border::leak, Error, List, Result};
use std::os::raw::c_void;

/// Something that people are to know.
pub struct Notification<'a> {
    /// The same for each attempt, another for each notification.
    pub id: &'a str,
    /// From 1 on.
    pub attempt: u32,
    /// What the first notification about this approval was delivered as; empty: nothing.
    pub reference: &'a str,
    /// What happened: docs/notify.md.
    pub json: &'a str,
}

/// What became of a notification.
pub enum Delivery {
    /// It has arrived, and is known by this over there; empty: by nothing.
    Delivered(String),
    /// It is to be tried again after so many milliseconds; 0: the host's own back-off.
    Retry(u64),
}

/// What a person says, who was verified to be this person.
pub struct Reply {
    /// The approval's id.
    pub approval: String,
    /// Whether they approve; else they deny.
    pub approves: bool,
    /// The principal that the person is.
    pub subject: String,
    /// The principal's groups.
    pub groups: Vec<String>,
    /// Who it is over there, for evidence.
    pub person: String,
    /// Their own words; may be empty.
    pub comment: String,
    /// What a replay of the same message would have in common with it.
    pub once: String,
    /// Seconds since 1970 UTC: from then on the filter itself refuses the same message.
    pub replay_until: u64,
}

/// What a reply came to: the `SLUICE_OUTCOME_*` of notify.h.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Outcome {
    Counted,
    Approved,
    Denied,
    NotAllowed,
    OwnRequest,
    AlreadyDecided,
    Expired,
    Unknown,
    Replayed,
    Unavailable,
}

/// Hands over what people say. Usable inside the call that received it.
pub struct Replies<'a>(&'a raw::NotifyEmitter);

impl Replies<'_> {
    /// Takes a reply, and tells what it came to.
    pub fn take(&self, reply: &Reply) -> Outcome {
        use Outcome::*;
        let groups = lend(&reply.groups);
        let said = raw::Reply {
            size: size::<raw::Reply>(),
            verdict: if reply.approves { raw::REPLY_APPROVE } else { raw::REPLY_DENY },
            approval: raw::Bytes::of(reply.approval.as_bytes()),
            subject: raw::Bytes::of(reply.subject.as_bytes()),
            groups: raw::Array::of(&groups),
            person: raw::Bytes::of(reply.person.as_bytes()),
            comment: raw::Bytes::of(reply.comment.as_bytes()),
            once: raw::Bytes::of(reply.once.as_bytes()),
            replay_until: reply.replay_until,
        };
        let all = [
            Counted, Approved, Denied, NotAllowed, OwnRequest, AlreadyDecided, Expired, Unknown, Replayed, Unavailable,
        ];
        let mut outcome = 0;
        match self.0.reply {
            // The host lends its emitter for the call, and what it is given lives as long.
            Some(take) if unsafe { take(self.0.context, &said, &mut outcome) } == raw::OK => {
                all.get(outcome as usize).copied().unwrap_or(Unavailable)
            }
            _ => Unavailable,
        }
    }
}

/// An HTTP request that arrived for a filter. Nothing of it has been verified.
pub struct HookCall<'a> {
    /// Seconds since 1970 UTC.
    pub time: u64,
    /// `POST` and the like.
    pub method: &'a str,
    /// Without the query.
    pub path: &'a str,
    /// Names as they were sent, and values.
    pub headers: Vec<(&'a [u8], &'a [u8])>,
    /// Whole.
    pub body: &'a [u8],
}

impl<'a> HookCall<'a> {
    /// The value of a field that is there exactly once, whatever the case of its name; none otherwise, so that nobody
    /// checks one and reads another.
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        let mut values =
            self.headers.iter().filter(|field| field.0.eq_ignore_ascii_case(name.as_bytes())).map(|field| field.1);
        let first = values.next();
        if values.next().is_some() { None } else { first }
    }
}

/// What is answered to a [`HookCall`].
pub struct HookAnswer {
    /// 200 and the like.
    pub status: u32,
    /// May be empty.
    pub content_type: String,
    /// At most 64 KiB.
    pub body: Vec<u8>,
}

/// A filter that tells people (notify.h). All calls may block, and come from several threads at once.
pub trait Notify: Filter {
    /// Whether it takes requests.
    const RECEIVES: bool = false;
    /// Whether it is to be asked every few seconds while something is open.
    const POLLS: bool = false;

    /// Delivers a notification.
    fn send(&self, notification: &Notification) -> Result<Delivery>;
    /// Takes a request. An error with `raw::ERROR_INPUT`: it is not what it should be, and is answered 401.
    fn receive(&self, _: &HookCall, _: &Replies) -> Result<HookAnswer> {
        Err(Error { status: raw::ERROR_UNSUPPORTED, message: "This filter takes no requests.".into(), pointer: String::new() })
    }
    /// Looks after these: the approval's id, and what its notification is known by.
    fn poll(&self, _: &[(&str, &str)], _: &Replies) -> Result<()> {
        Ok(())
    }
}

unsafe fn text<'a>(bytes: raw::Bytes) -> Result<&'a str> {
    std::str::from_utf8(bytes.slice()).map_err(|_| Error::internal("What the host lends is no text."))
}

/// The table of "sluice.notify/1".
pub fn notify_table<F: Notify>() -> *const c_void {
    unsafe extern "C" fn send<F: Notify>(
        instance: *mut c_void, notification: *const raw::Notification, emitter: *const raw::NotifyEmitter,
        retry_after: *mut u64, error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let raw = &*notification;
            let notification = Notification {
                id: text(raw.id)?,
                attempt: raw.attempt,
                reference: text(raw.reference)?,
                json: text(raw.json)?,
            };
            match (*(instance as *const F)).send(&notification)? {
                Delivery::Retry(milliseconds) => {
                    if let Some(wait) = retry_after.as_mut() {
                        *wait = milliseconds;
                    }
                    Err(Error::unavailable("The service is to be asked again later."))
                }
                Delivery::Delivered(reference) if reference.is_empty() => Ok(()),
                Delivery::Delivered(reference) => {
                    let emit = (*emitter).reference.ok_or_else(|| Error::internal("There is no emitter."))?;
                    emitted(emit((*emitter).context, raw::Bytes::of(reference.as_bytes())))
                }
            }
        })
    }
    unsafe extern "C" fn receive<F: Notify>(
        instance: *mut c_void, call: *const raw::NotifyCall, emitter: *const raw::NotifyEmitter, error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let (raw, emitter) = (&*call, &*emitter);
            let headers: List<raw::Header> = List::new(raw.headers);
            let call = HookCall {
                time: raw.time,
                method: text(raw.method)?,
                path: text(raw.path)?,
                headers: headers.iter().map(|field| (field.name.slice(), field.value.slice())).collect(),
                body: raw.body.slice(),
            };
            let answer = (*(instance as *const F)).receive(&call, &Replies(emitter))?;
            let emit = emitter.answer.ok_or_else(|| Error::internal("There is no emitter."))?;
            let content_type = raw::Bytes::of(answer.content_type.as_bytes());
            emitted(emit(emitter.context, answer.status, content_type, raw::Bytes::of(&answer.body)))
        })
    }
    unsafe extern "C" fn poll<F: Notify>(
        instance: *mut c_void, open: raw::Array, emitter: *const raw::NotifyEmitter, error: *mut raw::Error,
    ) -> i32 {
        guarded(error, || {
            let open: List<raw::Notified> = List::new(open);
            let mut all = Vec::new();
            for one in open.iter() {
                all.push((text(one.approval)?, text(one.reference)?));
            }
            (*(instance as *const F)).poll(&all, &Replies(&*emitter))
        })
    }
    leak(raw::Notify {
        size: size::<raw::Notify>(),
        reserved: 0,
        filter: filter::<F>(),
        send: Some(send::<F>),
        receive: if F::RECEIVES { Some(receive::<F>) } else { None },
        poll: if F::POLLS { Some(poll::<F>) } else { None },
    })
}
