//! Named places where a test may end, stop or slow the process. Nothing but an empty function in a release.
//!
//! The plugin host, which does not know this crate, names its places to whoever started it: see
//! `plugin_host::tell_points`.

use crate::error::Result;

/// A place worth dying at: one of the names below.
#[cfg(not(feature = "failpoints"))]
#[inline(always)]
pub fn point(_name: &str) {}

/// Refuses a plan that could not be carried out; asked at the start.
#[cfg(not(feature = "failpoints"))]
pub fn check() -> Result<()> {
    Ok(())
}

#[cfg(feature = "failpoints")]
pub use armed::{POINTS, check, point};

#[cfg(feature = "failpoints")]
mod armed {
    use super::Result;
    use crate::error::Error;
    use std::process::Command;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    /// Every place there is, in the order of a renewal.
    pub const POINTS: [&str; 15] = [
        "t0.before_commit",
        "t0.after_commit",
        "t1.before_commit",
        "t1.after_commit",
        "t2.before_commit",
        "t2.after_commit",
        "call.before_connect",
        "call.after_write",
        "call.after_response",
        "call.after_plugin_return",
        "t3.before_commit",
        "t3.after_commit",
        "mail.after_data",
        "webhook_in.before_commit",
        "webhook_in.after_commit",
    ];

    static PLAN: LazyLock<Result<Option<Plan>, String>> = LazyLock::new(Plan::from_environment);

    /// `PORTICO_CRASH=name:nth[:kill|abort|stop|sleep=MS]`: what happens when `name` is passed the nth time.
    struct Plan {
        name: String,
        nth: u64,
        passed: AtomicU64,
        end: End,
    }

    enum End {
        /// SIGKILL: no destructor, no flush, like a power cut of this process.
        Kill,
        Abort,
        /// SIGSTOP: alive, but silent until somebody sends SIGCONT.
        Stop,
        Sleep(Duration),
    }

    impl Plan {
        fn parse(text: &str) -> Option<Self> {
            let mut parts = text.split(':');
            let (name, nth) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
            let end = match parts.next() {
                None | Some("kill") => End::Kill,
                Some("abort") => End::Abort,
                Some("stop") => End::Stop,
                Some(sleep) => End::Sleep(Duration::from_millis(sleep.strip_prefix("sleep=")?.parse().ok()?)),
            };
            POINTS.contains(&name.as_str()).then_some(Self { name, nth, passed: AtomicU64::new(0), end })
        }

        fn from_environment() -> Result<Option<Self>, String> {
            let Ok(text) = std::env::var("PORTICO_CRASH") else { return Ok(None) };
            let plan = Self::parse(&text);
            plan.map(Some).ok_or_else(|| {
                format!("PORTICO_CRASH={text:?} is not name:nth[:kill|abort|stop|sleep=MS] of {POINTS:?}")
            })
        }
    }

    /// Refuses a plan that could not be carried out: with a typo in it, a crash test would pass by not crashing.
    ///
    /// # Errors
    /// `Refused` with `crash_plan`.
    pub fn check() -> Result<()> {
        PLAN.as_ref().map(drop).map_err(|why| Error::refused("crash_plan", why.clone()))
    }

    /// A place worth dying at: one of the names above.
    pub fn point(name: &str) {
        debug_assert!(POINTS.contains(&name), "{name} is missing in the list");
        let Ok(Some(plan)) = PLAN.as_ref() else { return };
        if plan.name != name || plan.passed.fetch_add(1, Ordering::SeqCst) + 1 != plan.nth {
            return;
        }
        match plan.end {
            End::Kill => signal("-KILL"),
            End::Abort => std::process::abort(),
            End::Stop => signal("-STOP"),
            End::Sleep(time) => std::thread::sleep(time),
        }
    }

    /// Signals this process through the system's `kill`, which needs no unsafe code here.
    fn signal(signal: &str) {
        let sent = Command::new("kill").args([signal, &std::process::id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the crash point could not send {signal}");
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn plans_are_read_strictly() {
            let plan = Plan::parse("t2.after_commit:2:sleep=40").expect("a plan");
            assert_eq!((plan.name.as_str(), plan.nth), ("t2.after_commit", 2));
            assert!(matches!(plan.end, End::Sleep(time) if time == Duration::from_millis(40)));
            assert!(matches!(Plan::parse("t0.before_commit:1").map(|plan| plan.end), Some(End::Kill)));
            let point = "t0.before_commit";
            for typo in ["", ":x", ":1:explode", ":1:sleep=soon"] {
                assert!(Plan::parse(&format!("{point}{typo}")).is_none(), "{typo}");
            }
            assert!(Plan::parse("t0.before_comit:1").is_none());
        }
    }
}
