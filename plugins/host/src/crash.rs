//! Named points of a call, told to whoever wants to know: tests end the process at them.

use std::sync::OnceLock;

static TOLD: OnceLock<fn(&str)> = OnceLock::new();

/// Tells `told` each point of a call as it is passed: `call.before_connect`, `call.after_write`,
/// `call.after_response`, `call.after_plugin_return`. The first one told stays.
pub fn tell_points(told: fn(&str)) {
    TOLD.get_or_init(|| told);
}

/// Passes the point `name`.
pub(crate) fn point(name: &str) {
    if let Some(told) = TOLD.get() {
        told(name);
    }
}
