//! Turns the cases into Rust, because reading JSON takes Miri longer than all the cases do.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use base64ct::{Base64, Encoding};
use serde_json::Value;

fn main() {
    let cases = "../../vectors/token_cases.json";
    println!("cargo::rerun-if-changed={cases}");
    let cases: Value = serde_json::from_slice(&fs::read(cases).unwrap()).unwrap();
    let mut source = String::from("pub const CASES: &[Case] = &[\n");
    for case in cases["cases"].as_array().unwrap() {
        let text = |name: &str| case[name].as_str().unwrap();
        let resource = case["resource"].as_bool().unwrap();
        let accepted = text("expect") == "accept";
        writeln!(
            source,
            "Case {{ id: {:?}, token: {:?}, secret: &{:?}, now: {}, leeway: {}, refresh: {}, accepted: {:?} }},",
            text("id"),
            text("token"),
            Base64::decode_vec(text("key_b64")).unwrap(),
            case["now"],
            case["leeway"],
            text("expected_type") == "refresh",
            // Of a `resource` case only a crash or a hang is a failure.
            (!resource).then_some(accepted),
        )
        .unwrap();
    }
    source.push_str("];\n");
    let out: PathBuf = env::var_os("OUT_DIR").unwrap().into();
    fs::write(out.join("cases.rs"), source).unwrap();
}
