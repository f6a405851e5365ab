//! What one caller may take of the platform: connections, streams, writes, tries of keys. The others are served.

use std::{net::SocketAddr, process::Stdio, time::Duration};

use futures::future::join_all;
use reqwest::{Method, header};
use serde_json::{Value, json};
use simulator::Script;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

use crate::support::{
    Platform,
    home::Home,
    key,
    process::{Process, mortal},
    student::{Reply, job_of},
};

/// A connection to the API, from an address of this machine.
async fn connects(platform: &Platform, from: &str) -> TcpStream {
    let to: SocketAddr = platform.base.trim_start_matches("http://").parse().unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    socket.connect(to).await.unwrap()
}

/// Asks whether the API lives, and says what the status line of its answer is; empty where it closed instead.
async fn is_answered(stream: &mut TcpStream) -> String {
    let asked = stream.write_all(b"GET /api/health HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    let mut read = vec![0; 4096];
    let length = if asked.is_ok() { stream.read(&mut read).await.unwrap_or(0) } else { 0 };
    String::from_utf8_lossy(&read[..length]).lines().next().unwrap_or_default().to_owned()
}

/// Waits until the other side closes, whatever it says before.
async fn is_closed(mut stream: TcpStream) {
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(Duration::from_mins(2), stream.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "the connection is kept for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_says_nothing_or_never_ends_its_head_is_closed() {
    let platform = Platform::setup().queues([]).start().await;
    let silent = connects(&platform, "127.0.0.1").await;
    let mut half = connects(&platform, "127.0.0.1").await;
    half.write_all(b"GET /api/health HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await.unwrap();
    let mut resting = connects(&platform, "127.0.0.1").await;
    assert_eq!(is_answered(&mut resting).await, "HTTP/1.1 200 OK");
    // One that goes on with its head, byte by byte, has no longer.
    let (reading, mut writing) = connects(&platform, "127.0.0.1").await.into_split();
    let drip = tokio::spawn(async move {
        writing.write_all(b"GET /api/health HTTP/1.1\r\nx: ").await.unwrap();
        while writing.write_all(b"y").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        writing
    });
    let dripping = async move {
        let mut reading = reading;
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_mins(2), reading.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "who drips is waited for");
    };
    tokio::join!(is_closed(silent), is_closed(half), is_closed(resting), dripping);
    drip.await.unwrap();
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_so_many_connections_and_keeps_nobody_else_out() {
    let platform =
        Platform::setup().queues([]).config(|config| config.server.connections_per_address = 5).start().await;
    let mut open = Vec::new();
    for _ in 0..5 {
        let mut stream = connects(&platform, "127.0.0.2").await;
        assert_eq!(is_answered(&mut stream).await, "HTTP/1.1 200 OK");
        open.push(stream);
    }
    for _ in 0..3 {
        assert_eq!(
            is_answered(&mut connects(&platform, "127.0.0.2").await).await,
            "",
            "it is closed at once"
        );
    }
    let mut other = connects(&platform, "127.0.0.3").await;
    assert_eq!(is_answered(&mut other).await, "HTTP/1.1 200 OK");
    drop(open.pop());
    loop {
        // As soon as the API has seen that one left, there is room.
        if is_answered(&mut connects(&platform, "127.0.0.2").await).await == "HTTP/1.1 200 OK" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop((open, other));
    platform.end().await;

    let proxied = Platform::setup().queues([]).config(|config| {
        config.server.connections_per_address = 5;
        config.server.trusted_proxies = vec!["127.0.0.2/32".parse().unwrap()];
    });
    let platform = proxied.start().await;
    let mut open = Vec::new();
    for _ in 0..20 {
        let mut stream = connects(&platform, "127.0.0.2").await;
        assert_eq!(is_answered(&mut stream).await, "HTTP/1.1 200 OK", "a proxy of ours has any number");
        open.push(stream);
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_raises_its_limit_of_files_and_idle_connections_do_not_stop_it() {
    let home = Home::new().await;
    let dev = home.command(&["dev"], &[]);
    // As a shell or a service manager starts it where nobody thought of that.
    let mut command = mortal("sh");
    command.args(["-c", "ulimit -S -n 256; exec \"$@\"", "sh"]).arg(dev.get_program()).args(dev.get_args());
    command.env_clear().envs(dev.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.current_dir(&home.folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut process = Process::of(command, format!("http://127.0.0.1:{}", home.port));
    process.ready().await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", process.pid())).unwrap();
    let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let soft: u64 = files.split_whitespace().nth(3).unwrap().parse().unwrap();
    assert!(soft > 256, "{files}");
    let mut idle = Vec::new();
    for _ in 0..400 {
        idle.push(TcpStream::connect(("127.0.0.1", home.port)).await.unwrap());
    }
    let http = worker::providers::http_client().unwrap();
    let health = http.get(format!("{}/api/ready", process.base)).send().await.unwrap();
    assert_eq!(health.status(), 200);
    drop(idle);
    process.signal(nix::sys::signal::Signal::SIGTERM);
    assert_eq!(process.ended().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_ten_streams_and_then_is_told_when_to_come_back() {
    let platform = Platform::setup().config(|config| config.server.streams_per_account = 10).start().await;
    platform.pool([key("good")]).await;
    let (student, other) = (platform.student().await, platform.student().await);
    platform.sql("update queues set paused_at = now()").await;
    let session = student.session().await;
    let job = job_of(&student.sends(&session, "What is preload?").await.expect(202));
    let path = format!("/api/jobs/{job}/events");
    // All at once, so that none is let in by chance.
    let opened = join_all((0..40).map(|_| student.request(Method::GET, &path).send())).await;
    let (open, refused): (Vec<_>, Vec<_>) =
        opened.into_iter().map(Result::unwrap).partition(|response| response.status() == 200);
    assert_eq!((open.len(), refused.len()), (10, 30));
    for response in refused {
        let reply = Reply::read(response).await.expect(429);
        assert_eq!(reply.code(), "RATE_LIMITED");
        assert!(reply.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    }
    // A question that asks for its stream is refused before it is charged, and is not stored.
    let fresh = student.session().await;
    let ask = student
        .request(Method::POST, &format!("/api/chat/sessions/{fresh}/messages"))
        .header(header::ACCEPT, "text/event-stream")
        .json(&json!({ "content": "What is afterload?" }));
    Reply::read(ask.send().await.unwrap()).await.expect(429);
    assert!(student.messages(&fresh).await.is_empty());
    // Others are not concerned, and neither is what needs no stream.
    let theirs = other.session().await;
    let their_job = job_of(&other.sends(&theirs, "What is preload?").await.expect(202));
    let their_stream = other.events(&their_job, None).await;
    student.get(&format!("/api/jobs/{job}")).await.expect(200);
    drop(open);
    loop {
        // Room comes as soon as the API has seen that the readers left.
        let response = student.request(Method::GET, &path).send().await.unwrap();
        if response.status() == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(their_stream);
    platform.sql("update queues set paused_at = null").await;
    for (who, job) in [(&student, &job), (&other, &their_job)] {
        let _ended = who.delete(&format!("/api/jobs/{job}")).await;
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_writes_without_pause_is_slowed_down_and_nobody_else_is() {
    let setup = Platform::setup().queues([]).config(|config| {
        config.server.writes_burst = 20;
        config.server.writes_per_second = 1;
    });
    let platform = setup.start().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let replies = join_all((0..200).map(|_| student.post("/api/chat/sessions", json!({})))).await;
    let made = replies.iter().filter(|reply| reply.status == 201).count();
    assert!(made >= 20, "a burst passes: {made}");
    let refused: Vec<_> = replies.iter().filter(|reply| reply.status == 429).collect();
    assert_eq!(made + refused.len(), 200);
    assert!(refused.len() >= 50, "what goes beyond is refused: {}", refused.len());
    for reply in refused {
        assert_eq!(reply.code(), "RATE_LIMITED");
        assert!(reply.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    }
    let stored =
        platform.number(format!("select count(*) from sessions where user_id = '{}'", student.id)).await;
    assert_eq!(stored, i64::try_from(made).unwrap());
    student.get("/api/chat/sessions").await.expect(200);
    other.post("/api/chat/sessions", json!({})).await.expect(201);
    platform.sleep_until(platform.parts.clock.now() + chrono::TimeDelta::minutes(1));
    student.post("/api/chat/sessions", json!({})).await.expect(201);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_is_signed_in_the_address_is_slowed_down() {
    let setup = Platform::setup().queues([]).config(|config| {
        config.server.anonymous_writes_burst = 10;
        config.server.anonymous_writes_per_second = 1;
        config.server.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    });
    let platform = setup.start().await;
    let student = platform.student().await;
    let writes = async |header: &'static str, from: &str| {
        let request = platform.http.post(format!("{}/api/auth/refresh", platform.base)).header(header, from);
        Reply::read(request.send().await.unwrap()).await
    };
    let replies = join_all((0..100).map(|_| writes("x-forwarded-for", "6.6.6.6, 192.0.2.1:4711"))).await;
    let refused: Vec<_> = replies.iter().filter(|reply| reply.code() == "RATE_LIMITED").collect();
    assert!(refused.len() >= 20 && refused.len() <= 90, "{}", refused.len());
    assert!(refused.iter().all(|reply| reply.status == 429 && reply.header("retry-after").is_some()));
    // The same address in the other dress, and others.
    assert_eq!(writes("forwarded", "for=\"192.0.2.1:99\";proto=https").await.code(), "RATE_LIMITED");
    assert_ne!(writes("x-forwarded-for", "192.0.2.2").await.code(), "RATE_LIMITED");
    assert_ne!(writes("forwarded", "for=\"[2001:db8::7]:4711\"").await.code(), "RATE_LIMITED");
    // Who is signed in there has an account of their own to be counted by.
    let signed_in = student
        .request(Method::POST, "/api/chat/sessions")
        .header("x-forwarded-for", "192.0.2.1")
        .json(&json!({}));
    Reply::read(signed_in.send().await.unwrap()).await.expect(201);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_try_keys_cannot_look_for_open_ports_with_them() {
    let platform = Platform::start().await;
    let ops = platform.admin_with("ops").await;
    platform.simulator.script("sk-story-of-ops-1", Script::invalid_key());
    platform.never_logged(["sk-story-of-ops-1".to_owned()]);
    let closed = format!("http://127.0.0.1:{}", crate::support::servers::free_port());
    let asked = platform.simulator.calls().len();
    let mut answers: Vec<Value> = Vec::new();
    for address in [platform.simulator.url(), closed, "http://10.255.255.1:81".to_owned()] {
        let body = json!({ "provider": "openai", "key": "sk-story-of-ops-1", "base_url": address });
        let reply = ops.post("/api/admin/keys/test", body).await.expect(403);
        answers.push(reply.error());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(platform.simulator.calls().len(), asked, "nothing was called");

    // At the provider's usual address they may, so often a minute, over all ways to try keys.
    let body = json!({ "provider": "openai", "key": "sk-story-of-ops-1" });
    let replies = join_all((0..25).map(|_| ops.post("/api/admin/keys/test", body.clone()))).await;
    let tried = replies.iter().filter(|reply| reply.status == 200).count();
    assert!((10..=15).contains(&tried), "{tried}");
    let refused = replies.iter().find(|reply| reply.status != 200).unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (429, "RATE_LIMITED"));
    assert!(refused.header("retry-after").is_some());
    let replies = join_all((0..25).map(|_| ops.post("/api/admin/health/check", json!({})))).await;
    assert!(replies.iter().filter(|reply| reply.code() == "RATE_LIMITED").count() >= 10);
    platform.end().await;
}
