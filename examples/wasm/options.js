// What a caller passes, checked before anything of it reaches the module.

// Half a surrogate pair has no UTF-8: encoding it would turn different texts into the same.
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Refuses options that would be passed over: an expectation that is set must be met. */
export function checkNames(options, names) {
  if (typeof options !== "object" || options === null) throw new TypeError("options must be an object");
  for (const name in options) {
    if (!names.has(name)) throw new TypeError(`there is no option ${name}`);
    if (options[name] === undefined) throw new TypeError(`${name} is undefined; an option that is not wanted is left out`);
  }
}

export function checkText(name, value) {
  if (typeof value !== "string") throw new TypeError(`${name} must be a string`);
  if (LONE_SURROGATE.test(value)) throw new TypeError(`${name} has half a surrogate pair`);
}

export function checkOptionalText(name, value) {
  if (value !== undefined) checkText(name, value);
}

export function checkSeconds(name, value) {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number`);
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`${name} must be whole seconds, not negative`);
}

export function checkOptionalSeconds(name, value) {
  if (value !== undefined) checkSeconds(name, value);
}

/** The bit of an option that is true. */
export function flag(name, value, bit) {
  if (value === undefined) return 0;
  if (typeof value !== "boolean") throw new TypeError(`${name} must be a boolean`);
  return value ? bit : 0;
}
