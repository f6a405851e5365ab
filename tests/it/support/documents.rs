//! A student's documents, as stories tell them.

use std::time::Duration;

use reqwest::{Method, header};
use serde_json::Value;

use super::student::{Reply, Student};

impl Student {
    /// Sends a form with one file.
    pub(crate) async fn sends_file(&self, path: &str, name: &str, bytes: &[u8]) -> Reply {
        const BOUNDARY: &str = "a-boundary-of-tests";
        let mut body = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(body);
        Reply::read(request.send().await.unwrap()).await
    }

    /// Uploads a PDF.
    pub(crate) async fn uploads(&self, name: &str, pdf: &[u8]) -> Reply {
        self.sends_file("/api/documents", name, pdf).await
    }

    /// Uploads a PDF and waits until it has been read; returns the document.
    pub(crate) async fn has_read(&self, name: &str, pdf: &[u8]) -> Value {
        let receipt = self.uploads(name, pdf).await.expect(202);
        self.is_read(document_of(&receipt)).await
    }

    /// Waits until a document has been read, well or not.
    pub(crate) async fn is_read(&self, document: &str) -> Value {
        for _ in 0..1200 {
            let shown = self.get(&format!("/api/documents/{document}")).await.expect(200).body;
            if !["uploaded", "processing"].contains(&shown["status"].as_str().unwrap()) {
                return shown;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the document is never read");
    }

    /// Searches; returns the passages.
    pub(crate) async fn finds(&self, query: &str) -> Vec<Value> {
        let path = format!("/api/documents/search?q={}", query.replace(' ', "%20"));
        self.get(&path).await.expect(200).body["items"].as_array().unwrap().clone()
    }
}

/// The id of the document in a receipt.
pub(crate) fn document_of(receipt: &Reply) -> &str {
    receipt.body["document"]["id"].as_str().unwrap()
}
