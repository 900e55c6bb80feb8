//! What the figures were made on.

use std::fs;

use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// As the processor calls itself.
    pub cpu: String,
    /// Whether it has instructions for SHA-256.
    pub sha: bool,
    /// Logical processors.
    pub cpus: usize,
    pub target: String,
    pub rustc: String,
}

impl Machine {
    pub fn this() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let field = |name: &str| {
            let line = info.lines().find(|line| line.starts_with(name));
            line.and_then(|line| Some(line.split_once(':')?.1.trim()))
        };
        let flags = field("flags").or(field("Features")).unwrap_or_default();
        Self {
            cpu: field("model name").unwrap_or("not told").to_owned(),
            sha: flags
                .split(' ')
                .any(|flag| matches!(flag, "sha_ni" | "sha2")),
            cpus: std::thread::available_parallelism().map_or(0, usize::from),
            target: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
            rustc: env!("RUSTC_VERSION").to_owned(),
        }
    }

    pub fn line(&self) -> String {
        let Self {
            cpu,
            cpus,
            target,
            rustc,
            ..
        } = self;
        let sha = if self.sha { "with" } else { "without" };
        format!("{cpu} ({cpus} CPUs, {sha} SHA instructions), {target}, {rustc}")
    }
}

/// The profile that cargo built this program with: the folder that it lies in.
pub fn profile() -> String {
    let program = std::env::current_exe().expect("a program knows where it is");
    let folder = program.parent().and_then(|folder| folder.file_name());
    folder
        .expect("it lies in a folder")
        .to_string_lossy()
        .into_owned()
}
