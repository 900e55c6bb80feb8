//! The process of `peer.py`, and how it is asked.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

pub(crate) const SECRET: &str = "the secret that Flask and jotlet share";

/// A server and a browser in Python, which end with their standard input.
pub(crate) struct Peer {
    _process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    pub(crate) fn start() -> Self {
        let python = std::env::var("JOTLET_PEER_PYTHON");
        let mut process = Command::new(python.expect("run by `bash tests/transport_peers/run`"))
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/transport_peers/peer.py"
            ))
            .arg(SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        Self {
            _process: process,
            input,
            output,
        }
    }

    fn call(&mut self, arguments: &Value) -> Value {
        writeln!(self.input, "{arguments}").unwrap();
        let line = self.output.next().expect("the peer has ended").unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// All values of a cookie, or `None` where werkzeug can't read the header.
    pub(crate) fn cookie(&mut self, header: &[u8], name: &str) -> Option<Vec<String>> {
        let header = latin1(header);
        let answer = self.call(&json!({ "call": "cookie", "header": header, "name": name }));
        serde_json::from_value(answer).unwrap()
    }

    /// The token, or `None` where flask-jwt-extended refuses the header.
    pub(crate) fn bearer(&mut self, header: &[u8]) -> Option<String> {
        let answer = self.call(&json!({ "call": "bearer", "header": latin1(header) }));
        serde_json::from_value(answer).unwrap()
    }

    /// The browser gets these headers; what it has then, by name.
    pub(crate) fn store(&mut self, set_cookies: &[String]) -> Value {
        self.call(&json!({ "call": "store", "set_cookies": set_cookies }))
    }

    /// The browser sends a request to the app.
    pub(crate) fn visit(&mut self, method: &str, url: &str, csrf: Option<&str>) -> Value {
        let headers = csrf.map_or(json!({}), |csrf| json!({ "X-CSRF-TOKEN": csrf }));
        self.call(&json!({ "call": "visit", "method": method, "url": url, "headers": headers }))
    }
}

/// As WSGI hands a header to Python.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}
