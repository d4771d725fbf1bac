//! What the host makes of a component's answer. It does not believe it: what left the machine decides whether a call
//! can have had an effect.

use crate::bindings::portico::payment::types;
use crate::convert;
use crate::http::NoToken;
use domain::provider::{CallError, Evidence, Outcome};

/// What came back from a component.
pub enum Said<T> {
    /// Its answer.
    Answer(Result<T, types::CallError>),
    /// It trapped or ran out of time.
    Nothing(String),
}

/// The answer, or the error that the evidence supports.
pub fn weigh<T>(said: Said<T>, evidence: &Evidence, no_token: Option<NoToken>) -> Result<T, CallError> {
    let error = match said {
        Said::Answer(Ok(answer)) => return Ok(answer),
        Said::Answer(Err(error)) => convert::error(error),
        Said::Nothing(why) => CallError::Unknown(why),
    };
    if no_token == Some(NoToken::Refused) && evidence.bytes_out == 0 {
        return Err(CallError::Misconfigured(NoToken::Refused.to_string()));
    }
    Err(match (error, evidence.proves_unexecuted()) {
        (CallError::Unknown(why), true) if evidence.bytes_out == 0 => CallError::NotExecuted(why),
        (error @ (CallError::Unknown(_) | CallError::IdempotencyConflict(_)), _) | (error, true) => error,
        (error, false) => CallError::Unknown(error.to_string()),
    })
}

/// What is said of a component that reports success though no request of the call was answered.
pub const SUCCESS_WITHOUT_ASKING: &str = "the component claims success without having asked";

/// A component that asked nobody cannot know that money moved.
pub fn plausible(outcome: Outcome, evidence: &Evidence) -> Result<Outcome, CallError> {
    let answered = evidence.exchanges.iter().any(|exchange| exchange.status.is_some());
    if matches!(outcome, Outcome::Succeeded(_)) && !answered {
        return Err(CallError::NotExecuted(SUCCESS_WITHOUT_ASKING.to_owned()));
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(refused: bool) -> Evidence {
        Evidence { bytes_out: 100, refused, exchanges: Vec::new() }
    }

    fn answer(error: types::CallError) -> Said<()> {
        Said::Answer(Err(error))
    }

    #[test]
    fn a_trap_before_anything_left_had_no_effect() {
        let verdict = weigh(Said::<()>::Nothing("trap".to_owned()), &Evidence::default(), None);
        assert_eq!(verdict, Err(CallError::NotExecuted("trap".to_owned())));
    }

    #[test]
    fn a_trap_after_bytes_left_is_unknown() {
        for refused in [false, true] {
            let verdict = weigh(Said::<()>::Nothing("trap".to_owned()), &sent(refused), None);
            assert_eq!(verdict, Err(CallError::Unknown("trap".to_owned())));
        }
    }

    #[test]
    fn not_executed_is_believed_only_with_proof() {
        let said = || answer(types::CallError::NotExecuted("400".to_owned()));
        assert_eq!(weigh(said(), &sent(true), None), Err(CallError::NotExecuted("400".to_owned())));
        assert!(matches!(weigh(said(), &sent(false), None), Err(CallError::Unknown(_))));
    }

    #[test]
    fn credentials_that_the_service_refuses_are_a_matter_of_configuration() {
        let said = || answer(types::CallError::NotExecuted("no token".to_owned()));
        let verdict = weigh(said(), &Evidence::default(), Some(NoToken::Refused));
        assert!(matches!(verdict, Err(CallError::Misconfigured(_))));
        let verdict = weigh(said(), &sent(false), Some(NoToken::Refused));
        assert!(matches!(verdict, Err(CallError::Unknown(_))), "an earlier request had one");
        let verdict = weigh(said(), &Evidence::default(), Some(NoToken::Unreachable));
        assert!(matches!(verdict, Err(CallError::NotExecuted(_))));
    }

    #[test]
    fn neither_a_rate_limit_nor_a_bad_setting_excuses_bytes_that_left() {
        let limited = answer(types::CallError::RateLimited(Some(3)));
        assert!(matches!(weigh(limited, &sent(false), None), Err(CallError::Unknown(_))));
        let misconfigured = answer(types::CallError::Misconfigured("key".to_owned()));
        assert!(matches!(weigh(misconfigured, &sent(false), None), Err(CallError::Unknown(_))));
        let limited = answer(types::CallError::RateLimited(Some(3)));
        assert_eq!(weigh(limited, &sent(true), None), Err(CallError::RateLimited(Some(3))));
    }
}
