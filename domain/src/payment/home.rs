//! Whether data is where it lives. A copy of it charges nobody, nor does a backup that does not know what was charged.

use crate::words;

words! {
    /// Why data is not at home.
    Away {
        /// It has a home, and this folder is none.
        Elsewhere = "elsewhere",
        /// The folder was moved or copied, or is on another machine.
        Moved = "moved",
        /// The folder is the home of other data.
        Other = "other",
        /// It is older than it was when it was last seen from here: a backup was restored.
        Behind = "behind",
    }
}

/// What the folder says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// It was written on this machine, in this folder.
    pub is_here: bool,
    /// It tells of this installation.
    pub is_ours: bool,
    /// Signs of life counted when the data was last seen from here.
    pub beat: i64,
}

/// Why data that has counted so many signs of life is away from home; none when it is not. Without any it has no home
/// yet.
pub fn away(beat: i64, door: Option<&Door>) -> Option<Away> {
    match door {
        _ if beat == 0 => None,
        None => Some(Away::Elsewhere),
        Some(door) if !door.is_ours => Some(Away::Other),
        Some(door) if !door.is_here => Some(Away::Moved),
        Some(door) => (beat < door.beat).then_some(Away::Behind),
    }
}
