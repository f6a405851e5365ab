import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["{client,ui,student,admin}/src/**/*.test.ts"] } });
