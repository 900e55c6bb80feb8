// What the page shows, and when. Every verdict, and every band of the timeline, is the module's: the page has no rules.
import { JotletError, load } from "../jotlet.js";
import { MEANINGS, TIMES, clamp, decode, instant, life, span } from "./token.js";

const PHASES = {
  not_yet_valid: ["early", "Not yet valid"],
  issued_in_future: ["early", "Not yet valid"],
  expired: ["late", "Expired"],
};
const JUMPS = { iat: "Issued", nbf: "Valid from", fresh: "Fresh until", exp: "Expires" };

const element = (id) => document.getElementById(id);
const [slider, secret, token] = [element("now"), element("secret"), element("token")];
const clock = () => Math.floor(Date.now() / 1000);

const jotlet = await load();
let key;
let keyRefused = "";
let times;

/** What is shown for the token at a time. It does not name that time, so that it is announced only when it changes. */
function verdictAt(now) {
  const text = token.value.trim();
  if (text === "") return { phase: "none", word: "No token", why: "issue one or paste one" };
  if (!key) return { phase: "refused", word: "No key", why: keyRefused };
  const type = document.querySelector("input[name=type]:checked").value;
  try {
    const claims = key.verify(text, { now, type, requireFresh: element("require-fresh").checked });
    return claims.fresh
      ? { phase: "fresh", word: "Fresh", why: "valid, and the claim fresh holds" }
      : { phase: "valid", word: "Valid", why: "not before nbf and iat, and before exp (RFC 7519 4.1.4 to 4.1.6)" };
  } catch (error) {
    const [phase, word] = PHASES[error.rule] ?? ["refused", "Refused"];
    return { phase, word, rule: error.rule, why: told(error) };
  }
}

function told(error) {
  if (!(error instanceof JotletError)) throw error;
  return error.message.replace(/, now is \d+/, "").replace(/\b\d{9,}\b/g, (seconds) => instant(Number(seconds)));
}

function show(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}

function showTime() {
  const now = Number(slider.value);
  const { phase, word, rule = "", why } = verdictAt(now);
  element("verdict").dataset.phase = phase;
  show("verdict-word", word);
  show("verdict-rule", rule);
  show("verdict-why", why);
  slider.setAttribute("aria-valuetext", `${instant(now)}, ${word}`);
  show("time-absolute", instant(now));
  element("time-absolute").dateTime = new Date(now * 1000).toISOString();
  show("trust", phase === "refused" ? "Refused: nothing of this is to be trusted." : "");
  const [nearest] = [...times.moments].sort((one, other) => Math.abs(one.at - now) - Math.abs(other.at - now));
  show("time-relative", nearest ? distance(nearest.name, now - nearest.at) : "");
}

function distance(name, seconds) {
  if (seconds === 0) return `= ${name}`;
  return `= ${name} ${seconds < 0 ? "−" : "+"} ${span(Math.abs(seconds))}`;
}

/** The timeline of another token, key or expectation. The clock stays where it is, if the timeline has that time. */
function showLife() {
  const { header, payload } = decode(token.value.trim());
  times = life(payload, clock());
  const { start, end, moments } = times;
  const now = clamp(Number(slider.value), start, end);
  [slider.min, slider.max, slider.value] = [start, end, now];

  const bands = [];
  for (const at of [start, ...moments.map((moment) => moment.at)]) {
    const { phase, word } = verdictAt(at);
    if (bands.at(-1)?.word !== word) bands.push({ at, phase, word });
  }
  const widths = bands.map(({ at }, index) => (bands[index + 1]?.at ?? end) - at);
  element("bands").replaceChildren(
    ...bands.map(({ phase, word }, index) => {
      const band = create("div", word);
      band.className = "band";
      band.dataset.phase = phase;
      band.style.flexGrow = widths[index];
      band.style.flexBasis = 0;
      return band;
    }),
  );
  element("jumps").replaceChildren(
    ...moments.flatMap(({ name, at }) => {
      const button = create("button", JUMPS[name]);
      button.type = "button";
      button.addEventListener("click", () => setClock(at));
      return button;
    }),
  );
  showTable("header-table", header);
  showTable("claims-table", payload);
  showTime();
}

function setClock(now) {
  slider.value = now;
  showTime();
}

function create(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function showTable(id, members) {
  const rows = Object.entries(members ?? {}).map(([name, value]) => {
    const row = document.createElement("tr");
    const heading = create("th", name);
    heading.scope = "row";
    const cell = document.createElement("td");
    cell.append(create("code", JSON.stringify(value)));
    const time = TIMES.includes(name) && Number.isFinite(value) ? instant(value) : "";
    const meaning = time && name === "fresh" ? `fresh until: ${time}` : [MEANINGS[name], time].filter(Boolean).join(": ");
    if (meaning) cell.append(create("span", meaning));
    row.append(heading, cell);
    return row;
  });
  if (!members) rows.push(create("tr", "Can't be read."));
  element(id).replaceChildren(...rows);
}

function setSecret() {
  key?.free();
  try {
    [key, keyRefused] = [jotlet.key(secret.value), ""];
  } catch (error) {
    [key, keyRefused] = [undefined, told(error)];
  }
}

/** The number in a field, `undefined` where it is empty. */
function number(id) {
  return element(id).value === "" ? undefined : element(id).valueAsNumber;
}

function issue(type) {
  const now = clock();
  const options = { now, id: crypto.randomUUID(), notBefore: now + (number("delay") ?? 0) };
  if (number("lifetime") !== undefined) options.lifetime = number("lifetime");
  try {
    if (!key) throw new TypeError(keyRefused);
    const fresh = number("fresh") ?? 0;
    token.value =
      type === "access"
        ? key.issueAccess(element("subject").value, { ...options, fresh: fresh > 0 && options.notBefore + fresh })
        : key.issueRefresh(element("subject").value, options);
    show("issue-error", "");
  } catch (error) {
    show("issue-error", error.message);
    return;
  }
  document.querySelector(`input[name=type][value=${type}]`).checked = true;
  slider.value = now;
  showLife();
  setClock(options.notBefore);
}

secret.value = "a shared secret of at least 32 bytes";
[element("subject").value, element("delay").value, element("fresh").value] = ["alice", "120", "300"];
setSecret();
issue("access");

slider.addEventListener("input", showTime);
token.addEventListener("input", showLife);
secret.addEventListener("input", () => {
  setSecret();
  showLife();
});
for (const input of document.querySelectorAll("input[name=type], #require-fresh")) input.addEventListener("change", showLife);
element("issue-access").addEventListener("click", () => issue("access"));
element("issue-refresh").addEventListener("click", () => issue("refresh"));
element("show-secret").addEventListener("click", (event) => {
  const shown = secret.type === "password";
  secret.type = shown ? "text" : "password";
  event.target.setAttribute("aria-pressed", String(shown));
});
