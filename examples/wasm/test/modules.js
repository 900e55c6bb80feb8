// The four modules of the package, each loaded by itself.
import { readFile } from "node:fs/promises";
import { load } from "../jotlet.js";

export const MODULES = ["full.simd", "full.compact", "verify.simd", "verify.compact"];

export async function bytesOf(name) {
  return readFile(new URL(`../wasm/${name}.wasm`, import.meta.url));
}

export async function loadModule(name) {
  return load({ module: await WebAssembly.compile(await bytesOf(name)) });
}

export const SECRET = "a shared secret of at least 32 bytes";
export const NOW = 1767225600;

/** What `call` throws. */
export function thrownBy(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
