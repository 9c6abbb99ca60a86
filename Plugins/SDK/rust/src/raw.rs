//! The headers as Rust has them: `base.h`, `plugin.h`, `exchange.h` and the stages. Their comments are there.
#![allow(missing_docs)]

use std::os::raw::c_void;

pub type Status = i32;

pub const ABI_MAJOR: u32 = 1;
pub const ABI_MINOR: u32 = 0;

pub const OK: Status = 0;
pub const PENDING: Status = 1;
pub const ERROR_INTERNAL: Status = -1;
pub const ERROR_CONFIGURATION: Status = -2;
pub const ERROR_INPUT: Status = -3;
pub const ERROR_LIMIT: Status = -4;
pub const ERROR_UNAVAILABLE: Status = -5;
pub const ERROR_UNSUPPORTED: Status = -6;
pub const ERROR_STALE: Status = -7;
pub const ERROR_DENIED: Status = -8;
pub const ERROR_PROTECTED: u32 = 1;
pub const FILTER_BLOCKS: u32 = 1;
pub const REVIEW_TEXT: u32 = 1;
pub const EDIT_NO_FINDING: u32 = 0xFFFF_FFFF;
pub const GATE_LOCAL_OPERATOR: u32 = 1;
pub const GATE_BREAK_GLASS_ANYONE: u32 = 2;
pub const REPLY_APPROVE: u32 = 0;
pub const REPLY_DENY: u32 = 1;

macro_rules! structs {
    ($($name:ident { $($field:ident: $kind:ty,)* })*) => {
        $(#[repr(C)] #[derive(Clone, Copy)] pub struct $name { $(pub $field: $kind,)* })*

        /// Each struct's name and size in bytes, for the test that compares them with the header's.
        pub const SIZES: &[(&str, usize)] = &[$((stringify!($name), std::mem::size_of::<$name>()),)*];
    };
}

structs! {
    Bytes { data: *const u8, length: u64, }
    Array { first: *const c_void, count: u64, stride: u64, }
    Error {
        size: u32, flags: u32, message: *mut u8, message_capacity: u64, message_length: u64, pointer: *mut u8,
        pointer_capacity: u64, pointer_length: u64,
    }
    Host {
        size: u32, abi_major: u32, abi_minor: u32, reserved: u32, version: Bytes,
        get_extension: Option<unsafe extern "C" fn(*const Host, Bytes) -> *const c_void>,
    }
    Plugin {
        size: u32, abi_major: u32, abi_minor: u32, reserved: u32, id: Bytes, version: Bytes,
        get_extension: Option<unsafe extern "C" fn(*const Plugin, Bytes) -> *const c_void>,
    }
    Filter {
        size: u32, flags: u32, name: Bytes, summary: Bytes, schema: Bytes, context: *mut c_void,
        validate: Option<unsafe extern "C" fn(*const Filter, Bytes, *mut Error) -> Status>,
        create: Option<unsafe extern "C" fn(*const Filter, *const Host, Bytes, *mut *mut c_void, *mut Error) -> Status>,
        destroy: Option<unsafe extern "C" fn(*const Filter, *mut c_void)>,
    }
    Principal {
        size: u32, reserved: u32, subject: Bytes, email: Bytes, groups: Array, established: Bytes, credential: Bytes,
        expires: i64,
    }
    Attribute { size: u32, reserved: u32, name: Bytes, value: Bytes, }
    Exchange {
        size: u32, direction: u32, id: Bytes, session: Bytes, pipeline: Bytes, principal: *const Principal,
        attributes: Array,
    }
    Segment { size: u32, direction: u32, role: u32, flags: u32, id: u64, pointer: Bytes, name: Bytes, }
    Finding { size: u32, confidence: u32, start: u64, end: u64, kind: Bytes, detector: Bytes, }
    FindingEmitter {
        size: u32, reserved: u32, context: *mut c_void,
        emit: Option<unsafe extern "C" fn(*mut c_void, *const Finding) -> Status>,
    }
    Detect {
        size: u32, reserved: u32, filter: *const Filter,
        maximum_hold: Option<unsafe extern "C" fn(*mut c_void) -> u64>,
        open: Open,
        feed: Option<unsafe extern "C" fn(*mut c_void, *const Segment, u64, Bytes, u32, *const FindingEmitter, *mut u64,
            *mut Error) -> Status>,
        close: Close,
    }
    Edit {
        size: u32, finding: u32, start: u64, end: u64, replacement: Bytes, operation: Bytes, fingerprint: Bytes,
    }
    EditEmitter {
        size: u32, reserved: u32, context: *mut c_void,
        emit: Option<unsafe extern "C" fn(*mut c_void, *const Edit) -> Status>,
    }
    Mask {
        size: u32, reserved: u32, filter: *const Filter, open: Open,
        edit: Option<unsafe extern "C" fn(*mut c_void, *const Segment, u64, Bytes, Array, *const EditEmitter, *mut Error)
            -> Status>,
        close: Close,
    }
    GuardVerdict { size: u32, verdict: u32, rule: Bytes, message: Bytes, }
    GuardEmitter {
        size: u32, reserved: u32, context: *mut c_void,
        emit: Option<unsafe extern "C" fn(*mut c_void, *const GuardVerdict) -> Status>,
    }
    Guard {
        size: u32, reserved: u32, filter: *const Filter, wants: Option<unsafe extern "C" fn(*mut c_void) -> u32>,
        open: Open,
        segment: Option<unsafe extern "C" fn(*mut c_void, *const Segment, Bytes, Array, *mut Error) -> Status>,
        finish: Option<unsafe extern "C" fn(*mut c_void, *const GuardEmitter, *mut Error) -> Status>,
        close: Close,
    }
    ScoreReason { size: u32, points: i32, count: u64, code: Bytes, }
    ScoreEmitter {
        size: u32, reserved: u32, context: *mut c_void,
        reason: Option<unsafe extern "C" fn(*mut c_void, *const ScoreReason) -> Status>,
    }
    Score {
        size: u32, reserved: u32, filter: *const Filter, wants: Option<unsafe extern "C" fn(*mut c_void) -> u32>,
        open: Open,
        segment: Option<unsafe extern "C" fn(*mut c_void, *const Segment, Bytes, Array, Array, *mut Error) -> Status>,
        finish: Option<unsafe extern "C" fn(*mut c_void, *const ScoreEmitter, *mut u32, *mut Error) -> Status>,
        close: Close,
    }
    GateRequest {
        size: u32, score: u32, token: u64, findings: u64, exchange: *const Exchange, reasons: Array, kinds: Array,
    }
    GateDecision {
        size: u32, verdict: u32, quorum: u32, flags: u32, expires: u64, approvers: Array, reason: Bytes,
        required: Array, break_glass: Array, break_glass_lifetime: u64,
    }
    GateEmitter {
        size: u32, reserved: u32, context: *mut c_void,
        emit: Option<unsafe extern "C" fn(*mut c_void, *const GateDecision) -> Status>,
    }
    Gate {
        size: u32, reserved: u32, filter: *const Filter,
        decide: Option<unsafe extern "C" fn(*mut c_void, *const GateRequest, *const GateEmitter, *mut Error) -> Status>,
        cancel: Option<unsafe extern "C" fn(*mut c_void, u64)>,
    }
    Header { size: u32, reserved: u32, name: Bytes, value: Bytes, }
    Head {
        size: u32, reserved: u32, token: u64, method: Bytes, path: Bytes, headers: Array, peer_address: Bytes,
        peer_certificate: Bytes,
    }
    Authentication { size: u32, verdict: u32, principal: *const Principal, reason: Bytes, challenge: Bytes, }
    AuthenticateEmitter {
        size: u32, reserved: u32, context: *mut c_void,
        emit: Option<unsafe extern "C" fn(*mut c_void, *const Authentication) -> Status>,
    }
    Authenticate {
        size: u32, reserved: u32, filter: *const Filter,
        authenticate: Option<unsafe extern "C" fn(*mut c_void, *const Head, *const AuthenticateEmitter, *mut Error)
            -> Status>,
        cancel: Option<unsafe extern "C" fn(*mut c_void, u64)>,
    }
    Notification { size: u32, attempt: u32, id: Bytes, reference: Bytes, json: Bytes, }
    Notified { size: u32, reserved: u32, approval: Bytes, reference: Bytes, }
    Reply {
        size: u32, verdict: u32, approval: Bytes, subject: Bytes, groups: Array, person: Bytes, comment: Bytes,
        once: Bytes, replay_until: u64,
    }
    NotifyEmitter {
        size: u32, reserved: u32, context: *mut c_void,
        reference: Option<unsafe extern "C" fn(*mut c_void, Bytes) -> Status>,
        reply: Option<unsafe extern "C" fn(*mut c_void, *const Reply, *mut u32) -> Status>,
        answer: Option<unsafe extern "C" fn(*mut c_void, u32, Bytes, Bytes) -> Status>,
    }
    NotifyCall {
        size: u32, reserved: u32, time: u64, method: Bytes, path: Bytes, headers: Array, body: Bytes,
    }
    Notify {
        size: u32, reserved: u32, filter: *const Filter,
        send: Option<unsafe extern "C" fn(*mut c_void, *const Notification, *const NotifyEmitter, *mut u64, *mut Error)
            -> Status>,
        receive: Option<unsafe extern "C" fn(*mut c_void, *const NotifyCall, *const NotifyEmitter, *mut Error)
            -> Status>,
        poll: Option<unsafe extern "C" fn(*mut c_void, Array, *const NotifyEmitter, *mut Error) -> Status>,
    }
    Record { size: u32, reserved: u32, sequence: u64, json: Bytes, }
    Acknowledger {
        size: u32, reserved: u32, context: *mut c_void,
        acknowledge: Option<unsafe extern "C" fn(*mut c_void, u64, u32) -> Status>,
    }
    AppendResult { size: u32, reserved: u32, accepted: u64, retry_after: u64, }
    Sink {
        size: u32, reserved: u32, filter: *const Filter, promises: Option<unsafe extern "C" fn(*mut c_void) -> u32>,
        open: Option<unsafe extern "C" fn(*mut c_void, Bytes, *const Acknowledger, *mut *mut c_void, *mut Error)
            -> Status>,
        recover: Option<unsafe extern "C" fn(*mut c_void, *mut u64, *mut Error) -> Status>,
        append: Option<unsafe extern "C" fn(*mut c_void, Array, *mut AppendResult, *mut Error) -> Status>,
        flush: Option<unsafe extern "C" fn(*mut c_void, *mut Error) -> Status>,
        close: Close,
    }
    LogField { size: u32, disclosure: u32, name: Bytes, text: Bytes, number: i64, }
    HostLog {
        size: u32, reserved: u32, write: Option<unsafe extern "C" fn(*const Host, u32, Bytes, Array)>,
    }
    HostFingerprint {
        size: u32, reserved: u32,
        compute: Option<unsafe extern "C" fn(*const Host, Bytes, Bytes, *mut u8) -> Status>,
    }
}

pub type Open = Option<unsafe extern "C" fn(*mut c_void, *const Exchange, *mut *mut c_void, *mut Error) -> Status>;
pub type Close = Option<unsafe extern "C" fn(*mut c_void)>;

impl Bytes {
    pub const EMPTY: Bytes = Bytes { data: std::ptr::null(), length: 0 };

    /// Lends bytes that outlive the call.
    pub const fn of(bytes: &[u8]) -> Bytes {
        Bytes { data: bytes.as_ptr(), length: bytes.len() as u64 }
    }

    /// # Safety
    /// The bytes have to be there as long as the slice is used.
    pub unsafe fn slice<'a>(self) -> &'a [u8] {
        if self.data.is_null() {
            &[]
        } else {
            std::slice::from_raw_parts(self.data, self.length as usize)
        }
    }
}

impl Array {
    pub const EMPTY: Array = Array { first: std::ptr::null(), count: 0, stride: 0 };

    /// Lends an array that outlives the call.
    pub fn of<T>(elements: &[T]) -> Array {
        Array {
            first: elements.as_ptr() as *const c_void,
            count: elements.len() as u64,
            stride: std::mem::size_of::<T>() as u64,
        }
    }
}
