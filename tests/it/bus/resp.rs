//! Just enough of Redis' protocol to look at a server from outside.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Sends a command, and returns the answer as it comes over the wire, without its last line break.
pub(super) async fn command(url: &str, parts: &[&str]) -> String {
    use std::fmt::Write as _;
    let mut request = format!("*{}\r\n", parts.len());
    for part in parts {
        write!(request, "${}\r\n{part}\r\n", part.len()).unwrap();
    }
    request.push_str("*1\r\n$4\r\nQUIT\r\n");
    let mut server = TcpStream::connect(url.strip_prefix("redis://").unwrap()).await.unwrap();
    server.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    server.read_to_string(&mut answer).await.unwrap();
    answer.strip_suffix("+OK\r\n").unwrap().trim_end().to_owned()
}
