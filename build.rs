//! Where the program has its web apps from: a release takes in what lies in `dashboards/dist` while it is compiled, and
//! everything else reads that folder while it runs, so that a change of a page builds no Rust. Without the apps all else
//! works: building needs no Node.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/dist");
    let release = env::var_os("PROFILE").is_some_and(|profile| profile == "release");
    let pages = if release {
        println!("cargo:rerun-if-changed={}", dist.display());
        format!("web::Pages::Embedded({})", web::embed::table(&dist)?)
    } else {
        format!("web::Pages::Folder({:?}.into())", dist.to_string_lossy())
    };
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("pages.rs"), pages)
}
