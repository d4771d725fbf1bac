//! What a case keeps from the moment it opens.

use super::{Hours, Policy};
use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A policy with its hours. Reads what was stored before there were hours, too.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pinned {
    /// What happens when.
    #[serde(flatten)]
    pub policy: Policy,
    /// When in the day and week.
    #[serde(default)]
    pub hours: Hours,
}

impl Pinned {
    /// Names the content: equal for equal policies, whoever wrote them and in whatever file. `dp_` and sixteen
    /// characters `A-Z`, `2-7`. [`Policy::version`] does not count.
    pub fn version(&self) -> String {
        let digest = BASE32_NOPAD.encode(&Sha256::digest(self.content().as_bytes()));
        format!("dp_{}", &digest[..16])
    }

    /// The content in a form of its own, one fact a line, so that no serializer's habit changes a version.
    fn content(&self) -> String {
        let mut text = String::from("dunning 1\n");
        for step in &self.policy.steps {
            let consequence = step.on_failure.map_or("-", |what| what.as_str());
            let mail = step.mail.as_deref().unwrap_or("-");
            // Writing to a String cannot fail.
            let _ = writeln!(text, "step {} {} {mail} {consequence}", step.offset_s, step.retry);
        }
        let _ = writeln!(text, "invoice {}", self.policy.unpaid_invoice);
        if let Some(quiet) = self.hours.quiet {
            let _ = writeln!(text, "quiet {} {}", quiet.from.format("%H:%M:%S"), quiet.to.format("%H:%M:%S"));
        }
        let mut weekdays = self.hours.weekdays.clone();
        weekdays.sort_unstable();
        for day in weekdays {
            let _ = writeln!(text, "day {day}");
        }
        text
    }
}

impl From<Policy> for Pinned {
    /// A policy that may act at any hour.
    fn from(policy: Policy) -> Self {
        Self { policy, hours: Hours::default() }
    }
}
