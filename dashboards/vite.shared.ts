import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin, UserConfig } from "vite";
import { messages } from "./vite.messages.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where `npm run dev` finds the API. */
const API = process.env.MEDAI_API ?? "http://localhost:8000";

/** KaTeX brings each font thrice; every browser that runs this takes the first. */
const onlyWoff2: Plugin = {
  name: "only-woff2",
  enforce: "pre",
  transform(code, id) {
    if (!id.includes("katex") || !id.split("?")[0]?.endsWith(".css")) return null;
    return code.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\("[^"]*"\)/g, "");
  },
};

/** What the two apps' builds have in common. The Content-Security-Policy allows files of ours and nothing inline. */
export function app(name: "student" | "admin", base: string): UserConfig {
  return {
    base,
    root: here(`./${name}`),
    publicDir: here("./ui/public"),
    plugins: [messages, react(), tailwindcss(), onlyWoff2],
    resolve: {
      // It writes <style> elements, which the policy forbids.
      alias: {
        "react-remove-scroll": here("./ui/src/csp/remove-scroll.tsx"),
      },
      dedupe: ["react", "react-dom"],
    },
    build: {
      outDir: here(`./dist/${name}`),
      emptyOutDir: true,
      // Data URLs would need exceptions in the policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
    server: { proxy: { "/api": { target: API } } },
  };
}
