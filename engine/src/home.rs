//! Where an installation lives. The database counts signs of life, and a file in the data folder says on which machine
//! and in which folder they were given. A copy of the folder finds itself elsewhere, a restored backup behind its file.

use crate::error::{Error, Result};
use crate::store::tenants::Installation;
use domain::Instant;
use domain::payment::brake::Boot;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The file's name in the data folder.
const FILE: &str = "home.json";

/// What the file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Home {
    /// Which installation lives here.
    pub(crate) instance: String,
    /// Machine and folder, hashed.
    pub(crate) place: String,
    /// The database's count of signs of life when it was last seen from here.
    pub(crate) beat: i64,
    /// When that was, wall time.
    pub(crate) at: Instant,
    /// During which run of the machine, where it tells.
    pub(crate) boot: Option<String>,
    /// How long that had run, seconds.
    pub(crate) up_s: i64,
}

impl Home {
    /// What is seen of the data from here, now.
    ///
    /// # Errors
    /// `Unavailable` when the folder is not there.
    pub(crate) fn seen(
        data_dir: &Path,
        row: &Installation,
        beat: i64,
        at: Instant,
        boot: Option<&Boot>,
    ) -> Result<Self> {
        Ok(Self {
            instance: row.instance_id.clone(),
            place: place(data_dir)?,
            beat,
            at,
            boot: boot.map(|boot| boot.id.clone()),
            up_s: boot.map_or(0, |boot| boot.up.num_seconds()),
        })
    }

    /// The file, where there is one.
    ///
    /// # Errors
    /// `Unavailable` when it is there and cannot be read.
    pub(crate) fn read(data_dir: &Path) -> Result<Option<Self>> {
        match std::fs::read(data_dir.join(FILE)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| unusable(data_dir, &error)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unusable(data_dir, &error)),
        }
    }

    /// Replaces the file; whoever reads it finds the old one or the new one, whole, also after a power cut.
    ///
    /// # Errors
    /// `Unavailable` when the folder cannot be written to.
    pub(crate) fn write(&self, data_dir: &Path) -> Result<()> {
        let draft = data_dir.join(format!("{FILE}.{}", std::process::id()));
        let bytes = serde_json::to_vec_pretty(self).map_err(Error::bug)?;
        let replaced = std::fs::File::create(&draft)
            .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&draft, data_dir.join(FILE)));
        replaced.map_err(|error| unusable(data_dir, &error))
    }
}

fn unusable(data_dir: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Unavailable(format!("{}: {error}", data_dir.join(FILE).display()))
}

/// This machine and this folder, hashed: the folder by its path and by its inode, which a copy does not have.
///
/// # Errors
/// `Unavailable` when the folder is not there.
pub(crate) fn place(data_dir: &Path) -> Result<String> {
    let unusable = |error: std::io::Error| unusable(data_dir, &error);
    let path = data_dir.canonicalize().map_err(unusable)?;
    let inode = path.metadata().map_err(unusable)?.ino();
    // Containers may have none; their volumes are told apart by the inode.
    let machine = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let facts = format!("{}|{}|{inode}", machine.trim(), path.display());
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(facts.as_bytes())))
}
