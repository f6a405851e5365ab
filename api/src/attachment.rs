//! What is told about a file that is to be saved.

use std::fmt::Write as _;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use crate::documents::file;

/// The title as a file's name: plain for old clients, encoded for the others.
pub(crate) fn disposition(title: &str, extension: &str) -> String {
    let plain: String = title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " -_.".contains(c) { c } else { '_' })
        .collect();
    let mut encoded = String::new();
    for byte in title.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _written = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{encoded}.{extension}")
}

/// A text as a file of this name.
pub(crate) fn text(content_type: &'static str, title: &str, extension: &str, body: String) -> Response {
    let mut response = ([(header::CONTENT_TYPE, content_type)], body).into_response();
    file::safe(&mut response, &disposition(title, extension));
    response
}

/// Bytes as a file of this name.
pub(crate) fn file(content_type: &'static str, title: &str, extension: &str, bytes: Vec<u8>) -> Response {
    let mut response = ([(header::CONTENT_TYPE, content_type)], bytes).into_response();
    file::safe(&mut response, &disposition(title, extension));
    response
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_title_cannot_leave_its_header() {
        let named = super::disposition("a\"; x=y\r\n<é>", "pdf");
        assert_eq!(
            named,
            "attachment; filename=\"a__ x_y_____.pdf\"; filename*=UTF-8''a%22%3B%20x%3Dy%0D%0A%3C%C3%A9%3E.pdf"
        );
    }
}
