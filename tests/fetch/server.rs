//! A small HTTP server whose answers a test chooses.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A client's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET /name HTTP/1.1`.
    pub line: String,
    /// The first byte of the `Range` header.
    pub range: Option<u64>,
}

/// A server on a port of its own; it stands until the test ends.
pub struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers the n-th request, from 0, with `answer`; the connection is closed after that.
    pub fn start(answer: impl Fn(usize, &Request, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (seen, answer) = (Arc::clone(&requests), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                std::thread::spawn(move || {
                    let Some(request) = read_request(&stream) else {
                        return;
                    };
                    let number = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(request.clone());
                        seen.len() - 1
                    };
                    answer(number, &request, &mut stream);
                });
            }
        });
        Self { port, requests }
    }

    /// The address of its root folder.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn read_request(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let line = lines.next()?.ok()?;
    let mut range = None;
    for header in lines {
        let header = header.ok()?.to_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(start) = header.strip_prefix("range: bytes=") {
            range = start.trim_end_matches('-').parse().ok();
        }
    }
    Some(Request { line, range })
}

/// Writes status and headers; the client may be gone, which is no matter of the server's.
pub fn head(stream: &mut TcpStream, status: &str, headers: &[String]) {
    let mut text = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    send(stream, format!("{text}\r\n").as_bytes());
}

pub fn send(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes);
}

/// A status without a body.
pub fn status(stream: &mut TcpStream, status: &str) {
    head(stream, status, &["Content-Length: 0".into()]);
}

/// The whole file, whatever part was requested.
pub fn whole(stream: &mut TcpStream, bytes: &[u8]) {
    head(
        stream,
        "200 OK",
        &[format!("Content-Length: {}", bytes.len())],
    );
    send(stream, bytes);
}

/// The headers of the requested part; returns the part.
pub fn part_head<'a>(stream: &mut TcpStream, request: &Request, bytes: &'a [u8]) -> &'a [u8] {
    let start = request.range.unwrap_or(0) as usize;
    let length = format!("Content-Length: {}", bytes.len() - start);
    if start == 0 {
        head(stream, "200 OK", &[length]);
    } else {
        let (last, total) = (bytes.len() - 1, bytes.len());
        let range = format!("Content-Range: bytes {start}-{last}/{total}");
        head(stream, "206 Partial Content", &[length, range]);
    }
    &bytes[start..]
}

/// The requested part.
pub fn part(stream: &mut TcpStream, request: &Request, bytes: &[u8]) {
    let rest = part_head(stream, request, bytes);
    send(stream, rest);
}
