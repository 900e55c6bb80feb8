//! The module map of DESIGN.md is that of the code, and nothing in it looks up.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Uses = BTreeSet<String>;

/// The rows `module -> what it uses` of the map, from the top down.
fn rows_of_the_map() -> Vec<(String, Uses)> {
    let design = fs::read_to_string(root().join("DESIGN.md")).unwrap();
    let (_, map) = design.split_once("```text modules\n").expect("a map");
    let (map, _) = map.split_once("```").unwrap();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    map.lines()
        .map(|row| {
            let (module, uses) = row.split_once("->").unwrap_or((row, ""));
            (module.trim().to_owned(), words(uses))
        })
        .collect()
}

/// What `crate::` leads to in the files of each module, but for `lib.rs`.
fn uses_in_the_code() -> BTreeMap<String, Uses> {
    let mut found = BTreeMap::<String, Uses>::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let module = module_of(&path);
            let uses = found.entry(module.clone()).or_default();
            let text = fs::read_to_string(&path).unwrap();
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            for path in code.flat_map(|line| line.split("crate::").skip(1)) {
                let end = path.find(|c: char| !c.is_alphanumeric() && c != '_');
                let name = path.split_at(end.unwrap_or(path.len())).0;
                if name != module {
                    uses.insert(name.to_owned());
                }
            }
        }
    }
    found.remove("lib");
    found
}

fn module_of(path: &Path) -> String {
    let path = path.strip_prefix(root().join("src")).unwrap();
    let first: PathBuf = path.components().take(1).collect();
    first.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_map_is_true() {
    let map: BTreeMap<_, _> = rows_of_the_map().into_iter().collect();
    assert_eq!(map, uses_in_the_code());
}

#[test]
fn nothing_looks_up() {
    let mut below: Uses = rows_of_the_map().into_iter().map(|row| row.0).collect();
    for (module, uses) in rows_of_the_map() {
        below.remove(&module);
        let up: Vec<_> = uses.difference(&below).collect();
        assert!(up.is_empty(), "{module} looks up to {up:?}");
    }
}
