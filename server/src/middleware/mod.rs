//! What happens around every handler, from the outside in: log, headers, faults; then, for a business's portal,
//! visit and forms.

pub(crate) mod faults;
pub(crate) mod forms;
pub(crate) mod headers;
pub(crate) mod log;
pub(crate) mod visit;
