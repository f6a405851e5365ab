//! The web apps of `dashboards/`, as they were built when this was compiled: `student`, at `/`, and `admin`, at
//! `/admin`. Where they were not built, there is none.

use std::fmt;

/// A built file.
pub struct File {
    /// Such as `student/assets/index-4f2a.js`.
    pub name: &'static str,
    /// Changes with its content; quoted, as `ETag` wants it.
    pub tag: &'static str,
    /// As it is.
    pub raw: &'static [u8],
    /// Packed by Brotli, where that makes it smaller.
    pub br: Option<&'static [u8]>,
    /// Packed by gzip, where that makes it smaller.
    pub gz: Option<&'static [u8]>,
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("name", &self.name).finish_non_exhaustive()
    }
}

/// In the order of their names.
static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The file of this name.
pub fn find(name: &str) -> Option<&'static File> {
    let at = FILES.binary_search_by(|file| file.name.cmp(name)).ok()?;
    FILES.get(at)
}

/// What a browser gets for a path.
#[derive(Debug, Clone, Copy)]
pub enum Found {
    /// A file that never changes: its name has a hash of its content.
    Asset(&'static File),
    /// A file that may be another in the next release.
    File(&'static File),
    /// The page of an app, which knows itself what to show under that path.
    Page(&'static File),
    /// Nothing, and nothing could be there.
    Nothing,
    /// The app is not part of this program.
    NotBuilt,
}

/// What is under a path that is none of the API's.
pub fn under(path: &str) -> Found {
    let (app, rest) = match path.strip_prefix("/admin") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => ("admin", rest),
        _ => ("student", path),
    };
    let rest = rest.trim_start_matches('/');
    let Some(page) = find(&format!("{app}/index.html")) else {
        return if looks_like_a_file(rest) { Found::Nothing } else { Found::NotBuilt };
    };
    match find(&format!("{app}/{rest}")) {
        Some(file) if rest.starts_with("assets/") => Found::Asset(file),
        Some(file) if rest != "index.html" => Found::File(file),
        None if looks_like_a_file(rest) => Found::Nothing,
        _ => Found::Page(page),
    }
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
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_in_order_so_that_each_is_found() {
        for file in FILES {
            assert_eq!(find(file.name).map(|found| found.name), Some(file.name));
        }
    }

    #[test]
    fn what_looks_like_a_file_is_never_answered_with_a_page() {
        for path in ["/assets/gone.js", "/favicon.ico", "/admin/assets/gone.js", "/.env"] {
            assert!(matches!(under(path), Found::Nothing), "{path}");
        }
        for path in ["/", "/chat/1", "/admin", "/admin/keys", "/administer"] {
            assert!(matches!(under(path), Found::Page(_) | Found::NotBuilt), "{path}");
        }
    }
}
