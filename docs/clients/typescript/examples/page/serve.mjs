// Serves the page, the built client and openapi-fetch, and nothing else. Any server of files will do instead.
//
//     MASTHEAD_URL=http://127.0.0.1:8080 node examples/page/serve.mjs

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const root = new URL("../../", import.meta.url);
const page = "/examples/page/";
const served = /^\/(examples\/page\/(index\.html|page\.js|style\.css)|dist\/\w+\.js|node_modules\/openapi-fetch\/dist\/index\.mjs)$/;
const kinds = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript" };
const masthead = (process.env.MASTHEAD_URL ?? "http://127.0.0.1:8080").replaceAll('"', "&quot;");

const server = createServer(async (request, answer) => {
  const path = request.url.replace(/\?.*/, "").replace(/\/$/, "/index.html");
  if (path === "/index.html") return answer.writeHead(302, { Location: page }).end();
  if (!served.test(path)) return answer.writeHead(404).end();
  let file = await readFile(new URL(`.${path}`, root)).catch(() => null);
  if (!file) return answer.writeHead(404).end(`${path} is not there: run npm ci in the folder of the client.`);
  if (path.endsWith(".html")) file = file.toString().replace('content="http://127.0.0.1:8080"', () => `content="${masthead}"`);
  answer.writeHead(200, { "Content-Type": `${kinds[extname(path)]}; charset=utf-8`, "Cache-Control": "no-cache" }).end(file);
});

server.listen(Number(process.env.PORT ?? 4173), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}${page}`);
});
