//! The HTTP side: one request, and what its failure means.

use std::io::{ErrorKind, Read};
use std::time::Duration;

use ureq::http::{HeaderMap, Response, StatusCode, header};
use ureq::{Agent, Body, BodyReader, Error, Timeout};

use super::options::TimeOuts;
use super::setback::Setback;

const REDIRECTS: u32 = 5;

/// The HTTP client.
pub(super) struct Client {
    agent: Agent,
    time_outs: TimeOuts,
}

/// A server's answer.
pub(super) struct Reply {
    /// Where in the file the body begins.
    pub start: u64,
    /// Bytes of the body, where the server says.
    pub length: Option<u64>,
    pub body: BodyReader<'static>,
}

impl Client {
    /// A client that takes its proxy from `ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`:
    /// that is ureq's default.
    pub fn new(time_outs: TimeOuts) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(REDIRECTS)
            .user_agent(concat!("fmnist-tui/", env!("CARGO_PKG_VERSION")))
            // The files are gzipped already and must arrive as they are.
            .accept_encoding("identity")
            .timeout_resolve(Some(time_outs.connect))
            .timeout_connect(Some(time_outs.connect))
            .timeout_per_read(Some(time_outs.idle))
            .timeout_per_write(Some(time_outs.idle))
            .timeout_global(Some(time_outs.total))
            .build();
        Self {
            agent: config.new_agent(),
            time_outs,
        }
    }

    /// Ends running requests, on any thread, and refuses new ones.
    pub fn shut_down(&self) {
        self.agent.clone().shutdown();
    }

    /// Requests a file from byte `start` on; the server may answer with the whole file.
    pub fn get(&self, url: &str, start: u64) -> Result<Reply, Setback> {
        let mut request = self.agent.get(url);
        if start > 0 {
            // No If-Range: a part may come from several mirrors, whose entity tags differ although the
            // file is the same. The checksum of the whole decides.
            request = request.header(header::RANGE, format!("bytes={start}-"));
        }
        let response = request.call().map_err(|error| self.setback(error))?;
        let start = match response.status() {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT if range_start(response.headers()) == Some(start) => start,
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                let text = "the server gives another part than was asked for";
                return Err(Setback::Restart(text.into()));
            }
            status => return Err(refusal(status)),
        };
        Ok(Self::reply(response, start))
    }

    fn reply(response: Response<Body>, start: u64) -> Reply {
        let body = response.into_body();
        Reply {
            start,
            length: body.content_length(),
            body: body.into_reader(),
        }
    }

    /// Reads the next bytes; 0 at the end.
    pub fn read(&self, body: &mut impl Read, buffer: &mut [u8]) -> Result<usize, Setback> {
        loop {
            match body.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                outcome => return outcome.map_err(|error| self.setback(Error::from(error))),
            }
        }
    }

    fn setback(&self, error: Error) -> Setback {
        let seconds = |time: Duration| format!("{} s", time.as_secs_f64());
        match error {
            Error::Timeout(Timeout::PerRead | Timeout::PerWrite) => Setback::Passing(format!(
                "the server was silent for {}",
                seconds(self.time_outs.idle)
            )),
            Error::Timeout(Timeout::Connect | Timeout::Resolve) => Setback::Passing(format!(
                "no connection within {}",
                seconds(self.time_outs.connect)
            )),
            Error::Timeout(_) => Setback::Passing(format!(
                "not complete after {}",
                seconds(self.time_outs.total)
            )),
            Error::HostNotFound => Setback::Passing("no such host, or no network".into()),
            // An invalid certificate: trying again does not help.
            Error::Io(error) if error.kind() == ErrorKind::InvalidData => {
                Setback::Lasting(error.to_string())
            }
            Error::Io(error) => Setback::Passing(error.to_string()),
            Error::Protocol(_) | Error::ConnectProxyFailed(_) | Error::ConnectionFailed => {
                Setback::Passing(error.to_string())
            }
            error => Setback::Lasting(error.to_string()),
        }
    }
}

fn refusal(status: StatusCode) -> Setback {
    let text = format!("the server answers {status}");
    let passing = [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_EARLY,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    if status.is_server_error() || passing.contains(&status) {
        Setback::Passing(text)
    } else {
        Setback::Lasting(text)
    }
}

/// The first byte of `Content-Range: bytes 7-99/100`.
fn range_start(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (start, _) = range.strip_prefix("bytes ")?.split_once('-')?;
    start.trim().parse().ok()
}
