//! Secrets that nobody gave are made up once and kept in the data folder, readable by its owner only.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::Context as _;
use rand::Rng as _;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::config::Config;

#[derive(Serialize, Deserialize)]
struct Kept {
    encryption_key: String,
    jwt_secret: String,
}

/// Fills in the secrets that the settings lack.
pub(crate) fn complete(config: &mut Config) -> anyhow::Result<()> {
    if config.secrets.encryption_key.is_some() && config.secrets.jwt_secret.is_some() {
        return Ok(());
    }
    let path = config.data_dir.join("secrets.json");
    let kept = if path.exists() { read(&path)? } else { make(&path)? };
    config.secrets.encryption_key.get_or_insert_with(|| SecretString::from(kept.encryption_key));
    config.secrets.jwt_secret.get_or_insert_with(|| SecretString::from(kept.jwt_secret));
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Kept> {
    let text = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_slice(&text).with_context(|| {
        format!("{} is damaged; without it the stored provider keys cannot be decrypted", path.display())
    })
}

/// Written whole to another name first: a crash in between leaves no half of it.
fn make(path: &Path) -> anyhow::Result<Kept> {
    let kept = Kept { encryption_key: random_hex(), jwt_secret: random_hex() };
    let half = path.with_extension("new");
    if half.exists() {
        fs::remove_file(&half)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half)?;
    file.write_all(&serde_json::to_vec(&kept)?)?;
    file.sync_all()?;
    fs::rename(&half, path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(kept)
}

fn random_hex() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}
