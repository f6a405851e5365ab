import { lingui } from "@lingui/vite-plugin";
import { defineConfig, mergeConfig } from "vite";
import { installable } from "../vite.installable.ts";
import { pdfjsFiles } from "../vite.pdfjs.ts";
import { app } from "../vite.shared.ts";

export default defineConfig(
  mergeConfig(app("student", "/"), {
    plugins: [
      pdfjsFiles(),
      installable(),
      lingui({ configPath: "../lingui.config.ts", failOnCompileError: true }),
    ],
  }),
);
