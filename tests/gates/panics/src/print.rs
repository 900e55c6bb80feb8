//! What a log prints.

use core::convert::Infallible;
use core::fmt::{Debug, Display, Write};

use jotlet::{
    Alert, CookieError, Counters, CsrfError, Event, ExtractError, Fingerprint, IssueError,
    KeyError, Outcome, RecordError, RevokeError, Rule, StoreError, Suspicion, TableError,
    Timestamp, VerifyError,
};

/// A log that takes anything.
#[repr(transparent)]
pub struct Log(extern "C" fn(*const u8, usize));

impl Write for Log {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        (self.0)(text.as_ptr(), text.len());
        Ok(())
    }
}

fn print(mut log: Log, value: &(impl Debug + Display)) -> bool {
    write!(log, "{value} {value:?}").is_ok()
}

macro_rules! prints {
    ($($name:ident: $type:ty,)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(log: Log, value: &$type) -> bool {
            print(log, value)
        }
    )*};
}

prints! {
    probe_print_key_error: KeyError,
    probe_print_issue_error: IssueError,
    probe_print_verify_error: VerifyError,
    probe_print_timestamp: Timestamp,
    probe_print_record_error: RecordError,
    probe_print_store_error: StoreError<Infallible>,
    probe_print_table_error: TableError,
    probe_print_revoke_error: RevokeError,
    probe_print_extract_error: ExtractError,
    probe_print_cookie_error: CookieError,
    probe_print_csrf_error: CsrfError,
    probe_print_alert: Alert,
    probe_print_counters: Counters,
    probe_print_outcome: Outcome,
    probe_print_rule: Rule,
    probe_print_suspicion: Suspicion,
    probe_print_fingerprint: Fingerprint,
}

/// Only as `Display`: `Debug` shows the name of a type as a string.
#[unsafe(no_mangle)]
pub extern "C" fn probe_print_event(mut log: Log, event: &Event) -> bool {
    write!(log, "{event}").is_ok()
}

// `{:?}` of a string calls `char::escape_debug` in core, which slices: listed, not required.
#[cfg(feature = "custom")]
mod text {
    use jotlet::{Access, Claims, CustomClaimsError, TokenId};

    use super::*;

    #[unsafe(no_mangle)]
    pub extern "C" fn custom_print_error(log: Log, error: &CustomClaimsError) -> bool {
        print(log, error)
    }

    #[unsafe(no_mangle)]
    pub extern "C" fn custom_print_claims(mut log: Log, claims: &Claims<'_, Access>) -> bool {
        write!(log, "{claims:?}").is_ok()
    }

    #[unsafe(no_mangle)]
    pub extern "C" fn custom_print_token_id(mut log: Log, id: &TokenId) -> bool {
        write!(log, "{id:?} {:?}", id.text()).is_ok()
    }
}
