import { lingui } from "@lingui/vite-plugin";
import { defineConfig, mergeConfig } from "vite";
import { pdfjsFiles } from "../vite.pdfjs.ts";
import { app } from "../vite.shared.ts";

export default defineConfig(
  mergeConfig(app("student", "/"), {
    plugins: [pdfjsFiles(), lingui({ configPath: "../lingui.config.ts", failOnCompileError: true })],
  }),
);
