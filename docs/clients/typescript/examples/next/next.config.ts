import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

// The client is a link to the folder above: the bundler must look from there. Not needed once it comes from a registry.
const root = fileURLToPath(new URL("../..", import.meta.url));

const config: NextConfig = { turbopack: { root }, outputFileTracingRoot: root };
export default config;
