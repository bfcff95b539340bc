export { createClient } from "./client.js";
export type { Api, Based, CallOptions, MastheadClient, Options } from "./client.js";
export type { List } from "./list.js";
export { isProblem, ProblemError, unwrap } from "./problem.js";
export type { components, operations, paths } from "./schema.js";
export type { Patience, Send } from "./send.js";
export type { Token } from "./session.js";
export type * from "./types.js";
