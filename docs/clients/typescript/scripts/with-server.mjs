// Runs a command while a Masthead server with demonstration content runs: builds it from this checkout (or takes the
// program named by MASTHEAD_BIN), gives it a free port and a folder of its own, and tells the command by
// MASTHEAD_URL, MASTHEAD_EMAIL and MASTHEAD_PASSWORD.
//
//     node scripts/with-server.mjs node --test build/

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "masthead-client-"));
const email = "desk@example.org";
const password = "walrus-Ticking-pebble-47-orchard";

function program() {
  if (process.env.MASTHEAD_BIN) return process.env.MASTHEAD_BIN;
  const made = join(folder, process.platform === "win32" ? "masthead.exe" : "masthead");
  execFileSync("go", ["build", "-o", made, "./cmd/masthead"], {
    cwd: checkout, stdio: "inherit", env: { ...process.env, CGO_ENABLED: "0" },
  });
  return made;
}

/** Starts the server and gives the address it prints. */
async function start(masthead, data) {
  const server = spawn(masthead, ["serve", "--demo", "--data", data, "--addr", "127.0.0.1:0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = [];
  for await (const line of createInterface({ input: server.stderr })) {
    said.push(line);
    const url = /answers at (\S+)/.exec(line)?.[1];
    if (!url) continue;
    server.stderr.resume();
    return { server, url };
  }
  throw new Error(`the server did not start:\n${said.join("\n")}`);
}

let code = 1;
let server;
try {
  const masthead = program();
  const data = join(folder, "data");
  execFileSync(masthead, ["user", "create", "--data", data, "--email", email, "--name", "Desk", "--role", "admin", "--password-stdin"], {
    input: password, stdio: ["pipe", "ignore", "inherit"],
  });
  const started = await start(masthead, data);
  server = started.server;
  const [command, ...args] = process.argv.slice(2);
  const run = spawn(command, args, {
    stdio: "inherit",
    env: { ...process.env, MASTHEAD_URL: started.url, MASTHEAD_EMAIL: email, MASTHEAD_PASSWORD: password },
  });
  [code] = await once(run, "exit");
} finally {
  if (server && server.exitCode === null) {
    server.kill();
    await once(server, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = code ?? 1;
