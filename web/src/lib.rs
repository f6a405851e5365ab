//! The web apps of `dashboards/`: `student`, at `/`, and `admin`, at `/admin`. Where they were not built, there is none.
//!
//! A release has them in the program; where people work on them they are read from their folder, so that a change of a
//! page builds no Rust. Which of both it is, is said by `build.rs` of the program.

use std::{
    borrow::Cow,
    fmt,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

pub mod embed;

/// The built apps.
#[derive(Debug, Clone)]
pub enum Pages {
    /// In the program, in the order of their names.
    Embedded(&'static [Embedded]),
    /// In a folder, as they are at the moment.
    Folder(PathBuf),
}

/// A file in the program.
pub struct Embedded {
    /// Such as `student/assets/index-4f2a.js`.
    pub name: &'static str,
    /// As it is.
    pub raw: &'static [u8],
    /// Packed by Brotli, where that makes it smaller.
    pub br: Option<&'static [u8]>,
    /// Packed by gzip, where that makes it smaller.
    pub gz: Option<&'static [u8]>,
    /// What [`tag`] makes of its content.
    pub tag: &'static str,
}

/// A built file.
#[derive(Clone)]
pub struct File {
    /// Such as `student/assets/index-4f2a.js`.
    pub name: String,
    /// Changes with its content; quoted, as `ETag` wants it.
    pub tag: Cow<'static, str>,
    /// As it is.
    pub raw: Cow<'static, [u8]>,
    /// Packed by Brotli, where that makes it smaller.
    pub br: Option<Cow<'static, [u8]>>,
    /// Packed by gzip, where that makes it smaller.
    pub gz: Option<Cow<'static, [u8]>>,
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a browser gets for a path.
#[derive(Debug, Clone)]
pub enum Found {
    /// A file that never changes: its name has a hash of its content.
    Asset(File),
    /// A file that may be another in the next release.
    File(File),
    /// The page of an app, which knows itself what to show under that path.
    Page(File),
    /// Nothing, and nothing could be there.
    Nothing,
    /// The app is not part of this program.
    NotBuilt,
}

impl Pages {
    /// The file of this name.
    pub fn find(&self, name: &str) -> Option<File> {
        match self {
            Self::Embedded(files) => {
                let file = files.get(files.binary_search_by(|file| file.name.cmp(name)).ok()?)?;
                Some(File {
                    name: name.to_owned(),
                    tag: file.tag.into(),
                    raw: file.raw.into(),
                    br: file.br.map(Cow::from),
                    gz: file.gz.map(Cow::from),
                })
            }
            Self::Folder(folder) => read(folder, name),
        }
    }

    /// What is under a path that is none of the API's.
    pub fn under(&self, path: &str) -> Found {
        let (app, rest) = match path.strip_prefix("/admin") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => ("admin", rest),
            _ => ("student", path),
        };
        let rest = rest.trim_start_matches('/');
        let Some(page) = self.find(&format!("{app}/index.html")) else {
            return if looks_like_a_file(rest) { Found::Nothing } else { Found::NotBuilt };
        };
        match self.find(&format!("{app}/{rest}")) {
            Some(file) if rest.starts_with("assets/") => Found::Asset(file),
            Some(file) if rest != "index.html" => Found::File(file),
            None if looks_like_a_file(rest) => Found::Nothing,
            _ => Found::Page(page),
        }
    }
}

/// A file of the folder, and of nowhere else.
fn read(folder: &Path, name: &str) -> Option<File> {
    let is_name = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0']);
    if is_packed(name) || !name.split('/').all(is_name) {
        return None;
    }
    let bytes = |ending: &str| std::fs::read(folder.join(format!("{name}{ending}"))).ok();
    let raw = bytes("")?;
    Some(File {
        name: name.to_owned(),
        tag: tag(&raw).into(),
        raw: raw.into(),
        br: bytes(".br").map(Cow::from),
        gz: bytes(".gz").map(Cow::from),
    })
}

/// Whether a file is another one, packed. It lies beside what it was packed from.
pub fn is_packed(name: &str) -> bool {
    let ending = Path::new(name).extension();
    ending.is_some_and(|ending| ending == "br" || ending == "gz")
}

/// Changes with the content; quoted, as `ETag` wants it.
pub fn tag(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

fn looks_like_a_file(path: &str) -> bool {
    path.starts_with("assets/") || path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

/// The `Content-Type` of a file of this name.
pub fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same files, in the program and in a folder.
    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dist");
    static EMBEDDED: &[Embedded] = &[
        Embedded {
            name: "student/assets/a.js",
            tag: "\"1\"",
            raw: include_bytes!("../tests/dist/student/assets/a.js"),
            br: None,
            gz: Some(include_bytes!("../tests/dist/student/assets/a.js.gz")),
        },
        Embedded {
            name: "student/index.html",
            tag: "\"2\"",
            raw: include_bytes!("../tests/dist/student/index.html"),
            br: None,
            gz: None,
        },
    ];

    fn both() -> [Pages; 2] {
        [Pages::Embedded(EMBEDDED), Pages::Folder(FOLDER.into())]
    }

    #[test]
    fn a_file_is_the_same_in_the_program_and_in_its_folder() {
        for file in EMBEDDED {
            let [embedded, read] = both().map(|pages| pages.find(file.name).expect(file.name));
            assert_eq!(embedded.raw, read.raw, "{}", file.name);
            assert_eq!((&*embedded.tag, &*read.tag), (file.tag, &*tag(file.raw)), "{}", file.name);
            assert_eq!((&embedded.br, &embedded.gz), (&read.br, &read.gz), "{}", file.name);
        }
    }

    #[test]
    fn what_makes_the_app_installable_is_called_what_it_is() {
        assert_eq!(content_type("student/manifest.webmanifest"), "application/manifest+json");
        assert_eq!(content_type("student/sw.js"), "text/javascript; charset=utf-8");
    }

    #[test]
    fn what_looks_like_a_file_is_never_answered_with_a_page() {
        for pages in both().into_iter().chain([Pages::Embedded(&[]), Pages::Folder("nowhere".into())]) {
            for path in
                ["/assets/gone.js", "/favicon.ico", "/admin/assets/gone.js", "/.env", "/assets/a.js.br"]
            {
                assert!(matches!(pages.under(path), Found::Nothing), "{path} of {pages:?}");
            }
            for path in ["/", "/chat/1", "/admin", "/admin/keys", "/administer", "/index.html/.."] {
                let found = pages.under(path);
                assert!(
                    matches!(found, Found::Page(_) | Found::NotBuilt | Found::Nothing),
                    "{path} of {pages:?}"
                );
            }
        }
        for pages in both() {
            assert!(
                matches!(pages.under("/"), Found::Page(page) if page.raw.starts_with(b"<!doctype html>"))
            );
            assert!(matches!(pages.under("/assets/a.js"), Found::Asset(_)));
            assert!(matches!(pages.under("/admin"), Found::NotBuilt));
        }
    }

    #[test]
    fn the_table_of_a_release_has_every_file_once_in_order_with_what_it_was_packed_to() {
        let table = embed::table(Path::new(FOLDER)).unwrap();
        let lines: Vec<_> = table.lines().filter(|line| line.starts_with("web::Embedded")).collect();
        let names = ["secret.txt", "student/assets/a.js", "student/index.html"];
        assert_eq!(lines.len(), names.len(), "{table}");
        for (line, name) in lines.iter().zip(names) {
            assert!(line.contains(&format!("name: {name:?}")) && line.contains("br: None"), "{line}");
            let packed = line.contains(&format!("{name}.gz\"))"));
            let is_script = name == "student/assets/a.js";
            assert_eq!((packed, line.contains("gz: None")), (is_script, !is_script), "{line}");
        }
        assert_eq!(embed::table(Path::new("nowhere")).unwrap().trim(), "&[\n]");
    }

    #[test]
    fn nothing_outside_of_the_folder_is_read() {
        let pages = Pages::Folder(Path::new(FOLDER).join("student"));
        assert!(pages.find("index.html").is_some());
        for name in [
            "../secret.txt",
            "assets/../../secret.txt",
            "/etc/hostname",
            "assets//a.js",
            ".",
            "assets",
            "",
            "a\0",
        ] {
            assert!(pages.find(name).is_none(), "{name:?}");
        }
    }
}
