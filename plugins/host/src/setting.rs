//! Values of an account's settings, by their kind.

use crate::http::target::is_origin;
use domain::provider::SettingKind;

/// Longest value.
const MAX_VALUE: usize = 4096;

/// Whether a setting of this kind may hold `value`. A secret is whatever its service says it is.
pub fn fits(kind: &SettingKind, value: &str) -> bool {
    if value.len() > MAX_VALUE {
        return false;
    }
    match kind {
        SettingKind::Text => !value.chars().any(char::is_control),
        SettingKind::Secret => true,
        SettingKind::Url => is_origin(value),
        SettingKind::Choice(choices) => choices.iter().any(|choice| choice.value == value),
    }
}
