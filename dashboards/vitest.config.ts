import { lingui } from "@lingui/vite-plugin";
import { defineConfig } from "vitest/config";
import { messages } from "./vite.messages.ts";

export default defineConfig({
  plugins: [messages, lingui()],
  test: { include: ["{client,ui,student,admin}/src/**/*.test.ts"], setupFiles: ["ui/src/language.ts"] },
});
