import { defineCollection } from "astro:content";
import { masthead } from "./masthead";

const articles = defineCollection({
  loader: masthead({ baseUrl: process.env.MASTHEAD_URL ?? "http://127.0.0.1:8080" }),
});

export const collections = { articles };
