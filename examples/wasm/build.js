// Builds the modules into wasm/: cargo, then wasm-opt. With --bench, also those that `npm run bench` measures.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const TARGET = "wasm32-unknown-unknown";

// sha2 has a backend for SIMD. The other build is a fallback, and takes the smaller of sha2's two others.
const FLAVOURS = {
  simd: ["-C", "target-feature=+simd128"],
  compact: ["--cfg", 'sha2_backend_soft="compact"'],
};

const here = import.meta.dirname;
const wasmOpt = join(dirname(createRequire(import.meta.url).resolve("binaryen/package.json")), "bin", "wasm-opt");

function run(command, args, env) {
  const { status, error, stdout } = spawnSync(command, args, {
    cwd: here,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(" ")}: exit status ${status}`);
  return stdout;
}

/** Compiles the crate, and tells where the module is. */
function compile(features, flags) {
  // 32 KiB of stack are fifteen times what a call takes. It ends at address 0: to overflow it is a trap.
  const all = [...flags, "-C", "link-arg=-zstack-size=32768"];
  const args = ["build", "--release", "--locked", "--quiet", "--target", TARGET, "--features", features];
  const messages = run("cargo", [...args, "--message-format=json-render-diagnostics"], { CARGO_ENCODED_RUSTFLAGS: all.join("\x1f") });
  const artifacts = messages.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return artifacts.findLast((message) => message.target?.name === "jotlet_wasm").filenames[0];
}

/**
 * No function that panics may be linked: the names that wasm-opt is about to strip tell. Where there is no SIMD, that is: sha2's
 * backend for SIMD has a look-up whose bounds check the compiler does not see through. The rest of the code is the same.
 */
function linkedPanic(module) {
  const sections = WebAssembly.Module.customSections(module, "name");
  const names = sections.map((section) => new TextDecoder().decode(section)).join();
  if (!names.includes("jotlet")) throw new Error("the module has no names, so what is linked can't be told");
  return names.match(/\w*(panicking|_fail|expect_failed|unwrap_failed)\w*/)?.[0];
}

function build(features, flavour, output) {
  const file = compile(features, FLAVOURS[flavour]);
  const panic = flavour === "compact" && linkedPanic(new WebAssembly.Module(readFileSync(file)));
  if (panic) throw new Error(`the module links ${panic}`);
  mkdirSync(dirname(output), { recursive: true });
  run(process.execPath, [wasmOpt, "-Oz", "--strip-debug", "--strip-producers", "--strip-target-features", file, "-o", output]);
}

run("rustup", ["target", "add", TARGET]);
rmSync(join(here, "wasm"), { recursive: true, force: true });
for (const flavour of Object.keys(FLAVOURS)) {
  build("", flavour, join(here, "wasm", `verify.${flavour}.wasm`));
  build("issue", flavour, join(here, "wasm", `full.${flavour}.wasm`));
  if (process.argv.includes("--bench")) build("issue,bench", flavour, join(here, "bench/wasm", `${flavour}.wasm`));
}
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  copyFileSync(join(here, "../..", licence), join(here, "wasm", licence));
}
