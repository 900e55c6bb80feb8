//! The Flask app of `server.py`, and how it is asked.

use std::fmt::Display;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::{Value, json};

pub(crate) const KEY: &str = "the secret that Flask and jotlet share, é and all";

struct Server {
    port: u16,
    /// Holds the standard input that the server ends with.
    _process: Child,
}

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let python = std::env::var("JOTLET_FLASK_PYTHON").expect("run by `bash tests/flask/run`");
    let mut process = Command::new(python)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/flask/server.py"
        ))
        .arg(KEY)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    output.read_line(&mut port).unwrap();
    let port = port.trim().parse().expect("the server did not start");
    Server {
        port,
        _process: process,
    }
});

/// The Flask app at a time and with a configuration.
pub(crate) struct Flask {
    now: String,
    config: Value,
}

/// What Flask answered, a `msg` if it refused.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn refusal(status: u16, message: &str) -> Self {
        Self {
            status,
            body: json!({ "msg": message }),
        }
    }
}

impl Flask {
    pub(crate) fn at(now: impl Display) -> Self {
        Self {
            now: now.to_string(),
            config: json!({}),
        }
    }

    pub(crate) fn config(self, config: Value) -> Self {
        Self { config, ..self }
    }

    /// What `create_access_token` or `create_refresh_token` makes of these arguments: the token, and its claims as Python reads them.
    pub(crate) fn create(&self, kind: &str, arguments: &Value) -> Value {
        let headers = "Content-Type: application/json\r\n";
        let answer = self.send(
            &format!("POST /create/{kind}"),
            headers,
            &arguments.to_string(),
        );
        assert_eq!(answer.status, 200, "{arguments}");
        answer.body
    }

    /// What an endpoint answers to a bearer of the token.
    pub(crate) fn visit(&self, path: &str, token: &str) -> Answer {
        self.send(
            &format!("GET {path}"),
            &format!("Authorization: Bearer {token}\r\n"),
            "",
        )
    }

    pub(crate) fn send(&self, request: &str, headers: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", SERVER.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let (now, config, length) = (&self.now, &self.config, body.len());
        let request = format!(
            "{request} HTTP/1.0\r\n{headers}X-Now: {now}\r\nX-Config: {config}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = serde_json::from_str(body).unwrap_or_else(|_| panic!("not JSON: {response}"));
        Answer { status, body }
    }
}
