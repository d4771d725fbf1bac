//! The database of a rehearsal: a file of its own that goes away with it.

use crate::db::Db;
use crate::error::{Error, Result};
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A copy of a database in a folder that only its owner may enter. There is no other way to make one, and no way
/// from it to the original.
pub struct DbCopy {
    db: Db,
    folder: PathBuf,
}

impl DbCopy {
    /// Copies `original` into `folder`, which must not exist yet and is removed with this value.
    ///
    /// # Errors
    /// When the folder cannot be made or the copy cannot be written.
    pub fn of(original: &Db, folder: &Path) -> Result<Self> {
        let unwritable =
            |error| Error::Unavailable(format!("the folder {} cannot be made: {error}", folder.display()));
        DirBuilder::new().mode(0o700).create(folder).map_err(unwritable)?;
        match original.copy_to(&folder.join("copy.db")) {
            Ok(db) => Ok(Self { db, folder: folder.to_owned() }),
            Err(error) => {
                remove(folder);
                Err(error)
            }
        }
    }

    pub(super) fn db(&self) -> &Db {
        &self.db
    }
}

impl Drop for DbCopy {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder) {
        tracing::warn!(folder = %folder.display(), %error, "a copy of the database is left behind");
    }
}
