import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { may, type Permission } from "./permissions.ts";

const RUST = fileURLToPath(new URL("../../../../api/src/permissions.rs", import.meta.url));
const ROLES = ["super_admin", "admin", "ops", "support", "viewer"] as const;

test("the table is the API's", () => {
  const rows = [...readFileSync(RUST, "utf8").matchAll(/^ {4}(\w+): +([\w |]+);$/gm)];
  expect(rows.length).toBeGreaterThan(10);
  for (const [, name, roles] of rows) {
    const theirs = (roles ?? "").split("|").map((role) =>
      role
        .trim()
        .replace(/(?<!^)([A-Z])/g, "_$1")
        .toLowerCase(),
    );
    const ours = ROLES.filter((role) => may(role, name as Permission));
    expect([...ours].sort(), name).toEqual(theirs.sort());
  }
});

test("a student may do nothing here", () => {
  expect(may(null, "ViewFeatures")).toBe(false);
  expect(may(undefined, "ViewFeatures")).toBe(false);
});
