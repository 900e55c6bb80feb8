//! The service as a process of its own, Redis likewise, and a client that speaks HTTP to it.
#![allow(dead_code, reason = "each test uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    missing_docs
)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Method;
use serde_json::{Value, json};

pub const KEYS: &str = "first=0123456789abcdef0123456789abcdef";
pub const USERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/users.txt");

/// A process that ends with the test.
struct Process(Child);

impl Process {
    fn signal(&self, signal: &str) {
        let pid = self.0.id().to_string();
        let kill = Command::new("kill").args([signal, &pid]).status();
        assert!(kill.unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Reads the process's output up to a line with this text, and returns the line; then lets a thread read on, so that the pipe
/// never fills. `None` if the output ends before.
fn wait_for(stdout: ChildStdout, text: &str) -> Option<String> {
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let found = lines.find(|line| line.contains(text));
    std::thread::spawn(move || lines.for_each(drop));
    found
}

/// The service on a port of its own.
pub struct Server {
    process: Process,
    pub address: String,
}

impl Server {
    pub fn start(settings: &[(&str, &str)]) -> Self {
        Self::start_with_log(settings, Stdio::inherit())
    }

    pub fn start_with_log(settings: &[(&str, &str)], log: Stdio) -> Self {
        let mut command = command();
        command.stderr(log);
        command.envs(settings.iter().copied());
        if settings.iter().any(|(name, _)| *name == "JWT_KEYS_FILE") {
            command.env_remove("JWT_KEYS");
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let process = Process(child);
        let line = wait_for(stdout, "listening on http://").unwrap();
        let (_, address) = line.split_once("http://").unwrap();
        Self {
            process,
            address: address.to_owned(),
        }
    }

    pub fn client(&self) -> Client {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Client {
            http,
            base: format!("http://{}", self.address),
        }
    }

    pub fn hang_up(&self) {
        self.process.signal("-HUP");
    }
}

/// The program, with a key and a user (alice, with the password `correct horse`), on any port.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jotlet-service"));
    command
        .env_clear()
        .env("LISTEN", "127.0.0.1:0")
        .env("JWT_KEYS", KEYS)
        .env("USERS_FILE", USERS)
        .env("RUST_LOG", "off");
    command
}

/// A place for files.
pub fn scratch() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "{}-{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// A Redis that has written to the disk what it has acknowledged.
pub struct Redis {
    process: Option<Process>,
    port: u16,
    dir: PathBuf,
}

impl Redis {
    /// `None`, and it says so, if the machine has no Redis; with `CI=true` that fails.
    pub fn start() -> Option<Self> {
        if Command::new("redis-server")
            .arg("--version")
            .output()
            .is_err()
        {
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "redis-server is missing"
            );
            println!("SKIPPED: redis-server is missing");
            return None;
        }
        let dir = scratch();
        // Somebody else may take the port before Redis does: then another one.
        (0..8).find_map(|_| {
            let port = TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap()
                .port();
            let process = Some(Self::spawn(port, &dir)?);
            Some(Self {
                process,
                port,
                dir: dir.clone(),
            })
        })
    }

    fn spawn(port: u16, dir: &PathBuf) -> Option<Process> {
        let mut command = Command::new("redis-server");
        command.args([
            "--bind",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--save",
            "",
        ]);
        command
            .args(["--appendonly", "yes", "--appendfsync", "always", "--dir"])
            .arg(dir);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let process = Process(child);
        wait_for(stdout, "Ready to accept connections").map(|_| process)
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// It keeps its connections, and answers nothing.
    pub fn pause(&self) {
        self.process.as_ref().unwrap().signal("-STOP");
    }

    pub fn resume(&self) {
        self.process.as_ref().unwrap().signal("-CONT");
    }

    pub fn restart(&mut self) {
        self.process = Some(Self::spawn(self.port, &self.dir).unwrap());
    }

    /// What `redis-cli` answers.
    pub fn ask(&self, arguments: &[&str]) -> String {
        let port = self.port.to_string();
        let output = Command::new("redis-cli")
            .args(["-p", &port])
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.process = None;
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
}

/// A pair of tokens.
#[derive(Clone)]
pub struct Pair {
    pub access: String,
    pub refresh: String,
}

/// A status, 0 if there was no answer, and the body.
pub type Answer = (u16, Value);

impl Client {
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let Ok(response) = request.send().await else {
            return (0, Value::Null);
        };
        let status = response.status().as_u16();
        let text = response.text().await.unwrap_or_default();
        (
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        )
    }

    pub async fn with_token(&self, method: Method, path: &str, token: &str) -> Answer {
        let authorization = format!("Bearer {token}");
        self.send(method, path, &[("authorization", &authorization)], None)
            .await
    }

    pub async fn try_login(&self) -> Option<Pair> {
        let login = json!({ "user": "alice", "password": "correct horse" });
        let answer = self.send(Method::POST, "/login", &[], Some(login)).await;
        pair(&answer)
    }

    pub async fn login(&self) -> Pair {
        self.try_login().await.unwrap()
    }

    pub async fn me(&self, access: &str) -> u16 {
        self.with_token(Method::GET, "/me", access).await.0
    }

    pub async fn post(&self, path: &str, token: &str) -> u16 {
        self.with_token(Method::POST, path, token).await.0
    }

    /// The status, and the pair if there is one.
    pub async fn refresh(&self, refresh: &str) -> (u16, Option<Pair>) {
        let answer = self.with_token(Method::POST, "/refresh", refresh).await;
        (answer.0, pair(&answer))
    }
}

fn pair((status, body): &Answer) -> Option<Pair> {
    let token = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let pair = Pair {
        access: token("access_token")?,
        refresh: token("refresh_token")?,
    };
    (*status == 200).then_some(pair)
}
