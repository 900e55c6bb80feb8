// The verdicts of jose, jsonwebtoken and fast-jwt on the token cases: node judge.js CASES
import { readFileSync } from "node:fs";
import { createVerifier, TokenError } from "fast-jwt";
import { errors, jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";

const algorithms = ["HS256"];

const contenders = {
  jsonwebtoken: {
    own: jsonwebtoken.JsonWebTokenError,
    verify({ token, key, now, leeway }) {
      const payload = jsonwebtoken.verify(token, key, { algorithms, clockTimestamp: now, clockTolerance: leeway });
      // It can't be told which claims have to be there: the caller looks.
      return payload.exp === undefined ? {} : payload;
    },
  },
  jose: {
    own: errors.JOSEError,
    latest: 8_640_000_000_000, // a Date's
    async verify({ token, key, now, leeway }) {
      const times = { currentDate: new Date(now * 1000), clockTolerance: leeway };
      const { payload } = await jwtVerify(token, key, { algorithms, requiredClaims: ["exp"], ...times });
      return payload;
    },
  },
  "fast-jwt": {
    own: TokenError,
    verify({ token, key, now, leeway }) {
      const times = { clockTimestamp: now * 1000, clockTolerance: leeway * 1000 };
      return createVerifier({ key, algorithms, requiredClaims: ["exp"], ...times })(token);
    },
  },
};

async function verdict({ own, latest, verify }, given) {
  if (given.now > latest) return "no clock";
  try {
    const payload = await verify({ ...given, key: Buffer.from(given.key_b64, "base64") });
    return payload.type === given.expected_type ? "accepts" : "refuses";
  } catch (error) {
    return error instanceof own ? "refuses" : "breaks";
  }
}

const { cases } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const board = [];
for (const [name, contender] of Object.entries(contenders)) {
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8"));
  const verdicts = {};
  for (const given of cases) verdicts[given.id] = await verdict(contender, given);
  board.push({ name: `${name} (npm)`, version, verdicts });
}
console.log(JSON.stringify(board));
