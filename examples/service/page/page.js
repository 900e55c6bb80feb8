"use strict";

const find = (id) => document.getElementById(id);

// The tokens of a session that is kept in the page's memory; with cookies these stay null, and the browser has them.
let tokens = { access: null, refresh: null };
let oldRefresh = null;
// When the tokens were got and how long they live, in milliseconds.
let lives = null;
let revoked = false;

const cookie = (name) => document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);

// Sends a request, and writes into the log what came of it.
async function call(what, method, path, { token, csrf, body } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  else if (csrf && cookie(csrf)) headers["X-CSRF-TOKEN"] = cookie(csrf);
  if (body) headers["Content-Type"] = "application/json";
  let status = "no answer", answer = null;
  try {
    const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    status = response.status;
    const text = await response.text();
    answer = text ? JSON.parse(text) : {};
  } catch (error) {
    answer = { error: error.message };
  }
  note(what, status, answer);
  if (answer.error === "revoked_token") {
    revoked = true;
    show();
  }
  return status >= 200 && status < 300 ? answer : null;
}

function note(what, status, answer) {
  const { access_token, refresh_token, ...shown } = answer;
  const item = document.createElement("li");
  item.className = status >= 200 && status < 300 ? "good" : "bad";
  const code = document.createElement("span");
  code.className = "status";
  code.textContent = status;
  const details = Object.entries(shown).map(([name, value]) => `${name}: ${value}`).join(", ");
  item.append(`${what}: `, code, details && ` ${details}`);
  find("log").prepend(item);
}

function take(answer) {
  const now = Date.now();
  revoked = false;
  tokens = { access: answer.access_token ?? null, refresh: answer.refresh_token ?? null };
  lives = {
    access: { from: now, length: answer.expires_in * 1000 },
    refresh: { from: now, length: answer.refresh_expires_in * 1000 },
  };
  show();
}

function forget() {
  tokens = { access: null, refresh: null };
  oldRefresh = lives = null;
  revoked = false;
  show();
}

function show() {
  for (const name of ["access", "refresh"]) {
    const life = lives?.[name];
    const left = life && !revoked ? Math.max(0, life.from + life.length - Date.now()) : 0;
    find(name).value = life ? left / life.length : 0;
    const secs = Math.ceil(left / 1000);
    const text = `${Math.floor(secs / 60)} min ${String(secs % 60).padStart(2, "0")} s left`;
    find(`${name}-left`).textContent = left > 0 ? text : revoked ? "revoked" : life ? "expired" : "none";
  }
  find("readable").textContent = document.cookie || "nothing";
  find("replay").disabled = !oldRefresh;
}

find("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { user, password, keep } = Object.fromEntries(new FormData(event.target));
  const body = { user, password, cookies: keep === "cookies" };
  const answer = await call("Log in", "POST", "/login", { body });
  if (!answer) return;
  oldRefresh = null;
  take(answer);
});

find("me").addEventListener("click", () => call("Who am I?", "GET", "/me", { token: tokens.access }));

find("transfer").addEventListener("click", () => call("Transfer", "POST", "/transfer", {
  token: tokens.access,
  csrf: "csrf_access_token",
  body: { to: "bob", amount: 10 },
}));

find("exchange").addEventListener("click", async () => {
  const used = tokens.refresh;
  const answer = await call("Refresh", "POST", "/refresh", { token: used, csrf: "csrf_refresh_token" });
  if (!answer) return;
  oldRefresh = used;
  take(answer);
});

find("replay").addEventListener("click", async () => {
  await call("Replay the old refresh token", "POST", "/refresh", { token: oldRefresh });
  await call("Refresh with the new one", "POST", "/refresh", { token: tokens.refresh });
  await call("Who am I?", "GET", "/me", { token: tokens.access });
});

find("logout").addEventListener("click", async () => {
  if (await call("Log out", "POST", "/logout", { token: tokens.refresh, csrf: "csrf_refresh_token" })) forget();
});

find("everywhere").addEventListener("click", async () => {
  if (await call("Log out everywhere", "POST", "/logout-everywhere", { token: tokens.access, csrf: "csrf_access_token" })) forget();
});

setInterval(show, 250);
show();
