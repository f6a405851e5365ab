import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const FOLDER = fileURLToPath(new URL("./student/pwa/", import.meta.url));
/** What reads PDFs is large, and of no use without the network that brings them. */
const LEFT_OUT = /\/(?:pdf|page_text)/;
const KEPT = /\.(?:js|css|woff2)$/;
/** What is no chunk, and needed all the same. */
const MORE = ["/icon.svg", "/theme.js", "/manifest.webmanifest"];

/** The manifest, the icons, and the worker that keeps the app's files: it is told their names here. */
export function installable(): Plugin {
  return {
    name: "installable",
    apply: "build",
    transformIndexHtml: () => [
      { tag: "link", attrs: { rel: "manifest", href: "/manifest.webmanifest" }, injectTo: "head" },
      {
        tag: "link",
        attrs: { rel: "apple-touch-icon", href: "/icons/apple-touch-icon.png" },
        injectTo: "head",
      },
    ],
    // After all others have put their files.
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const files = Object.keys(bundle)
          .map((name) => `/${name}`)
          .filter((name) => name.startsWith("/assets/") && KEPT.test(name) && !LEFT_OUT.test(name))
          .sort();
        const list = JSON.stringify([...MORE, ...files]);
        const source = readFileSync(`${FOLDER}sw.js`, "utf8").replace('["__FILES__"]', list);
        this.emitFile({ type: "asset", fileName: "sw.js", source });
        this.emitFile({
          type: "asset",
          fileName: "manifest.webmanifest",
          source: readFileSync(`${FOLDER}manifest.webmanifest`),
        });
        for (const name of readdirSync(`${FOLDER}icons`))
          this.emitFile({
            type: "asset",
            fileName: `icons/${name}`,
            source: readFileSync(`${FOLDER}icons/${name}`),
          });
      },
    },
  };
}
