import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const require = createRequire(new URL("./student/", import.meta.url));
const FOLDERS = ["cmaps", "standard_fonts", "wasm"];

/**
 * What pdf.js reads as it needs it: maps of Asian encodings, the fonts that every PDF may use without bringing them, and
 * decoders. They lie beside the app under `assets/pdfjs-VERSION/`, since nothing is loaded from other hosts.
 */
export function pdfjsFiles(): Plugin {
  const manifest = require.resolve("pdfjs-dist/package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  const base = `assets/pdfjs-${version}`;
  const read = (path: string) => readFileSync(join(dirname(manifest), path));
  return {
    name: "pdfjs-files",
    config: () => ({ define: { PDFJS_FILES: JSON.stringify(`/${base}/`) } }),
    generateBundle() {
      for (const folder of FOLDERS) {
        for (const name of readdirSync(join(dirname(manifest), folder))) {
          // The policy allows no WebAssembly, and each decoder is there without it too.
          if (name.endsWith(".wasm") || name.startsWith("LICENSE")) continue;
          this.emitFile({
            type: "asset",
            fileName: `${base}/${folder}/${name}`,
            source: read(`${folder}/${name}`),
          });
        }
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = request.url?.split(`/${base}/`)[1];
        if (!path || path.includes("..")) return next();
        response.end(read(path));
      });
    },
  };
}
