//! What the kit found, for people and for programs.

use plugin_host::Provider;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// What a component tells that is not so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lie {
    /// Money is asked for by a request without the attempt's key.
    NoKey,
    /// Two submissions of one attempt carry different keys.
    NewKeyOnEverySend,
    /// The amount asked for is reported, whatever the service took.
    WrongAmountEchoed,
    /// Success without having asked the service.
    SuccessWithoutRequest,
    /// Success although the service did not say so.
    SuccessFromNothing,
    /// A refusal although the service refused nothing.
    DeclineForSilence,
    /// "Not found" although the service did not say so.
    AbsenceForSilence,
}

impl fmt::Display for Lie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKey => "no key is sent",
            Self::NewKeyOnEverySend => "a new key on every send",
            Self::WrongAmountEchoed => "a wrong amount is echoed",
            Self::SuccessWithoutRequest => "success without a request",
            Self::SuccessFromNothing => "success that the service did not report",
            Self::DeclineForSilence => "a decline for a timeout",
            Self::AbsenceForSilence => "\"not found\" for a timeout",
        })
    }
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// As it must be.
    Passed,
    /// Not as it must be.
    Failed {
        /// The lie, where it is one of those with a name.
        lie: Option<Lie>,
        /// What was seen.
        reason: String,
    },
    /// It says nothing about this component.
    NotApplicable {
        /// Why not.
        reason: String,
    },
}

impl Verdict {
    /// A failure that is no lie with a name.
    pub(crate) fn failed(reason: impl Into<String>) -> Self {
        Self::Failed { lie: None, reason: reason.into() }
    }

    /// A lie.
    pub(crate) fn lies(lie: Lie, reason: impl Into<String>) -> Self {
        Self::Failed { lie: Some(lie), reason: reason.into() }
    }

    /// Does not apply.
    pub(crate) fn not_applicable(reason: impl Into<String>) -> Self {
        Self::NotApplicable { reason: reason.into() }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The call it is about.
    pub group: &'static str,
    /// The fault, or what must hold.
    pub name: String,
    /// How it ended.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// All checks of one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// The provider's name.
    pub provider: String,
    /// Its own version.
    pub version: String,
    /// SHA-256 of the component, in hexadecimal.
    pub digest: String,
    /// In the order of the report.
    pub checks: Vec<Check>,
}

impl Findings {
    pub(crate) fn of(provider: &Provider) -> Self {
        let manifest = provider.manifest();
        Self {
            provider: manifest.name.clone(),
            version: manifest.version.clone(),
            digest: provider.digest().to_owned(),
            checks: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, group: &'static str, name: impl Into<String>, verdict: Verdict) {
        self.checks.push(Check { group, name: name.into(), verdict });
    }

    /// Nothing failed.
    pub fn passed(&self) -> bool {
        !self.checks.iter().any(|check| matches!(check.verdict, Verdict::Failed { .. }))
    }

    /// The lies that were told.
    pub fn lies(&self) -> BTreeSet<Lie> {
        let lie = |check: &Check| match check.verdict {
            Verdict::Failed { lie, .. } => lie,
            _ => None,
        };
        self.checks.iter().filter_map(lie).collect()
    }

    fn count(&self, is: impl Fn(&Verdict) -> bool) -> usize {
        self.checks.iter().filter(|check| is(&check.verdict)).count()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}, sha256 {}", self.provider, self.version, self.digest)?;
        let mut group = "";
        for check in &self.checks {
            if check.group != group {
                group = check.group;
                writeln!(f, "\n{group}")?;
            }
            match &check.verdict {
                Verdict::Passed => writeln!(f, "  ok    {}", check.name)?,
                Verdict::Failed { lie, reason } => {
                    let lie = lie.map(|lie| format!("LIE: {lie}: ")).unwrap_or_default();
                    writeln!(f, "  FAIL  {}: {lie}{reason}", check.name)?;
                }
                Verdict::NotApplicable { reason } => writeln!(f, "  --    {}: {reason}", check.name)?,
            }
        }
        let passed = self.count(|verdict| *verdict == Verdict::Passed);
        let failed = self.count(|verdict| matches!(verdict, Verdict::Failed { .. }));
        let other = self.checks.len() - passed - failed;
        write!(f, "\n{passed} passed, {failed} failed, {other} not applicable")?;
        let lies: Vec<String> = self.lies().iter().map(Lie::to_string).collect();
        if lies.is_empty() { Ok(()) } else { write!(f, "\nrefused: it lies: {}", lies.join("; ")) }
    }
}
