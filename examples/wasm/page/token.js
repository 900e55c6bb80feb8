// A token as it is shown: decoded and not verified, which is the module's part.

/** What the registered claims and header parameters mean. */
export const MEANINGS = {
  alg: "algorithm",
  typ: "media type",
  kid: "key id",
  iss: "who issued it",
  sub: "whom it is about",
  aud: "whom it is for",
  exp: "expires at",
  nbf: "valid from",
  iat: "issued at",
  jti: "its own id",
  type: "what it is for",
  fresh: "stems from a login",
  csrf: "value that a request with a cookie repeats",
  sid: "session",
};

export const TIMES = ["iat", "nbf", "fresh", "exp"];

// The last second that a Date tells in four digits.
const LAST = 253402300799;

/** The header and the payload, each `undefined` where it can't be read. */
export function decode(token) {
  const [header, payload] = token.split(".").map((segment) => {
    try {
      const base64 = segment.replaceAll("-", "+").replaceAll("_", "/");
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
      return typeof value === "object" && value !== null ? value : undefined;
    } catch {
      return undefined;
    }
  });
  return { header, payload };
}

/** The stretch of time that the slider covers, and the moments in it at which the verdict may change, in order. */
export function life(payload = {}, now) {
  const moments = TIMES.filter((name) => Number.isFinite(payload[name]))
    .map((name) => ({ name, at: clamp(Math.ceil(payload[name]), 0, LAST) }))
    .sort((one, other) => one.at - other.at);
  const first = moments.at(0)?.at ?? now;
  const last = Math.max(moments.at(-1)?.at ?? now, first + 60);
  const margin = Math.ceil((last - first) / 3);
  return { start: clamp(first - margin, 0, LAST), end: clamp(last + margin, 0, LAST), moments };
}

export function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

export function instant(seconds) {
  return `${new Date(clamp(seconds, 0, LAST) * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** A span of time in its two largest units: `14 min 59 s`. */
export function span(seconds) {
  const units = [
    ["d", 86400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ];
  const parts = [];
  let rest = seconds;
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}
