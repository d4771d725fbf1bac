//! Named places where a test may end, stop or slow the process. Nothing but an empty function in a release.

/// A place worth dying at, named like `charge.after_submit`.
#[cfg(not(feature = "failpoints"))]
#[inline(always)]
pub fn point(_name: &str) {}

#[cfg(feature = "failpoints")]
pub use armed::point;

#[cfg(feature = "failpoints")]
mod armed {
    use std::process::Command;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

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
            Some(Self { name, nth, passed: AtomicU64::new(0), end })
        }

        fn from_environment() -> Option<Self> {
            let text = std::env::var("PORTICO_CRASH").ok()?;
            // A plan with a typo would make a crash test pass by not crashing.
            let plan = Self::parse(&text);
            assert!(plan.is_some(), "PORTICO_CRASH={text:?} is not name:nth[:kill|abort|stop|sleep=MS]");
            plan
        }
    }

    /// A place worth dying at, named like `charge.after_submit`.
    pub fn point(name: &str) {
        static PLAN: OnceLock<Option<Plan>> = OnceLock::new();
        let Some(plan) = PLAN.get_or_init(Plan::from_environment) else {
            return;
        };
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
            let plan = Plan::parse("charge.after_submit:2:sleep=40").expect("a plan");
            assert_eq!((plan.name.as_str(), plan.nth), ("charge.after_submit", 2));
            assert!(matches!(plan.end, End::Sleep(time) if time == Duration::from_millis(40)));
            assert!(matches!(Plan::parse("a:1").map(|plan| plan.end), Some(End::Kill)));
            for typo in ["a", "a:x", "a:1:explode", "a:1:sleep=soon"] {
                assert!(Plan::parse(typo).is_none(), "{typo}");
            }
        }
    }
}
