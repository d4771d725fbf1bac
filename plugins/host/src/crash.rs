//! Named points at which tests kill the process. Without the feature `failpoints` there are none.
//!
//! `PORTICO_CRASH=name:nth[:kill|abort|stop|sleep=MS]` acts when the point is passed for the nth time, from 1; the
//! default is `kill`.

/// Passes the point `name`.
#[cfg(not(feature = "failpoints"))]
#[inline(always)]
pub const fn point(_name: &str) {}

#[cfg(feature = "failpoints")]
pub use armed::point;

#[cfg(feature = "failpoints")]
mod armed {
    use rustix::process::{Signal, getpid, kill_process};
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    static PLAN: LazyLock<Option<Plan>> =
        LazyLock::new(|| std::env::var("PORTICO_CRASH").ok().and_then(|text| Plan::parse(&text)));

    struct Plan {
        name: String,
        nth: u32,
        passed: AtomicU32,
        deed: Deed,
    }

    enum Deed {
        Kill,
        Abort,
        Stop,
        Sleep(Duration),
    }

    impl Plan {
        fn parse(text: &str) -> Option<Self> {
            let mut parts = text.split(':');
            let (name, nth) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
            let deed = match parts.next() {
                None | Some("kill") => Deed::Kill,
                Some("abort") => Deed::Abort,
                Some("stop") => Deed::Stop,
                Some(other) => {
                    Deed::Sleep(Duration::from_millis(other.strip_prefix("sleep=")?.parse().ok()?))
                }
            };
            Some(Self { name, nth, passed: AtomicU32::new(0), deed })
        }
    }

    /// Passes the point `name`.
    pub fn point(name: &str) {
        let Some(plan) = PLAN.as_ref().filter(|plan| plan.name == name) else {
            return;
        };
        if plan.passed.fetch_add(1, Ordering::SeqCst) + 1 != plan.nth {
            return;
        }
        match plan.deed {
            Deed::Kill => signal(Signal::KILL),
            Deed::Stop => signal(Signal::STOP),
            Deed::Abort => std::process::abort(),
            Deed::Sleep(time) => std::thread::sleep(time),
        }
    }

    /// To this process. A signal that cannot be sent would let a test pass for nothing, so it ends the process too.
    fn signal(signal: Signal) {
        if kill_process(getpid(), signal).is_err() {
            std::process::abort();
        }
    }
}
